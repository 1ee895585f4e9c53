"""What is held about a letter, and until when: for its writer, who asks with the receipt."""

import datetime
from dataclasses import dataclass

from appeals.access import as_task
from appeals.models import Appeal, Erasure, Opening, terms
from appeals.retention import Terms, kept_until
from appeals.services.erasing import needs_contacts
from appeals.workflow import Move
from geo.moments import local_day


@dataclass(frozen=True, slots=True)
class Held:
    """Days are local. Without `over_on` the office still owes a step, and no term runs."""

    terms: Terms
    over_on: datetime.date | None
    contacts_until: datetime.date | None
    letter_until: datetime.date | None
    has_contacts: bool
    needs_contacts: bool
    """A formal appeal under consideration: the law asks who wrote."""
    contacts_erased: Erasure | None
    openings: int
    readers: int

    @property
    def can_erase_contacts(self) -> bool:
        """Whether the writer may have name and contacts erased now."""
        return self.has_contacts and not self.needs_contacts


def held_about(appeal: Appeal) -> Held:
    """Return what is held about a letter whose receipt was shown. Who read it is counted, never named."""
    kept = terms()
    with as_task("tell what is held"):
        moves = appeal.events.filter(kind__in=[move.value for move in Move])
        last = moves.order_by("-at").values_list("at", flat=True).first()
        openings = Opening.objects.filter(appeal=appeal)
        times, readers = openings.count(), openings.values("user").distinct().count()
        erased = appeal.erasures.filter(what=Erasure.What.CONTACTS).last()
    over_on = None if appeal.is_waiting else local_day(last or appeal.received_at)
    return Held(
        terms=kept,
        over_on=over_on,
        contacts_until=over_on and kept_until(over_on, kept.contacts_years),
        letter_until=over_on and kept_until(over_on, kept.letters_years),
        has_contacts=any((appeal.writer.name, appeal.writer.residence, appeal.writer.email, appeal.writer.phone)),
        needs_contacts=needs_contacts(appeal),
        contacts_erased=erased if appeal.has_no_writer else None,
        openings=times,
        readers=readers,
    )
