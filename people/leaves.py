"""Leaves of officers and who stands in for them: put down, changed, ended, undone, each written down."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from geo.models import City
from geo.moments import local_day
from people.importing.plan import Days
from people.managing import record
from people.models import Leave, Membership, Officer, Posting, StaffDeed, User

ONE_DAY = datetime.timedelta(days=1)
KEEP_LEAVES = (Membership.Role.COORDINATOR, Membership.Role.SUPERVISOR)


class LeaveRefused(Exception):
    """A leave that cannot be so; the message is a sentence."""


class NotKeeper(LeaveRefused):
    """Whoever acts neither supervises nor coordinates the city."""


class NotOfficersOfCity(LeaveRefused):
    """The officer or the substitute is another city's, or both are one."""


class LeaveOverlaps(LeaveRefused):
    """The officer is away on some of these days already."""


class SomebodyActs(LeaveRefused):
    """A district has an acting officer on some of these days already."""


class EndedAlready(LeaveRefused):
    """A leave whose last day is past: the officer is back."""


class ChangedSince(LeaveRefused):
    """What should be undone does not stand as the deed left it."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Days away, both included, `last` None where the end is open; and who stands in, in every district of theirs."""

    first: datetime.date
    last: datetime.date | None
    substitute: Officer | None = None

    @property
    def days(self) -> Days:
        """The same days as a span."""
        return Days(self.first, self.last + ONE_DAY if self.last else datetime.date.max)

    @classmethod
    def of(cls, leave: Leave) -> Self:
        """Read a leave as it stands: its substitute is whoever stands in last."""
        days = Days.between(leave.during.lower, leave.during.upper)
        acting = leave.substitutes.select_related("officer").order_by("-during", "pk").first()
        return cls(days.start, days.last_day, acting.officer if acting else None)

    def as_facts(self) -> dict[str, str | None]:
        """Write it for the record."""
        last, substitute = self.last, self.substitute
        return {
            "first": self.first.isoformat(),
            "last": last.isoformat() if last else None,
            "substitute": substitute.key if substitute else None,
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, str | None], city: City) -> Self:
        """Read it from the record; a substitute whose card is gone is nobody."""
        first, last = str(facts["first"]), facts["last"]
        substitute = Officer.objects.filter(city=city, key=facts["substitute"] or "").first()
        return cls(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last) if last else None, substitute)


def may_keep_leaves(by: User, city: City) -> bool:
    """Whether a person puts down leaves in a city: its supervisors and coordinators, and administrators."""
    return by.is_active and (by.is_superuser or by.has_role(city, *KEEP_LEAVES))


@transaction.atomic
def put_down(*, by: User, officer: Officer, absence: Absence, at: datetime.datetime) -> StaffDeed:
    """Put down that an officer will be away, and post the substitute in their districts for those days.

    Raises NotKeeper, NotOfficersOfCity, LeaveOverlaps, SomebodyActs.
    """
    return _done(None, absence, by=by, officer=officer, at=at)


@transaction.atomic
def change(*, by: User, leave: Leave, absence: Absence, at: datetime.datetime) -> StaffDeed:
    """Change days or substitute of a leave; who stood in before today stays in the record of postings.

    Raises NotKeeper, NotOfficersOfCity, LeaveOverlaps, SomebodyActs.
    """
    return _done(leave, absence, by=by, officer=leave.officer, at=at)


@transaction.atomic
def end(*, by: User, leave: Leave, at: datetime.datetime) -> StaffDeed:
    """Let an officer be back today: a leave that runs ends yesterday, one that has not begun is taken back.

    Raises NotKeeper, EndedAlready.
    """
    yesterday, stands = local_day(at) - ONE_DAY, Absence.of(leave)
    if stands.last and stands.last <= yesterday:
        raise EndedAlready(_("This leave has ended already."))
    over = Absence(stands.first, yesterday, stands.substitute) if stands.first <= yesterday else None
    return _done(leave, over, by=by, officer=leave.officer, at=at)


