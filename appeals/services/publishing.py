"""Publishing a letter: its writer lets it be, a moderator prepares a version, the writer agrees to exactly that one.

Nothing is public before both have said so, and either takes it down at once (docs/adr/0027). Deeds of the writer are
committed when they return; those of a moderator run under their eyes.
"""

import datetime
from dataclasses import dataclass
from typing import Final

from django.contrib.gis.geos import Polygon
from django.db import transaction
from django.db.models import Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from appeals.access import as_task
from appeals.errors import AnsweredMeanwhile, NotPossibleNow, NotYours, TextMissing
from appeals.models import Appeal, Message, Notice, Opening, PublicQuestion, PublicVersion, Shown
from appeals.models.choices import OF_WRITERS_OWN_HAND
from appeals.models.publishing import ZOOM
from appeals.notices import announce
from appeals.redacting import Found, found_in, masked, named_in, written_in
from appeals.services.history import one_at_a_time, recorded
from appeals.services.words import REASON_MAX, worded
from appeals.services.writing import own_letter
from appeals.workflow import State
from geo.cells import bounds_of, cell_of
from geo.models import City, DistrictBoundary, House
from geo.moments import local_day
from people.models import User

HOMES_MIN: Final = 8
"""A square is shown where no district has fewer known houses in it: police.uk's rule for its anonymous map points."""


def is_publishable(appeal: Appeal) -> bool:
    """Whether a letter could ever be published: sent by its writer alone to a served city, not protected, kept or spam.

    Not what was entered at the desk: who typed it in has had the receipt in hand, and could consent for the writer.
    """
    kept = appeal.recused_officer_id is not None or appeal.recused_supervisor_id is not None
    gone = appeal.is_erased or appeal.state == State.SPAM
    sent_so = appeal.city.stage in City.SERVED_STAGES and appeal.source in OF_WRITERS_OWN_HAND
    return sent_so and not (appeal.protected or kept or gone)


@dataclass(frozen=True, slots=True)
class Publishing:
    """How it stands with publishing a letter, for its writer: what they allowed, what waits for them, what is out."""

    allowed: bool
    version: PublicVersion | None
    """The latest one."""
    question: PublicQuestion | None


def publishing_of(appeal: Appeal) -> Publishing | None:
    """Return how it stands, for whoever was shown the letter; None where it is never published."""
    if not is_publishable(appeal):
        return None
    with as_task("tell what is published"):
        return Publishing(
            allowed=appeal.may_publish_since is not None,
            version=latest_version(appeal),
            question=PublicQuestion.objects.select_related("city", "category").filter(appeal=appeal).first(),
        )


def latest_version(appeal: Appeal) -> PublicVersion | None:
    """Return the latest version that a moderator prepared, with its key."""
    version = appeal.public_versions.order_by("number").last()
    if version is not None:
        version.appeal = appeal
    return version


# --- The writer ---------------------------------------------------------------------------------------------


def allow_publishing(*, receipt: str, at: datetime.datetime) -> Appeal:
    """Let a moderator prepare the letter for the site. Nothing is public yet. Raises UnknownReceipt, NotPossibleNow."""
    with own_letter(receipt) as appeal:
        if not is_publishable(appeal):
            raise NotPossibleNow(_("This letter is never published."))
        if appeal.may_publish_since is None:
            appeal.may_publish_since = at
            appeal.save(update_fields=["may_publish_since"])
            recorded(appeal, "publish_allowed", at=at)
    return appeal


def forbid_publishing(*, receipt: str, at: datetime.datetime) -> Appeal:
    """Take the consent back: what is public is gone when this returns. Raises UnknownReceipt, NotPossibleNow."""
    with own_letter(receipt) as appeal:
        if appeal.may_publish_since is not None:
            appeal.may_publish_since = None
            appeal.save(update_fields=["may_publish_since"])
            recorded(appeal, "publish_forbidden", at=at)
    return appeal


