"""Erasing: the writer's name and contacts, then the letter with all that hangs on it, and what is left (docs/adr/0020).

A letter's key and its sealed bytes are destroyed. Its bare row stays (number, district, category, state, days) with a
tombstone, so that no number is given twice, no count changes, and a restored backup can be made to forget again.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext as _

from appeals.access import as_task, as_writer
from appeals.errors import NotPossibleNow
from appeals.models import (
    AnswerBy,
    Appeal,
    AppealQuerySet,
    Erasure,
    Event,
    Lane,
    LetterKey,
    Opening,
    OpeningDigest,
    SealedRow,
    over_before,
    terms,
)
from appeals.retention import Terms, last_expired
from appeals.services.history import locked
from appeals.services.reading import appeal_by_receipt, hash_of_receipt
from geo.models import City
from geo.moments import local_day, start_of_local_day

ERASE: Final = "erase"
"""The task's name: policies and triggers let no other one destroy a key, empty a letter or delete an opening."""
STAYS: Final = (Event, Opening, Erasure)
"""What hangs on a letter and stays when it is erased: an event loses its reason, an opening has a term of its own.
Every other table is emptied of the letter, and so is one that nobody thought of here."""
ONE_DAY = datetime.timedelta(days=1)
What, Why = Erasure.What, Erasure.Why


@dataclass(frozen=True, slots=True)
class Due:
    """How much is due in a city, by rule."""

    city: City
    contacts: int
    letters: int


def due(
    what: Erasure.What, *, on: datetime.date, city: City | None = None, kept: Terms | None = None
) -> AppealQuerySet:
    """Return the letters of which something is to be erased by rule on a local day, those over longest first.

    `kept`: other terms than those in force.
    """
    kept = kept or terms()
    years = kept.letters_years if what is What.LETTER else kept.contacts_years
    letters = over_before(start_of_local_day(last_expired(on, years) + ONE_DAY))
    letters = letters.exclude(text_sealed=b"") if what is What.LETTER else letters.exclude(writer_sealed=b"")
    return (letters.filter(city=city) if city else letters).order_by("received_at", "pk")


def counts_due(*, on: datetime.date, city: City | None = None, kept: Terms | None = None) -> list[Due]:
    """Return what would be erased by rule on a local day, by city; cities where nothing is due are left out.

    A letter whose own term is over counts as a letter alone: its contacts go with it.
    """
    with as_task(ERASE):
        letters = due(What.LETTER, on=on, city=city, kept=kept)
        contacts = due(What.CONTACTS, on=on, city=city, kept=kept).exclude(pk__in=letters.values("pk").order_by())
        by_city = [dict(_by_city(each)) for each in (contacts, letters)]
        cities = City.objects.in_bulk(by_city[0].keys() | by_city[1].keys())
    found = [Due(each, by_city[0].get(pk, 0), by_city[1].get(pk, 0)) for pk, each in cities.items()]
    return sorted(found, key=lambda one: one.city.slug)


def _by_city(letters: AppealQuerySet) -> models.QuerySet[Appeal, tuple[int, int]]:
    return letters.order_by().values_list("city").annotate(n=models.Count("pk")).values_list("city", "n")


def erase_some(what: Erasure.What, *, at: datetime.datetime, city: City, at_most: int) -> int:
    """Erase by rule what is due of so many letters, and commit; return how many, 0 when nothing is left.

    A letter that somebody else works on is left for the next run.
    """
    with as_task(ERASE):
        batch = due(what, on=local_day(at), city=city).select_for_update(skip_locked=True, of=("self",))[:at_most]
        keys = [letter.pk for letter in batch.only("pk")]
        if keys:
            ERASE_THE[what](keys, at=at, why=Why.RULE)
    return len(keys)


def erase_all(what: Erasure.What, *, at: datetime.datetime, city: City, at_most: int) -> int:
    """Erase by rule all that is due in a city, so many letters in a transaction; return how many letters."""
    done = 0
    while some := erase_some(what, at=at, city=city, at_most=at_most):
        done += some
    return done


def erase_expired(*, at: datetime.datetime, at_most: int = 200) -> None:
    """Erase by rule all that is due: letters, names and contacts, days of the reading log. Nothing twice."""
    for each in counts_due(on=local_day(at)):
        for what in (What.LETTER, What.CONTACTS):
            erase_all(what, at=at, city=each.city, at_most=at_most)
    for day in expired_days(on=local_day(at)):
        erase_openings(day)


