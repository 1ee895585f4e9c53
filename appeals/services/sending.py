"""Sending a letter: routed, sealed, numbered, and safe in the database before anybody is told so."""

import datetime
import hmac
import json
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from pathlib import Path
from typing import Final

from django.db import IntegrityError
from django.utils.translation import gettext as _

from appeals import receipts
from appeals.access import as_writer, insert_as_writer
from appeals.deadlines import answer_due_on
from appeals.drafts import Draft
from appeals.errors import (
    BadIdempotencyKey,
    KeyUsedForAnotherLetter,
    LetterRefused,
    LettersNotOpen,
    UnknownCategory,
)
from appeals.models import (
    CATEGORY,
    CLOCK,
    Appeal,
    Category,
    Clock,
    Event,
    LetterKey,
    Place,
    Source,
    Writer,
    category_read,
    clock_read,
    key_ring,
)
from appeals.routing import Route, questions_of_place, route
from appeals.sealing import new_key
from appeals.services.attaching import Files, attach, hashes_of, made_ready
from appeals.services.history import event_of
from appeals.services.identity import writer_of
from appeals.services.reading import hash_of_receipt, receipt_secret
from appeals.services.words import worded
from appeals.workflow import State
from geo.models import City
from geo.moments import local_day
from geo.prepared import PreparedInsert, PreparedStatement, Rows, insert, rows_of
from people.models import User

_SQL = Path(__file__).parents[1] / "sql"
NEXT_LETTER: Final = PreparedStatement(_SQL / "next_letter.sql")
LETTER: Final = PreparedInsert(Appeal, gives_key=True, number=_SQL / "next_number.sql")
KEY, EVENT = PreparedInsert(LetterKey), PreparedInsert(Event)
TOLD_AGAIN: Final = (
    "content_hash", "city_id", "year", "number", "lane", "why", "protected", "received_at", "answer_due_on",
    "district__code", "district__name_uk", "district__name_en", "officer__name_uk", "officer__name_en",
)  # fmt: skip
"""What a receipt says of its letter: under load one letter comes again and again, and the rest costs twice that."""
WHAT_WAS_SENT: Final = attrgetter(*(field.name for field in fields(Draft)))


@dataclass(frozen=True, slots=True)
class Submitted:
    """A letter that is safe in the database, and the receipt for its writer. The receipt is nowhere else."""

    appeal: Appeal
    receipt: str


def letters_open_in(city: City) -> bool:
    """Tell whether a city takes letters: one in training always, one that is served where it has switched them on."""
    return city.is_training or (city.stage in City.SERVED_STAGES and city.takes_letters)


def submit_appeal(
    *,
    city: City,
    draft: Draft,
    idempotency_key: str,
    received_at: datetime.datetime,
    source: str = Source.WEB,
    entered_by: User | None = None,
    photos: Files = (),
) -> Submitted:
    """Send a letter: route it, set its deadline, number it, and return its receipt.

    The same `idempotency_key` with the same draft and the same `photos` (whole files) returns the same letter and the
    same receipt, however often and however simultaneously it comes. Raises what `appeals.errors` names.
    """
    if not receipts.IDEMPOTENCY_KEY_SHAPE.fullmatch(idempotency_key):
        raise BadIdempotencyKey(_("Send a header Idempotency-Key of 16 to 128 visible characters, such as a UUID."))
    draft = replace(draft, text=worded(draft.text))
    secret = receipt_secret()
    receipt = receipts.receipt_for(idempotency_key, secret)
    sending = _Sending(
        city=city,
        receipt_hash=receipts.receipt_hash(receipt, secret),
        content_hash=receipts.keyed_hash(
            "content", json.dumps([city.slug, *WHAT_WAS_SENT(draft), *hashes_of(photos)]), secret
        ),
    )
    try:
        if not letters_open_in(city):
            raise LettersNotOpen(
                _("%(city)s does not take letters here yet. Call the officer or write to their e-mail.")
                % {"city": city.name}
            )
        writer = writer_of(draft)
        category, clock, key, of_place = _asked_ahead(city, draft, received_at)
        if category is None:
            raise UnknownCategory(_("There is no such category."))
        way = route(city=city, draft=draft, at=received_at, of_place=of_place)
        if photos and (earlier := sending.earlier()):
            return Submitted(earlier, receipt)  # not drawn again
        ready = made_ready(photos)
        appeal = _made(key, city, draft, writer, category, way, clock, received_at, source, sending)
        # From here to the commit the city's other letters wait for their numbers: everything else is done before.
        rows = ((LETTER, appeal), (KEY, appeal.sealed_by), (EVENT, _sent(appeal, way, by=entered_by)))
        if ready:
            with as_writer(sending.receipt_hash, durable=True):
                insert(*rows)
                attach(appeal, ready)
        else:
            insert_as_writer(sending.receipt_hash, *rows)
        return Submitted(appeal, receipt)
    except (LetterRefused, IntegrityError):
        # Sent before: the unique key refused the second, or what was open then is not any more.
        earlier = sending.earlier()
        if earlier is None:
            raise
        return Submitted(earlier, receipt)