def agree_to_version(*, receipt: str, number: int, at: datetime.datetime) -> PublicQuestion:
    """Agree to a version: it is public when this returns.

    Raises UnknownReceipt, NotPossibleNow where it is not the latest one or was decided about.
    """
    with own_letter(receipt) as appeal:
        version = _decided(appeal, number, agreed=True, at=at)
        shown = version.shown
        texts = {"version": version, "question": shown.question, "answer": shown.answer, "cell": shown.cell}
        # The trigger takes everything else from the letter; what stands here only fills the columns until then.
        facts = {
            "city": appeal.city, "district": appeal.district, "category": appeal.category,
            "asked_on": appeal.received_on, "is_open": appeal.is_waiting, "published_on": local_day(at),
        }  # fmt: skip
        question, _is_new = PublicQuestion.objects.update_or_create(
            appeal=appeal, defaults=texts, create_defaults=texts | facts
        )
        recorded(appeal, "published", at=at, facts={"version": number})
    return question


def decline_version(*, receipt: str, number: int, at: datetime.datetime) -> Appeal:
    """Say that a version is not to be published so; a moderator may prepare another.

    Raises UnknownReceipt, NotPossibleNow.
    """
    with own_letter(receipt) as appeal:
        _decided(appeal, number, agreed=False, at=at)
        recorded(appeal, "publish_declined", at=at, facts={"version": number})
    return appeal


def _decided(appeal: Appeal, number: int, *, agreed: bool, at: datetime.datetime) -> PublicVersion:
    version = latest_version(appeal)
    if (
        version is None or version.number != number or not version.waits_for_writer
        or appeal.may_publish_since is None or not is_publishable(appeal)
    ):  # fmt: skip
        raise NotPossibleNow(_("The text to be published has changed meanwhile. Read it once more."))
    version.agreed, version.decided_at = agreed, at
    version.agreed_hash = version.shown.hash if agreed else ""
    version.save(update_fields=["agreed", "decided_at", "agreed_hash"])
    return version


# --- The moderator ------------------------------------------------------------------------------------------


def open_as_moderator(*, appeal: Appeal, user: User, at: datetime.datetime) -> Opening:
    """Write down that a moderator opened a letter that is theirs to look at; nothing counts as read by the office."""
    opening = Opening(appeal=appeal, user=user, opened_at=at)
    opening.save(force_insert=True)
    return opening


def answers_of(appeal: Appeal) -> list[Message]:
    """Return what the office has answered, the earliest first."""
    return [message for message in _messages(appeal) if message.side == Message.Side.OFFICER]


def suggested(appeal: Appeal, *, at: datetime.datetime) -> Shown:
    """Return a first version of what may be shown: what seems to tell who or where is masked.

    An answer that came since the latest version is added to that one's.
    """
    version = latest_version(appeal)
    earlier = version.shown if version and not version.refused else None
    replies = answers_of(appeal)
    if version is not None and earlier is not None:
        replies = [reply for reply in replies if reply.sent_at > version.at]
    names, people = _names_of_writer(appeal), named_in(_texts(appeal))
    new = [masked(reply.body, found_in(reply.body, names=names, people=people)) for reply in replies]
    cell = public_cell(appeal, at=at)
    if earlier is None:
        question = masked(appeal.text, found_in(appeal.text, names=names, people=people))
        return Shown(question, "\n\n".join(new), cell)
    return Shown(earlier.question, "\n\n".join(filter(None, [earlier.answer, *new])), cell)


def telling_in(appeal: Appeal, *texts: str) -> list[list[Found]]:
    """Return for each of some texts what may tell who or where, by the names that stand in the letter's own texts.

    A name that was given apart from those is looked for nowhere: a moderator must not find it out by trying names.
    """
    written = _texts(appeal)
    names, people = written_in(written, names=_names_of_writer(appeal)), named_in(written)
    return [found_in(text, names=names, people=people) for text in texts]


