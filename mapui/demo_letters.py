"""Letters of the demonstration: a hundred days of a training city, so that lists, maps and releases have something to
show. Each begins with the word «Демонстрація» and tells of nobody.
"""

import datetime
import random
import uuid
from collections.abc import Callable, Sequence

from analysis.closing import close_due
from appeals import services
from appeals.access import as_staff
from appeals.drafts import Draft
from appeals.errors import LetterRefused
from appeals.models import Appeal, Category, Source
from geo.models import City, House
from geo.moments import KYIV
from people.models import Membership, User

TOPICS = {
    "noise": 30, "drinking-drugs": 18, "traffic": 14, "suspicious": 10, "domestic-violence": 9, "street-trade": 8,
    "elderly": 5, "other": 4, "discrimination": 2,
}  # fmt: skip
"""How many of a hundred letters are about it: made up, but for the wish that no topic is empty."""
EVENING = {"noise", "drinking-drugs", "suspicious", "domestic-violence"}
HOT_SPOTS = 6
TEXT = "Демонстрація. Це навчальний лист, вигаданий програмою: він ні про кого не розповідає."
ANSWER = "Демонстрація. Дякуємо, ми це перевірили."


class NothingToDraw(Exception):
    """The city has no supervisor or no known house; the message says which."""


def write_demo_letters(
    city: City,
    *,
    letters: int,
    days: int,
    now: datetime.datetime,
    chance: random.Random,
    say: Callable[[int], None] = lambda _written: None,
) -> int:
    """Write so many letters of the last days into a training city, answer most, release what is due; return how many.

    Half of them gather about a few houses. Raises NothingToDraw; a place that the districts do not hold is left out.
    """
    supervisor = User.objects.filter(memberships__city=city, memberships__role=Membership.Role.SUPERVISOR).first()
    places = House.objects.filter(street__city=city).order_by("pk").values_list("location", flat=True)
    homes = [(place.x, place.y) for place in places]
    if supervisor is None or not homes:
        raise NothingToDraw(f"{city.slug} needs a supervisor and houses.")
    hot = chance.sample(homes, min(HOT_SPOTS, len(homes)))
    written = 0
    for moment in sorted(_moment(now, days, chance) for _ in range(letters)):
        topic = chance.choices(list(TOPICS), weights=list(TOPICS.values()))[0]
        at = moment.replace(hour=_hour(topic, chance))
        if at < now and _write(city, _draft(topic, homes, hot, chance), supervisor, at=at, now=now, chance=chance):
            written += 1
            say(written)
    close_due(now=now, city=city)
    return written


def _draft(
    topic: str, homes: Sequence[tuple[float, float]], hot: Sequence[tuple[float, float]], chance: random.Random
) -> Draft:
    lon, lat = chance.choice(hot if chance.random() < 0.5 else homes)
    place = (lon + chance.gauss(0, 0.0006), lat + chance.gauss(0, 0.0004))
    return Draft(category=Category.objects.get(slug=topic).slug, text=TEXT, place=place)


def _write(
    city: City, draft: Draft, supervisor: User, *, at: datetime.datetime, now: datetime.datetime, chance: random.Random
) -> bool:
    key = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    source = chance.choices([Source.WEB, Source.PHONE], weights=[9, 1])[0]
    try:
        sent = services.submit_appeal(city=city, draft=draft, idempotency_key=key, received_at=at, source=source)
    except LetterRefused:
        return False
    answered_at = at + datetime.timedelta(hours=chance.randrange(2, 40))
    with as_staff(supervisor, on=answered_at.astimezone(KYIV).date()):
        if answered_at < now:
            answer_key = uuid.UUID(int=chance.getrandbits(128), version=4)
            letter: Appeal = sent.appeal
            services.reply(appeal=letter, author=supervisor, body=ANSWER, sent_at=answered_at, key=answer_key)
    return True


def _moment(now: datetime.datetime, days: int, chance: random.Random) -> datetime.datetime:
    day = now.astimezone(KYIV) - datetime.timedelta(days=chance.uniform(0, days))
    return day.replace(second=0, microsecond=0)


def _hour(topic: str, chance: random.Random) -> int:
    """Evenings for what happens in the evening, office hours for the rest."""
    middle = 21 if topic in EVENING else 12
    return round(chance.gauss(middle, 3)) % 24
