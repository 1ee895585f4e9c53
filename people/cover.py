"""On which days nobody answers for a district: postings without the leaves of those who are posted. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from people.importing.plan import Days


def days_without_anybody(
    postings: Iterable[tuple[int, Days]], leaves: Mapping[int, Sequence[Days]], *, within: Days
) -> list[Days]:
    """Return the spans of days, in order, on which no posted officer is there.

    `postings` are (officer, days) of one district, main or acting alike; `leaves` are days away by officer. What stands
    is the same from one change to the next, so only the days on which something changes are looked at.
    """
    posted = [(officer, days) for officer, days in postings if days.overlaps(within)]
    spans = [days for _officer, days in posted]
    spans += [away for officer, _days in posted for away in leaves.get(officer, ())]
    changes = {day for days in spans for day in (days.start, days.end) if within.start < day < within.end}
    starts = [within.start, *sorted(changes)]
    empty: list[Days] = []
    for start, end in zip(starts, [*starts[1:], within.end], strict=True):
        here = Days(start, end)
        is_served = any(
            days.overlaps(here) and not any(away.overlaps(here) for away in leaves.get(officer, ()))
            for officer, days in posted
        )
        if is_served:
            continue
        if empty and empty[-1].end == start:
            empty[-1] = Days(empty[-1].start, end)
        else:
            empty.append(here)
    return empty
