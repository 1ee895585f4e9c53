"""Questions about letters: who may read which, what waits, what lies near or repeats."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.db import models
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.gis.measure import Distance
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from appeals.access import asked_once
from appeals.models.choices import OWED, Addressee, Publishing
from appeals.models.openings import Opening
from appeals.squares import squares_around
from appeals.workflow import OPEN_STATES
from appeals.workflow import State as WorkflowState
from geo.models import City, District
from geo.moments import start_of_local_day
from geo.prepared_queries import PreparedQuery, each_given, given
from people.models import Membership, Officer, Posting, User

if TYPE_CHECKING:
    from appeals.models.appeals import Appeal

SIMILAR_WITHIN_M = 250
SIMILAR_FOR = datetime.timedelta(days=90)
SOON_DAYS = 3
"""An answer that is due within so many calendar days after today is due soon."""
SPAM_CONFIRMED, SPAM_DOUBTED = "spam_confirmed", "spam_doubted"
"""Kinds of events: what a moderator said after a second look."""
REPEATS_FOR = datetime.timedelta(days=365)

UNLISTED = (
    "text_sealed", "writer_sealed", "place_sealed", "registration_sealed", "building_hash", "receipt_hash",
    "content_hash",
)  # fmt: skip
"""Columns that no list of letters shows."""
CONVERSATION = ("messages__author", "events__by", "photos", "erasures")
"""What hangs on a letter and is shown with it."""


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Questions about letters. Every list starts from `visible_to`; the database's own policies say the same."""

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date | None = None) -> Self:
        """Letters that a user may read whole on a local day (today unless given).

        An officer: those addressed to officers in the districts where they are posted that day, main or acting. A
        supervisor: their city's. Never a letter that is kept from them, and never by another door. An administrator:
        what they opened for a stated reason within the last hour. Moderators, analysts, coordinators, visitors: none.
        """
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_superuser:
            opened = Opening.objects.for_a_reason_by(user, at=timezone.now())
            return self.filter(pk__in=opened.values("appeal")).not_kept_from(user)
        own, supervised = rights_by_key(user, on=on)
        return self.of_districts_or_cities(own, supervised).not_kept_from(user)

    def of_districts_or_cities(self, own: Iterable[int], supervised: Iterable[int]) -> Self:
        """Letters to the officers of some districts, and all of some cities: keys that `rights_by_key` tells."""
        return self.filter(Q(addressee=Addressee.OFFICER, district__in=own) | Q(city__in=supervised))

    def open_to_rights_given(self) -> Self:
        """As `visible_to` for whoever is no administrator, in a prepared question: `rights_given` are its values."""
        own, supervised = each_given("own", "bigint"), each_given("supervised", "bigint")
        return self.of_districts_or_cities(own, supervised).not_kept_from(given("user", "bigint"))

    def not_kept_from(self, user: User) -> Self:
        """Letters that their writers have not kept from this person, as an officer or as a supervisor."""
        return self.filter(
            Q(recused_officer__isnull=True) | ~Q(recused_officer__in=Officer.objects.filter(user=user)),
            Q(recused_supervisor__isnull=True) | ~Q(recused_supervisor=user),
        )

    def suspected_in_cities_of(self, moderator: User) -> Self:
        """Suspected spam that a moderator may look at: its text alone, never contacts.

        Never a protected letter, nor one that its writer has kept from somebody: who else reads it is theirs to say.
        """
        moderated = Membership.objects.filter(user=moderator, role=Membership.Role.MODERATOR)
        suspected = self.filter(city__in=moderated.values("city"), state=WorkflowState.SPAM, protected=False)
        return suspected.exclude(text_sealed=b"").kept_from_nobody()

    def awaiting_second_look(self) -> Self:
        """Of suspected spam what no moderator has called spam, the longest suspected first."""
        return self.filter(spam_confirmed=False).order_by("suspected_at", "pk")

    def confirmed_as_spam(self) -> Self:
        """Of suspected spam what a moderator has called spam, the latest suspected first."""
        return self.filter(spam_confirmed=True).order_by("-suspected_at", "-pk")

    def publishable_in_cities_of(self, moderator: User) -> Self:
        """Letters whose writers let a moderator prepare them for the site: the texts alone, never contacts or photos.

        Never a protected one, one kept from somebody, or spam.
        """
        moderated = Membership.objects.filter(user=moderator, role=Membership.Role.MODERATOR, user__is_superuser=False)
        consented = self.filter(city__in=moderated.values("city"), may_publish_since__isnull=False, protected=False)
        return consented.kept_from_nobody().exclude(state=WorkflowState.SPAM)

    def with_publishing(self) -> Self:
        """Tell of each letter where it stands on its way to the site: `publishing`, a `Publishing`.

        One question of the latest version answers it: each of a letter's tables is guarded by policies of its own, and
        those are planned anew wherever a table is named.
        """
        versions = self.model._meta.get_field("public_versions").related_model._base_manager
        messages = self.model._meta.get_field("messages").related_model._base_manager
        published = self.model._meta.get_field("public_question").related_model._base_manager
        answers = messages.filter(appeal=OuterRef("appeal"), side="officer", sent_at__gt=OuterRef("at"))
        stands = models.Case(
            models.When(refused=True, then=models.Value(Publishing.REFUSED)),
            models.When(agreed=False, then=models.Value(Publishing.DECLINED)),
            models.When(models.Exists(answers), then=models.Value(Publishing.ANSWERED)),
            models.When(agreed=None, then=models.Value(Publishing.OFFERED)),
            models.When(
                models.Exists(published.filter(appeal=OuterRef("appeal"))), then=models.Value(Publishing.PUBLISHED)
            ),
            default=models.Value(Publishing.TAKEN_OFF),
        )
        latest = versions.filter(appeal=OuterRef("pk")).order_by("-number").values(stands=stands)[:1]
        return self.annotate(publishing=Coalesce(Subquery(latest), models.Value(Publishing.NEW)))

    def awaiting_text(self) -> Self:
        """After `with_publishing`: a moderator owes the next step; the longest agreed to first."""
        return self.filter(publishing__in=OWED).order_by("may_publish_since", "pk")

    def with_text(self) -> Self:
        """After `with_publishing`: a moderator owes nothing; the latest agreed to first."""
        return self.exclude(publishing__in=OWED).order_by("-may_publish_since", "-pk")

    def counted_for_everybody(self) -> Self:
        """Letters that every count holds: accepted, no spam, kept from nobody."""
        return self.kept_from_nobody().filter(accepted_at__isnull=False).exclude(state=WorkflowState.SPAM)

    def kept_from_nobody(self) -> Self:
        """Letters that no writer has kept from an officer or a supervisor."""
        return self.filter(recused_officer__isnull=True, recused_supervisor__isnull=True)

    def waiting(self) -> Self:
        """Letters in which the officer owes the next step."""
        return self.filter(state__in=OPEN_STATES)

    def overdue_on(self, day: datetime.date) -> Self:
        """Letters whose answer was due before a local day."""
        return self.waiting().filter(answer_due_on__lt=day)

    def about_building_of(self, appeal: "Appeal") -> Self:
        """Letters about the same building; none where the letter names no known building."""
        return self.of_building(city=appeal.city_id, building=appeal.building_hash)

    def of_building(self, *, city: int, building: str) -> Self:
        """Letters of a city about one building, by its hash; none of no hash: an index leaves those out."""
        return self.filter(city=city, building_hash=building).exclude(building_hash="")

    def repeats_of(self, appeal: "Appeal", *, at: datetime.datetime) -> Self:
        """Letters about the same building in the 12 months before a moment, itself included, suspected spam not."""
        return self.about_building_of(appeal).since(at - REPEATS_FOR)

    def since(self, moment: datetime.datetime) -> Self:
        """Letters received after a moment, suspected spam not."""
        return self.filter(received_at__gt=moment).exclude(state=WorkflowState.SPAM)

    def similar_to(self, appeal: "Appeal") -> Self:
        """Letters within 250 m, received within 90 days of this one.

        Never a protected one, nor any beside it: a constraint keeps their places out of the plain column.
        Squares narrow the search before metres are measured on the spheroid.
        """
        if appeal.location is None:
            return self.none()
        return self.filter(city=appeal.city_id).near(**surroundings_of(appeal))

    def near(
        self,
        *,
        letter: int,
        squares: Any,
        point: GEOSGeometry,
        first: datetime.datetime,
        last: datetime.datetime,
    ) -> Self:
        """Letters within 250 m of a point and between two moments; suspected spam and one letter not.

        `squares` are the numbers of those that touch the circle (`appeals.squares`).
        """
        return self.filter(
            square__in=squares,
            location__distance_lte=(point, Distance(m=SIMILAR_WITHIN_M), "spheroid"),
            received_at__range=(first, last),
        ).exclude(Q(pk=letter) | Q(state=WorkflowState.SPAM))

    def due_soon_after(self, day: datetime.date) -> Self:
        """Letters whose answer is due within SOON_DAYS after a local day."""
        return self.waiting().filter(soon_after(day))

    def received_between(self, first: datetime.date | None, last: datetime.date | None) -> Self:
        """Letters received from one local day to another, both included; None leaves a side open."""
        letters = self
        if first:
            letters = letters.filter(received_at__gte=start_of_local_day(first))
        if last:
            letters = letters.filter(received_at__lt=start_of_local_day(last + datetime.timedelta(days=1)))
        return letters

    def most_urgent_first(self) -> Self:
        """Waiting letters by the day they are due and then as they came; then the rest, newest first."""
        waiting = models.Case(models.When(state__in=OPEN_STATES, then=0), default=1)
        due = models.Case(models.When(state__in=OPEN_STATES, then=F("answer_due_on")))
        since = models.Case(models.When(state__in=OPEN_STATES, then=F("received_at")))
        return self.order_by(waiting, due, since, "-received_at", "-pk")

    def soonest_due_first(self) -> Self:
        """Waiting letters as `most_urgent_first` puts them, where there are no others."""
        return self.order_by("answer_due_on", "received_at", "-pk")

    def latest_first(self) -> Self:
        """Letters by the moment of receipt: how the most urgent come first where nothing is owed, by an index."""
        return self.order_by("-received_at", "-pk")

    def with_names(self) -> Self:
        """Load what a list shows beside each letter."""
        return self.select_related("city", "district", "category", "officer").defer("city__outline", "officer__phone")

    def for_list(self) -> Self:
        """Load letters of one city with the names of all else, without what no list shows, in no order."""
        unnamed = "category__guidance_uk", "category__guidance_en", "officer__phone"
        return self.select_related("district", "category", "officer").defer(*UNLISTED, *unnamed).order_by()

    def with_key(self) -> Self:
        """Load what unseals each letter."""
        return self.select_related("sealed_by")

    def with_conversation(self) -> Self:
        """Load all that was said and done since, small pictures too: for a letter that is shown whole."""
        return self.prefetch_related(*CONVERSATION)


