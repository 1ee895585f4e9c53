"""Questions and answers that the pilots of the demonstration show to everybody, made up, by the way of all others:
sent, answered, let out by their writer, masked by a moderator, agreed to word for word.
"""

import contextlib
import datetime
import uuid
from dataclasses import dataclass
from typing import Final

from django.contrib.gis.geos import Point

from appeals import services
from appeals.access import as_staff
from appeals.drafts import Draft
from appeals.errors import LetterRefused
from geo.models import City, DistrictBoundary, House
from geo.moments import local_day
from people.models import Membership, User

MARK: Final = "Демонстрація. "
HOUR: Final = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its topic, so many days ago, and both texts."""

    category: str
    days_ago: int
    question: str
    answer: str


QUESTIONS: Final = {
    "ternopil": (
        Asked(
            "noise", 12,
            "У сусідньому будинку щовечора після десятої голосно грає музика. Куди телефонувати і що можна зробити?",
            "Якщо шумлять зараз, телефонуйте 102: приїде патруль. Я поговорив із мешканцями будинку; якщо повториться, "
            "напишіть ще раз, складемо протокол.",
        ),
        Asked(
            "traffic", 8,
            "Автівки щодня стоять на тротуарі біля школи, діти обходять їх проїжджою частиною.",
            "Разом з інспекторами з паркування був там двічі о восьмій ранку. Місту запропоновано поставити стовпчики.",
        ),
        Asked(
            "elderly", 5,
            "До мами прийшли двоє з «перевіркою лічильників» і просили гроші. Як перевірити, чи вони справжні?",
            "Не відчиняйте і нічого не платіть: спершу подзвоніть до компанії за номером із рахунку. Прийшли без "
            "виклику, просять гроші — телефонуйте 102.",
        ),
    ),
    "kyiv-holosiivskyi": (
        Asked(
            "street-trade", 10,
            "Біля входу до парку торгують з рук, сміття лишають на газоні. Хто за це відповідає?",
            "Провів рейд разом з інспекторами благоустрою, торгівлю припинено. Про нові випадки пишіть сюди.",
        ),
        Asked(
            "suspicious", 6,
            "У покинутій будівлі ввечері збираються підлітки, чути, як б’ють шибки.",
            "Оглянув будівлю, власника зобов’язали закрити вхід. Патруль заїжджає ввечері.",
        ),
    ),
}  # fmt: skip


def publish_demo_questions(city: City, *, now: datetime.datetime) -> int:
    """Publish the demonstration's questions of a pilot that were never sent; return how many.

    The same ones each time, at houses of the city. Where somebody changed the city so that one cannot be published any
    more, it is left out: a demonstration must start.
    """
    supervisor, moderator = (
        User.objects.filter(memberships__city=city, memberships__role=role).order_by("pk").first()
        for role in (Membership.Role.SUPERVISOR, Membership.Role.MODERATOR)
    )
    if supervisor is None or moderator is None or not services.letters_open_in(city):
        return 0
    keyed = [(f"demonstration-{city.slug}-{number}", one) for number, one in enumerate(QUESTIONS.get(city.slug, ()))]
    missing = [(key, one) for key, one in keyed if not services.was_sent(key)]
    if not missing:
        return 0
    done = 0
    for (key, one), place in zip(keyed, _places(city, len(keyed), now), strict=False):
        if (key, one) in missing:
            with contextlib.suppress(LetterRefused):
                _publish(city, one, place, key, supervisor, moderator, now)
                done += 1
    return done


def _publish(
    city: City, one: Asked, place: Point, key: str, supervisor: User, moderator: User, now: datetime.datetime
) -> None:
    at = now - datetime.timedelta(days=one.days_ago)
    draft = Draft(category=one.category, text=MARK + one.question, place=(place.x, place.y))
    sent = services.submit_appeal(city=city, draft=draft, idempotency_key=key, received_at=at)
    with as_staff(supervisor, on=local_day(at + HOUR)):
        answer_key = uuid.uuid5(uuid.NAMESPACE_URL, key)
        services.reply(appeal=sent.appeal, author=supervisor, body=MARK + one.answer, sent_at=at + HOUR, key=answer_key)
    services.allow_publishing(receipt=sent.receipt, at=at + 2 * HOUR)
    with as_staff(moderator):
        seen = services.suggested(sent.appeal, at=at + 3 * HOUR)
        version = services.offer_version(
            appeal=sent.appeal, by=moderator, question=seen.question, answer=seen.answer, answers=1, at=at + 3 * HOUR
        )
    services.agree_to_version(receipt=sent.receipt, number=version.number, at=at + 4 * HOUR)


def _places(city: City, number: int, now: datetime.datetime) -> list[Point]:
    """So many places of houses, each in the middle of another district: far from borders, homes all around."""
    borders = DistrictBoundary.objects.in_force_at(now).filter(edition__city=city).order_by("district__code")
    found = []
    for border in borders[:number]:
        middle = border.boundary.point_on_surface
        inside = House.objects.filter(street__city=city, location__coveredby=border.boundary).order_by("pk")
        nearest = min(inside.values_list("location", flat=True), key=middle.distance, default=middle)
        found.append(nearest)
    return found