def was_sent(idempotency_key: str) -> bool:
    """Tell whether a letter was sent under a key: sent again, its photos are not drawn again."""
    receipt_hash = hash_of_receipt(receipts.receipt_for(idempotency_key, receipt_secret()))
    with as_writer(receipt_hash):
        return Appeal.objects.filter(receipt_hash=receipt_hash).exists()


@dataclass(frozen=True, slots=True)
class _Sending:
    """One submission: its city, and the keyed hashes of its receipt, which its key makes, and of its content."""

    city: City
    receipt_hash: str
    content_hash: str

    def earlier(self) -> Appeal | None:
        """Return the letter sent under this key, as far as TOLD_AGAIN goes.

        Raises KeyUsedForAnotherLetter where its content was another.
        """
        with as_writer(self.receipt_hash):
            found = (
                Appeal.objects.filter(receipt_hash=self.receipt_hash)
                .select_related("district", "officer")
                .only(*TOLD_AGAIN)
                .first()
            )
        if found is not None and not hmac.compare_digest(found.content_hash, self.content_hash):
            raise KeyUsedForAnotherLetter(
                _("A letter with another content was already sent under this key. Use a new key for a new letter.")
            )
        if found is not None:
            found.city = self.city
        return found


def _asked_ahead(city: City, draft: Draft, at: datetime.datetime) -> tuple[Category | None, Clock, int, list[Rows]]:
    """Return category and clock of a letter, the key its row takes, and what is known of its place, in one trip."""
    categories, clocks, keys, *of_place = rows_of(
        CATEGORY.asked(slug=draft.category),
        CLOCK.asked(city=city.pk),
        NEXT_LETTER.asked(),
        *questions_of_place(city=city, draft=draft, at=at),
    )
    return category_read(categories), clock_read(clocks), keys[0]["id"], of_place


def _made(
    key: int,
    city: City,
    draft: Draft,
    writer: Writer,
    category: Category,
    way: Route,
    clock: Clock,
    received_at: datetime.datetime,
    source: str,
    sending: _Sending,
) -> Appeal:
    """Return a letter, sealed, as it will be inserted: it wants nothing but its number."""
    received_on = local_day(received_at)
    appeal = Appeal(
        pk=key,
        city=city,
        year=received_on.year,
        district=way.district,
        edition=way.edition,
        territory_list=way.territory_list,
        rule=way.rule,
        addressee=way.addressee,
        officer=way.officer,
        why=way.why,
        recused_officer=way.recused_officer,
        recused_supervisor=way.recused_supervisor,
        lane=draft.lane,
        category=category,
        protected=category.protected,
        stance=draft.stance,
        source=source,
        answer_by=draft.answer_by,
        received_at=received_at,
        clock_from=received_on,
        answer_due_on=answer_due_on(draft.lane, received_on, calendar=clock.calendar, terms=clock.terms),
        state=State.RECEIVED,
        receipt_hash=sending.receipt_hash,
        content_hash=sending.content_hash,
    )
    appeal.letter_key = new_key()
    appeal.seal("text", draft.text)
    appeal.put_writer(writer)
    appeal.put_place(_place(draft, way), building=way.building)
    ring = key_ring()
    appeal.sealed_by = LetterKey(
        appeal=appeal, wrapped=ring.wrap(appeal.letter_key, row=str(key)), wrapped_by=ring.current
    )
    return appeal


def _sent(appeal: Appeal, way: Route, *, by: User | None) -> Event:
    """Return the first entry of a letter's history: where it went, and why."""
    facts = {
        "why": way.why,
        "rule": way.rule,
        "district": way.district.code,
        "officer": way.officer.key if way.officer else None,
        "edition": way.edition.number if way.edition else None,
    }
    return event_of(appeal, "sent", at=appeal.received_at, by=by, facts=facts)


def _place(draft: Draft, way: Route) -> Place:
    """Where it is: the marked point, else that of the house which the address means."""
    lon, lat = draft.place or (way.house.point if way.house else None) or (None, None)
    return Place(lon=lon, lat=lat, address=draft.address)