def erase_own_contacts(*, receipt: str, at: datetime.datetime) -> Appeal:
    """Erase the writer's name and contacts at their own wish; from then on answers are read with the receipt alone.

    Returns the letter. Raises UnknownReceipt, NotPossibleNow where the law needs them still.
    """
    pk = appeal_by_receipt(receipt).pk
    with as_writer(hash_of_receipt(receipt)), as_task(ERASE):
        appeal = locked(pk)
        if needs_contacts(appeal):
            raise NotPossibleNow(
                _("The law asks for your name while a formal appeal is considered. You can erase it after the answer.")
            )
        if not appeal.has_no_writer:
            erase_contacts([pk], at=at, why=Why.WRITER)
            appeal.refresh_from_db()
    return appeal


def needs_contacts(appeal: Appeal) -> bool:
    """Whether the law asks who wrote: a formal appeal that is being considered (393/96-ВР, article 5)."""
    return appeal.lane == Lane.FORMAL and appeal.is_waiting


def erase_contacts(letters: list[int], *, at: datetime.datetime, why: Erasure.Why) -> None:
    """Empty name, residence and contacts of letters, and write down that it was done. Belongs inside the task."""
    _buried(letters, What.CONTACTS, at=at, why=why)
    Appeal.objects.filter(pk__in=letters).update(writer_sealed=b"", answer_by=AnswerBy.RECEIPT)


def erase_letters(letters: list[int], *, at: datetime.datetime, why: Erasure.Why) -> None:
    """Destroy the keys of letters and all that they sealed, and write it down. Belongs inside the task."""
    _buried(letters, What.LETTER, at=at, why=why)
    for model in hanging_on_a_letter():
        rows = model._base_manager.filter(appeal__in=letters)
        if model not in STAYS:
            rows.delete()
        elif model is Event:
            rows.filter(reason_sealed__isnull=False).update(reason_sealed=None)
    emptied = {name: b"" for name in sealed_columns(Appeal) if not Appeal._meta.get_field(name).null}
    unset = {name: None for name in sealed_columns(Appeal) if Appeal._meta.get_field(name).null}
    # A place that was given leaves an empty one: the letter still says on what ground it was routed.
    place = models.Case(models.When(place_sealed__isnull=False, then=models.Value(b"")), default=None)
    Appeal.objects.filter(pk__in=letters).update(
        **(emptied | unset | {"place_sealed": place}),
        location=None, building_hash="", content_hash="", answer_by=AnswerBy.RECEIPT, may_publish_since=None,
    )  # fmt: skip


Erase = Callable[..., None]
ERASE_THE: Final[dict[Erasure.What, Erase]] = {What.CONTACTS: erase_contacts, What.LETTER: erase_letters}


def hanging_on_a_letter() -> Iterator[type[models.Model]]:
    """Return the models with a foreign key `appeal` to the letter, whoever adds them; the key itself is the first."""
    yield LetterKey
    for relation in Appeal._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel) and relation.related_model is not LetterKey:
            yield relation.related_model


def sealed_columns(model: type[SealedRow]) -> list[str]:
    """Return the names of a model's sealed columns."""
    return [field.name for field in model._meta.concrete_fields if field.name.endswith("_sealed")]


def _buried(letters: list[int], what: Erasure.What, *, at: datetime.datetime, why: Erasure.Why) -> None:
    Erasure.objects.bulk_create(Erasure(appeal_id=pk, what=what, why=why, erased_at=at) for pk in letters)


def expired_days(*, on: datetime.date, kept: Terms | None = None) -> list[datetime.date]:
    """Return the sealed days of the reading log that still have openings, and whose term is over on a local day."""
    last = last_expired(on, (kept or terms()).openings_years)
    with as_task(ERASE):
        first = Opening.objects.order_by("opened_at").values_list("opened_at", flat=True).first()
        if first is None:
            return []
        days = OpeningDigest.objects.filter(day__range=(local_day(first), last), openings__gt=0)
        return list(days.values_list("day", flat=True))


def erase_openings(day: datetime.date) -> int:
    """Delete the openings of one sealed day, and commit; its digest stays. Returns how many there were."""
    with as_task(ERASE):
        return Opening.objects.on(day).delete()[0]
