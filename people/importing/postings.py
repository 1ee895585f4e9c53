"""Planning postings and leaves: history is never deleted, a new officer ends the posting of the one before.

A blank `from` means "as it is, else from today"; a blank `until` means "until somebody else takes over".
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from geo.models import City
from people.importing.cells import BadCell
from people.importing.officers import WantedLeave, WantedPosting
from people.importing.plan import Days, Draft, Noun, RowNote, Step, Target, day_text, days_changes
from people.models import Leave, Posting


@dataclass(frozen=True, slots=True)
class Held:
    """A posting or leave of the database."""

    pk: int
    officer_key: str
    officer_name: str
    days: Days


@dataclass(slots=True)
class Aim:
    """What a row comes to: the days after the import, and the posting it continues, if any."""

    wanted: WantedPosting
    days: Days
    held: Held | None


def plan_postings(city: City, wanted: Iterable[WantedPosting], today: datetime.date, draft: Draft) -> list[Step]:
    """The steps that add, prolong or end postings; what contradicts itself goes to the draft's errors."""
    held: dict[tuple[int, str], list[Held]] = defaultdict(list)
    for posting in Posting.objects.filter(district__city=city).select_related("officer"):
        during = posting.during
        held[posting.district_id, posting.role].append(
            Held(posting.pk, posting.officer.key, posting.officer.name_uk, Days.between(during.lower, during.upper))
        )
    groups: dict[tuple[int, str], list[WantedPosting]] = defaultdict(list)
    for posting_wanted in wanted:
        group = groups[posting_wanted.district.pk, posting_wanted.role]
        if not any(replace(posting_wanted, row=each.row) == each for each in group):
            group.append(posting_wanted)
    steps: list[Step] = []
    final: dict[tuple[int, str], list[tuple[str, Days, WantedPosting | None]]] = {
        place: [(each.officer_key, each.days, None) for each in held[place]] for place in held
    }
    for place, group in groups.items():
        aims = _aims(group, held[place], today, draft)
        ended = _ended(aims, held[place], draft)
        _refuse_two_at_once(aims, draft)
        steps += [_posting_step(aim) for aim in aims if aim.held is None or aim.held.days != aim.days]
        steps += ended.values()
        continued = {aim.held.pk for aim in aims if aim.held}
        final[place] = [(aim.wanted.officer_key, aim.days, aim.wanted) for aim in aims] + [
            (
                each.officer_key,
                Days.between(*ended[each.pk].target.values["during"]) if each.pk in ended else each.days,
                None,
            )
            for each in held[place]
            if each.pk not in continued
        ]
    _refuse_acting_for_oneself(final, draft)
    return steps


def _aims(group: list[WantedPosting], held: list[Held], today: datetime.date, draft: Draft) -> list[Aim]:
    """What each row comes to, and which posting of the database it continues."""
    free = list(held)
    continued: dict[WantedPosting, Held] = {}
    for matches in (_begins_alike, _overlaps, _still_running):
        for wanted in group:
            if wanted in continued:
                continue
            found = [each for each in free if each.officer_key == wanted.officer_key and matches(wanted, each, today)]
            if found:
                continued[wanted] = min(found, key=lambda each: each.days)
                free.remove(continued[wanted])
    aims = []
    for wanted in group:
        before = continued.get(wanted)
        start = wanted.start or (before.days.start if before else today)
        if before:
            # The earlier beginning stays: an import never takes days away from history
            start = min(start, before.days.start)
        end = wanted.end or _until_somebody_else(wanted, start, before, free, today, draft)
        if end <= start:
            draft.refuse(
                wanted.row,
                "until",
                BadCell(
                    _("The last day is before the first, %(day)s.") % {"day": day_text(start)},
                    _("Write both days, from and until."),
                ),
            )
            continue
        aims.append(Aim(wanted, Days(start, end), before))
    return aims


def _begins_alike(wanted: WantedPosting, held: Held, _today: datetime.date) -> bool:
    return wanted.start == held.days.start


def _overlaps(wanted: WantedPosting, held: Held, _today: datetime.date) -> bool:
    return wanted.start is not None and Days.between(wanted.start, wanted.end).overlaps(held.days)


def _still_running(wanted: WantedPosting, held: Held, today: datetime.date) -> bool:
    return wanted.start is None and held.days.end > today


def _until_somebody_else(
    wanted: WantedPosting,
    start: datetime.date,
    before: Held | None,
    others: list[Held],
    today: datetime.date,
    draft: Draft,
) -> datetime.date:
    """The end of a posting whose row leaves `until` blank: when the next one begins, else none."""
    next_one = min((each for each in others if each.days.start >= start), key=lambda each: each.days, default=None)
    if next_one is None:
        return datetime.date.max
    told = {
        "district": wanted.district.code,
        "name": next_one.officer_name,
        "day": day_text(next_one.days.start),
        "role": wanted.role.label,
    }
    if before is None and next_one.days.start <= today:
        draft.refuse(
            wanted.row,
            "from",
            BadCell(
                _("District %(district)s has had another posting (%(role)s) since: %(name)s, from %(day)s.") % told,
                _("Write in “from” the day this officer takes over, or in “until” the day the posting ended."),
            ),
        )
    else:
        draft.notes.append(
            RowNote(wanted.row, _("in district %(district)s %(name)s takes over (%(role)s) on %(day)s.") % told)
        )
    return next_one.days.start


