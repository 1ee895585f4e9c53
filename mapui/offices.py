"""Where somebody of the staff begins: every city of theirs with what waits there, in as many questions as for one."""

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from analysis.released import READERS_OF_RELEASES
from appeals.models import Appeal, AppealQuerySet, CardReport, cities_read_by, rights_given
from appeals.undelivered import undelivered_by_city
from geo.models import City
from geo.prepared_queries import PreparedQuery, answers_of, each_given, given
from people.models import KEEPERS, Membership, Officer, Proposal, User
from people.phones import unchecked_by_city
from people.proposal_rules import kinds_decided_by

SEES_CHANGES = (*KEEPERS, Membership.Role.OFFICER)
RUNNERS = (Membership.Role.COORDINATOR, Membership.Role.SUPERVISOR)


ALL_CITIES: Final = PreparedQuery(lambda: City.objects.defer("outline"))
CITIES: Final = PreparedQuery(lambda: City.objects.defer("outline").filter(pk__in=each_given("cities", "bigint")))
REPORTED: Final = PreparedQuery(lambda: _of_cities(CardReport.objects.open(), "city"))
PROPOSED: Final = PreparedQuery(lambda: _of_cities(Proposal.objects.waiting(), "city", "kind"))
CARDS: Final = PreparedQuery(
    lambda: Officer.objects.filter(user=given("user", "bigint")).order_by().values_list("city", "pk")
)


def _of_cities(rows: QuerySet[Any], *columns: str) -> Any:
    return rows.filter(city__in=each_given("cities", "bigint")).order_by().values_list(*columns).annotate(n=Count("pk"))


def offices_of(user: User, *, on: datetime.date) -> list[dict[str, Any]]:
    """Return what the first page shows of each city of a person; of all cities for a superuser."""
    held: dict[int, list[Membership]] = {}
    for membership in user.memberships.all():
        held.setdefault(membership.city_id, []).append(membership)
    cities = ALL_CITIES.rows() if user.is_superuser else CITIES.rows(cities=list(held))
    shown = {city.pk for city in cities if city.stage in City.OFFICE_STAGES}
    counted = {city.pk for city in cities if city.stage in City.PAGE_STAGES and not city.is_copy}
    reads = cities_read_by(user, on=on)
    facts = facts_by_city(user, on=on) if reads else {}
    roles = {city.pk: {membership.role for membership in held.get(city.pk, [])} for city in cities}
    runs = {pk for pk, those in roles.items() if user.is_superuser or those & set(RUNNERS)}
    moderates = {pk for pk, those in roles.items() if Membership.Role.MODERATOR in those}
    to_prepare = texts_to_prepare(user) if moderates else {}
    keeps = {pk for pk, those in roles.items() if user.is_superuser or those & set(KEEPERS)}
    unchecked = unchecked_by_city({city.pk for city in cities if city.pk in keeps and not city.is_copy}, on=on)
    proposals = proposals_by_city(user, roles)
    second_look = Appeal.objects.suspected_in_cities_of(user).awaiting_second_look()
    suspected = dict(second_look.order_by().values_list("city").annotate(Count("pk"))) if moderates else {}
    reported = dict(REPORTED.rows(cities=list(roles)))
    cards = dict(CARDS.rows(user=user.pk))
    undelivered = undelivered_by_city(user, runs, reads=reads)
    return [
        {
            "city": city,
            "roles": held.get(city.pk, []),
            "runs": city.pk in runs,
            "coordinates": user.is_superuser or Membership.Role.COORDINATOR in roles[city.pk],
            "moderates": city.pk in moderates,
            "to_prepare": to_prepare.get(city.pk, 0),
            "keeps_phones": city.pk in unchecked,
            "unchecked": unchecked.get(city.pk, 0),
            "sees_changes": not city.is_copy and (user.is_superuser or bool(roles[city.pk] & set(SEES_CHANGES))),
            "keeps_cards": not city.is_copy and (user.is_superuser or bool(roles[city.pk] & set(KEEPERS))),
            "card": None if city.is_copy or Membership.Role.OFFICER not in roles[city.pk] else cards.get(city.pk),
            "suspected": suspected.get(city.pk, 0),
            "reported": reported.get(city.pk, 0),
            "to_decide": proposals.get(city.pk, 0),
            "undelivered": undelivered.get(city.pk, 0),
            "opens_for_a_reason": user.is_superuser and city.pk in shown,
            "supervises": city.pk in shown and Membership.Role.SUPERVISOR in roles[city.pk],
            "facts": facts.get(city.pk, NO_FACTS) if city.pk in shown & reads else None,
            "counts": city.pk in counted and (city.pk in reads or bool(roles[city.pk] & set(READERS_OF_RELEASES))),
        }
        for city in cities
    ]