def surroundings_of(appeal: "Appeal") -> dict[str, Any]:
    """Return what `AppealQuerySet.near` takes, of a letter with a plain place."""
    assert appeal.location is not None  # noqa: S101
    return {
        "letter": appeal.pk,
        "squares": squares_around(*appeal.location.coords, within_m=SIMILAR_WITHIN_M),
        "point": appeal.location,
        "first": appeal.received_at - SIMILAR_FOR,
        "last": appeal.received_at + SIMILAR_FOR,
    }


def days_soon_after(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last of the SOON_DAYS after a local day."""
    return day + datetime.timedelta(days=1), day + datetime.timedelta(days=SOON_DAYS)


def soon_after(day: datetime.date) -> Q:
    """Return the condition on letters that their answer is due within SOON_DAYS after a local day."""
    return Q(answer_due_on__range=days_soon_after(day))


def rights_given(user: User) -> dict[str, Any]:
    """Return the values of `AppealQuerySet.open_to_rights_given`: what a person may read today."""
    own, supervised = rights_by_key(user)
    return {"own": own, "supervised": supervised, "user": user.pk}


def reading_rights(
    user: User, *, on: datetime.date | None = None, city: str = "city", district: str = "district"
) -> tuple[Q, Q]:
    """Return two conditions on rows with a city and a district: it is an officer's own that day; it is supervised."""
    own, supervised = rights_by_key(user, on=on)
    return Q(**{f"{district}__in": own}), Q(**{f"{city}__in": supervised})


OWN_DISTRICTS: Final = PreparedQuery(
    lambda: (
        Posting.objects.on(given("day", "date"))
        .filter(officer__user=given("user", "bigint"), district__city__in=each_given("cities", "bigint"))
        .values_list("district", "district__city")
    )
)
"""Where an officer is posted on a local day, in the cities where they are one: districts with their cities."""


def rights_by_key(user: User, *, on: datetime.date | None = None) -> tuple[list[int], list[int]]:
    """Return the keys of the districts that are an officer's own that day, and of the cities that are supervised.

    Asked at once: with the keys in hand an index finds the rows; with subqueries beside OR every letter is read. The
    roles are those that a page of the staff fetched as it was opened, where it did. An administrator has none.
    """
    own, supervised = _rights(user, on or timezone.localdate())
    return list(own), supervised


def cities_served_by(user: User, *, on: datetime.date | None = None) -> set[int]:
    """Return the keys of the cities where the districts lie that are an officer's own on a local day."""
    own, _supervised = _rights(user, on or timezone.localdate())
    return set(own.values())


def _rights(user: User, day: datetime.date) -> tuple[dict[int, int], list[int]]:
    """Return the districts of `rights_by_key`, each with its city, and the cities."""
    if not user.is_active or user.is_superuser:
        return {}, []
    return asked_once(("rights", user.pk, day), lambda: _rights_asked(user, day))


def _rights_asked(user: User, day: datetime.date) -> tuple[dict[int, int], list[int]]:
    cities = user.cities_by_role()
    as_officer = cities[Membership.Role.OFFICER]
    own = OWN_DISTRICTS.rows(day=day, user=user.pk, cities=as_officer) if as_officer else []
    return dict(own), cities[Membership.Role.SUPERVISOR]


def own_districts(user: User | AnonymousUser, *, on: datetime.date) -> set[int]:
    """Return the keys of the districts where an officer is posted on a local day, main or acting."""
    if not isinstance(user, User) or not user.is_active:
        return set()
    return set(Posting.objects.on(on).filter(officer__user=user).values_list("district", flat=True))


def districts_open_to(
    user: User | AnonymousUser, *, on: datetime.date | None = None, city: str = "city", district: str = "district"
) -> Q:
    """Return the condition on rows with a city and a district: the user reads the letters from there on that day."""
    if not isinstance(user, User) or not user.is_active or user.is_superuser:
        return Q(pk__in=[])
    own, supervised = reading_rights(user, on=on, city=city, district=district)
    return own | supervised


WITH_DISTRICTS: Final = PreparedQuery(
    lambda: (
        City.objects.filter(Exists(District.objects.filter(city=OuterRef("pk"))), pk__in=each_given("cities", "bigint"))
        .order_by()
        .values_list("pk", flat=True)
    )
)
"""Those of some cities that have a district."""


def reads_letters_in(user: User | AnonymousUser, city: City, *, on: datetime.date | None = None) -> bool:
    """Tell whether a user may read letters from any district of a city on a local day."""
    if not isinstance(user, User):
        return False
    _own, supervised = rights_by_key(user, on=on)
    return city.pk in cities_served_by(user, on=on) or (
        city.pk in supervised
        and asked_once(("has districts", city.pk), lambda: bool(WITH_DISTRICTS.rows(cities=[city.pk])))
    )


def cities_read_by(user: User | AnonymousUser, *, on: datetime.date | None = None) -> set[int]:
    """Return the keys of the cities from any district of which a user may read letters on a local day."""
    if not isinstance(user, User):
        return set()
    _own, supervised = rights_by_key(user, on=on)
    return cities_served_by(user, on=on) | set(WITH_DISTRICTS.rows(cities=supervised) if supervised else [])