def _ended(aims: list[Aim], held: list[Held], draft: Draft) -> dict[int, Step]:
    """Steps that end the postings which somebody else takes over, by the posting's number."""
    continued = {aim.held.pk for aim in aims if aim.held}
    ended: dict[int, Step] = {}
    for each in held:
        in_the_way = [aim for aim in aims if aim.days.overlaps(each.days)]
        if each.pk in continued or not in_the_way:
            continue
        first = min(in_the_way, key=lambda aim: aim.days)
        told = {
            "district": first.wanted.district.code,
            "name": each.officer_name,
            "days": each.days,
            "new": first.wanted.officer_name,
            "role": first.wanted.role.label,
        }
        if each.days.start >= first.days.start:
            draft.refuse(
                first.wanted.row,
                "from",
                BadCell(
                    _("Two officers (%(role)s) at once in district %(district)s: %(name)s is there %(days)s.") % told,
                    _("Begin later or end earlier; correct a wrong posting on the officer's page by hand."),
                ),
            )
            continue
        days = Days(each.days.start, first.days.start)
        ended[each.pk] = Step(
            Noun.POSTING,
            _("%(name)s: district %(district)s, %(role)s") % told,
            days_changes(each.days, days),
            Target(each.pk, {"during": days.bounds}),
            rows=(first.wanted.row,),
            why=_("%(new)s takes over the next day") % told,
        )
    return ended


def _refuse_two_at_once(aims: list[Aim], draft: Draft) -> None:
    for at, aim in enumerate(aims):
        other = next((each for each in aims[:at] if each.days.overlaps(aim.days)), None)
        if other:
            draft.refuse(
                aim.wanted.row,
                "districts",
                BadCell(
                    _("Two officers (%(role)s) at once in district %(district)s: row %(row)d names %(name)s.")
                    % {
                        "role": aim.wanted.role.label,
                        "district": aim.wanted.district.code,
                        "row": other.wanted.row,
                        "name": other.wanted.officer_name,
                    },
                    _("Make one of them “acting”, or end one before the other begins (columns from, until)."),
                ),
            )


def _refuse_acting_for_oneself(
    final: dict[tuple[int, str], list[tuple[str, Days, WantedPosting | None]]], draft: Draft
) -> None:
    for (district, role), acting in final.items():
        if role != Posting.Role.ACTING:
            continue
        for key, days, wanted in acting:
            for main_key, main_days, main_wanted in final.get((district, Posting.Role.MAIN), []):
                said = wanted or main_wanted
                if said and key == main_key and days.overlaps(main_days):
                    draft.refuse(
                        said.row,
                        "role",
                        BadCell(
                            _("%(name)s would be main and acting in district %(district)s at once.")
                            % {"name": said.officer_name, "district": said.district.code},
                            _("Name another officer as acting, or leave the acting row out."),
                        ),
                    )


def _posting_step(aim: Aim) -> Step:
    wanted = aim.wanted
    subject = _("%(name)s: district %(district)s, %(role)s") % {
        "name": wanted.officer_name,
        "district": wanted.district.code,
        "role": wanted.role.label,
    }
    values: dict[str, Any] = {"during": aim.days.bounds}
    if aim.held is None:
        values |= {"district_id": wanted.district.pk, "role": wanted.role}
    return Step(
        Noun.POSTING,
        subject,
        days_changes(aim.held.days if aim.held else None, aim.days),
        Target(aim.held.pk if aim.held else None, values, officer_key=wanted.officer_key),
        rows=(wanted.row,),
    )


def plan_leaves(city: City, wanted: Iterable[WantedLeave], draft: Draft) -> list[Step]:
    """The steps that add leaves or change their days."""
    held: dict[str, list[Held]] = defaultdict(list)
    for leave in Leave.objects.filter(officer__city=city).select_related("officer"):
        days = Days.between(leave.during.lower, leave.during.upper)
        held[leave.officer.key].append(Held(leave.pk, leave.officer.key, leave.officer.name_uk, days))
    steps = []
    said: dict[str, list[WantedLeave]] = defaultdict(list)
    for each in wanted:
        if any(each.days == other.days for other in said[each.officer_key]):
            continue
        twice = next((other for other in said[each.officer_key] if other.days.overlaps(each.days)), None)
        said[each.officer_key].append(each)
        meets = [other for other in held[each.officer_key] if other.days.overlaps(each.days)]
        if twice or len(meets) > 1:
            problem = (
                _("The leave overlaps the one in row %(row)d.") % {"row": twice.row}
                if twice
                else _("The leave overlaps two leaves that are known: %(days)s.")
                % {"days": ", ".join(str(other.days) for other in meets)}
            )
            draft.refuse(each.row, "leave_from", BadCell(problem, _("Write each day of absence once.")))
            continue
        before = meets[0] if meets else None
        if before is None or before.days != each.days:
            steps.append(
                Step(
                    Noun.LEAVE,
                    each.officer_name,
                    days_changes(before.days if before else None, each.days),
                    Target(before.pk if before else None, {"during": each.days.bounds}, officer_key=each.officer_key),
                    rows=(each.row,),
                )
            )
    return steps