def most_urgent_first(offices: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what `offices_of` tells: cities with overdue letters first, then with letters due today."""
    return sorted(offices, key=lambda each: _urgency(each["facts"] or NO_FACTS))


def _urgency(facts: Mapping[str, int]) -> tuple[bool, bool]:
    return not facts["overdue"], not facts["due_today"]


def sums_of(offices: Iterable[Mapping[str, Any]]) -> dict[str, int] | None:
    """Return the facts of all cities together; None where letters of less than two are read."""
    read = [each["facts"] for each in offices if each["facts"]]
    return {name: sum(facts[name] for facts in read) for name in NO_FACTS} if len(read) > 1 else None


def texts_to_prepare(moderator: User) -> dict[int, int]:
    """Count, by city, the letters that wait for a moderator to prepare them for the site."""
    letters: AppealQuerySet = Appeal.objects.publishable_in_cities_of(moderator).with_publishing().awaiting_text()
    return dict(letters.order_by().values_list("city").annotate(Count("pk")))


def proposals_by_city(user: User, roles: Mapping[int, Collection[str]]) -> dict[int, int]:
    """Count, by city, the changes of cards and texts that wait for a person to decide; `roles` are theirs by city."""
    counts: Counter[int] = Counter()
    for city, kind, count in PROPOSED.rows(cities=list(roles)):
        if kind in kinds_decided_by(roles[city], is_superuser=user.is_superuser):
            counts[city] += count
    return counts


NO_FACTS = {"waiting": 0, "due_today": 0, "overdue": 0}


def facts_in(city: City, user: User, *, on: datetime.date) -> dict[str, int]:
    """Count what waits in a city, what is due on a local day and what is overdue, of what a person may read."""
    return facts_by_city(user, on=on, among=[city.pk]).get(city.pk, NO_FACTS)


def facts_by_city(user: User, *, on: datetime.date, among: Collection[int] | None = None) -> dict[int, dict[str, int]]:
    """Return the same for each city in which something waits, or of those they supervise for some alone.

    An administrator reads none, but for one that they opened.
    """
    if user.is_superuser:
        return {}
    values = rights_given(user) | {"day": on}
    if among is not None:
        values["supervised"] = [city for city in values["supervised"] if city in among]
    found = answers_of(*(query.asked(**values) for query in FACTS))
    return {city: dict(zip(NO_FACTS, counts, strict=True)) for rows in found for city, *counts in rows}


def _by_city(letters: AppealQuerySet) -> Any:
    return letters.waiting().order_by().values_list("city").annotate(**_facts(given("day", "date")))


def _facts(on: datetime.date) -> dict[str, Count]:
    return {
        "waiting": Count("pk"),
        "due_today": Count("pk", filter=Q(answer_due_on=on)),
        "overdue": Count("pk", filter=Q(answer_due_on__lt=on)),
    }


def _given_to(own: Any, supervised: Any) -> AppealQuerySet:
    letters: AppealQuerySet = Appeal.objects.of_districts_or_cities(own, supervised)
    return letters.not_kept_from(given("user", "bigint"))


FACTS: Final = (
    PreparedQuery(lambda: _by_city(_given_to([], each_given("supervised", "bigint")))),
    PreparedQuery(
        lambda: _by_city(
            _given_to(each_given("own", "bigint"), []).exclude(city__in=each_given("supervised", "bigint"))
        )
    ),
)
"""Of supervised cities, and of one's own districts elsewhere: each has an index, both beside OR have none."""