@transaction.atomic
def undo(*, by: User, deed: StaffDeed, at: datetime.datetime) -> StaffDeed:
    """Put a leave back as it stood before a deed, where nothing has changed it since.

    Raises NotKeeper, ChangedSince, LeaveOverlaps, SomebodyActs.
    """
    officer = Officer.objects.filter(city=deed.city, key=deed.facts.get("officer", "")).first()
    if deed.deed != StaffDeed.Deed.LEAVE or officer is None:
        raise ChangedSince(_("This cannot be undone."))
    leave = Leave.objects.filter(pk=deed.facts["leave"], officer=officer).first()
    stands = Absence.of(leave).as_facts() if leave else None
    if stands != deed.facts["after"]:
        raise ChangedSince(_("The leave was changed since: undo the later change first, or change it itself."))
    before = deed.facts["before"]
    return _done(leave, Absence.from_facts(before, officer.city) if before else None, by=by, officer=officer, at=at)


def _done(
    leave: Leave | None, absence: Absence | None, *, by: User, officer: Officer, at: datetime.datetime
) -> StaffDeed:
    """Make a leave stand as it shall be (None: not at all), and write down how it stood and stands."""
    city = officer.city
    if not may_keep_leaves(by, city):
        raise NotKeeper(_("Leaves are put down by supervisors and coordinators of the city."))
    Officer.objects.select_for_update().get(pk=officer.pk)  # one deed at a time on one officer's leaves
    before = Absence.of(leave).as_facts() if leave else None
    kept, today = leave.pk if leave else 0, local_day(at)
    if leave:
        _cut_substitutes(leave, on=today)
    if absence:
        # A change is for what is left; a leave put down late is told with who did stand in.
        begins = max(absence.first, today) if leave else absence.first
        leave = _written(leave, absence, officer=officer)
        _post_substitute(leave, absence, begins=begins)
        kept = leave.pk
    elif leave:
        leave.delete()
        leave = None
    after = Absence.of(leave).as_facts() if leave else None
    facts: dict[str, Any] = {
        "leave": kept, "officer": officer.key, "name": officer.name_uk, "before": before, "after": after,
    }  # fmt: skip
    return record(StaffDeed.Deed.LEAVE, by=by, whom=officer.user, city=city, at=at, email=officer.email, facts=facts)


def _written(leave: Leave | None, absence: Absence, *, officer: Officer) -> Leave:
    substitute = absence.substitute
    if substitute and (substitute.city_id != officer.city_id or substitute == officer):
        raise NotOfficersOfCity(_("The substitute is another officer of the same city."))
    during = DateRange(*absence.days.bounds)
    others = officer.leaves.filter(during__overlap=during)
    if (others.exclude(pk=leave.pk) if leave else others).exists():
        raise LeaveOverlaps(_("The officer is away on some of these days already."))
    leave = leave or Leave(officer=officer)
    leave.during = during
    leave.save()
    return leave


def _cut_substitutes(leave: Leave, *, on: datetime.date) -> None:
    """End what stands in for a leave from today on; what was before today has happened."""
    for posting in leave.substitutes.all():
        days = Days.between(posting.during.lower, posting.during.upper)
        if days.start >= on:
            posting.delete()
        elif days.end > on:
            posting.during = DateRange(days.start, on)
            posting.save(update_fields=["during"])


def _post_substitute(leave: Leave, absence: Absence, *, begins: datetime.date) -> None:
    """Let the substitute act from a day on in every district where the officer is the main one, for the days away."""
    if absence.substitute is None:
        return
    wanted = Days(begins, absence.days.end)
    if wanted.start >= wanted.end:
        return
    mains = leave.officer.postings.filter(role=Posting.Role.MAIN, during__overlap=DateRange(*wanted.bounds))
    for main in mains.select_related("district"):
        days = Days.between(main.during.lower, main.during.upper)
        both = DateRange(*Days(max(days.start, wanted.start), min(days.end, wanted.end)).bounds)
        acting = Posting.objects.filter(district=main.district, role=Posting.Role.ACTING, during__overlap=both)
        if there := acting.select_related("officer").first():
            raise SomebodyActs(
                _("%(who)s acts in %(district)s on some of these days: end that posting first.")
                % {"who": there.officer.name, "district": main.district.name}
            )
        Posting.objects.create(
            officer=absence.substitute, district=main.district, role=Posting.Role.ACTING, during=both, leave=leave
        )