def public_cell(appeal: Appeal, *, at: datetime.datetime) -> int | None:
    """Return the cell that stands for a letter's place; None without a place, or where too few homes would share it.

    Counted by the borders in force at a moment, for the letter's own district, which is named beside the cell, and for
    every other that has homes in it: the letter may still come to that one.
    """
    if appeal.location is None:
        return None
    lon, lat = appeal.location.coords
    cell = cell_of(lon, lat, ZOOM)
    box = bounds_of(cell, ZOOM)
    square = Polygon.from_bbox((box.west, box.south, box.east, box.north))
    districts = DistrictBoundary.objects.in_force_at(at).filter(edition__city=appeal.city_id)
    homes = House.objects.filter(street__city=appeal.city_id, location__coveredby=square).order_by()
    within = homes.filter(location__coveredby=OuterRef("boundary")).values("street__city")
    count = within.annotate(count=Count("pk")).values("count")
    borders = districts.filter(boundary__intersects=square).annotate(homes=Coalesce(Subquery(count), 0))
    shares = dict(borders.values_list("district", "homes"))
    fewest = min([shares.get(appeal.district_id, 0), *filter(None, shares.values())])
    return cell if fewest >= HOMES_MIN else None


@transaction.atomic
def offer_version(
    *, appeal: Appeal, by: User, question: str, answer: str, answers: int, at: datetime.datetime
) -> PublicVersion:
    """Put a version before the letter's writer, who alone can let it be published.

    `answers`: how many of the office's answers the moderator had before their eyes; a later one would never be offered,
    for it is older than the version. Raises NotYours, TextMissing, AnsweredMeanwhile.
    """
    appeal = _to_publish(appeal, by)
    if len(answers_of(appeal)) > answers:
        raise AnsweredMeanwhile(
            _("The officer has answered since you opened this page. Read the answer beside, and add it if it belongs.")
        )
    shown = Shown(worded(question), worded(answer) if answer.strip() else "", public_cell(appeal, at=at))
    version = _next_version(appeal, by, at).put(shown)
    version.save(force_insert=True)
    recorded(appeal, "publish_offered", at=at, by=by, facts={"version": version.number})
    announce(appeal=appeal, kind=Notice.Kind.OFFERED, event=f"offer:{version.pk}", at=at)
    return version


@transaction.atomic
def refuse_publishing(*, appeal: Appeal, by: User, reason: str, at: datetime.datetime) -> PublicVersion:
    """Publish nothing of a letter, or take down what is out, for a reason that its writer reads.

    Raises NotYours, TextMissing.
    """
    appeal, reason = _to_publish(appeal, by), reason.strip()
    if not 0 < len(reason) <= REASON_MAX:
        raise TextMissing(_("Say why: the writer reads it."))
    version = _next_version(appeal, by, at).put_reason(reason)
    version.refused = True
    version.save(force_insert=True)
    PublicQuestion.objects.filter(appeal=appeal).delete()
    recorded(appeal, "publish_refused", at=at, by=by, facts={"version": version.number})
    return version


def _to_publish(appeal: Appeal, by: User) -> Appeal:
    one_at_a_time(appeal.pk)
    found = Appeal.objects.publishable_in_cities_of(by).with_names().with_key().filter(pk=appeal.pk).first()
    if found is None or not is_publishable(found):
        raise NotYours(_("Its writer does not let this letter be published."))
    return found


def _next_version(appeal: Appeal, by: User, at: datetime.datetime) -> PublicVersion:
    last = appeal.public_versions.aggregate(last=Max("number"))["last"] or 0
    return PublicVersion(appeal=appeal, number=last + 1, by=by, at=at)


def _names_of_writer(appeal: Appeal) -> tuple[str, ...]:
    return (appeal.writer.name,) if appeal.writer.name else ()


def _texts(appeal: Appeal) -> str:
    """What the letter and its conversation say: all of it a moderator reads."""
    # An empty line between: a signature and the next greeting are no name together.
    return "\n\n".join([appeal.text, *(message.body for message in _messages(appeal))])


def _messages(appeal: Appeal) -> list[Message]:
    """Return what was said since the letter, with the letter's key."""
    found = list(appeal.messages.all())
    for message in found:
        message.appeal = appeal
    return found
