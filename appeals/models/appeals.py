"""A letter, who may read it, and where it stands."""

import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appeals.models.categories import Category, Lane
from appeals.words import STATE_NAMES
from appeals.workflow import ACCEPTED_STATES, OPEN_STATES, Move, allowed_from
from appeals.workflow import State as WorkflowState
from geo.models import BoundaryEdition, City, District
from geo.moments import local_day
from people.models import Membership, Officer, Posting, User


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Questions about letters. Every list starts from `visible_to`."""

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date | None = None) -> Self:
        """Letters that a user may read on a local day (today unless given).

        An officer: the districts where they are posted that day, main or acting. A supervisor: their city.
        Moderators, analysts, coordinators, administrators and visitors: none.
        """
        return self.filter(districts_open_to(user, on=on))

    def waiting(self) -> Self:
        """Letters in which the officer owes the next step."""
        return self.filter(state__in=OPEN_STATES)

    def overdue_on(self, day: datetime.date) -> Self:
        """Letters whose answer was due before a local day."""
        return self.waiting().filter(answer_due_on__lt=day)

    def most_urgent_first(self) -> Self:
        """Waiting letters by the day they are due, then the rest, newest first."""
        waiting = models.Case(models.When(state__in=OPEN_STATES, then=0), default=1)
        due = models.Case(models.When(state__in=OPEN_STATES, then=F("answer_due_on")))
        return self.order_by(waiting, due, "-received_at", "-pk")

    def with_names(self) -> Self:
        """Load what a list shows beside each letter."""
        return self.select_related("city", "district", "category", "officer")


def districts_open_to(
    user: User | AnonymousUser, *, on: datetime.date | None = None, city: str = "city", district: str = "district"
) -> Q:
    """Return the condition on rows with a city and a district: the user reads the letters from there on that day."""
    if not isinstance(user, User) or not user.is_active or user.is_superuser:
        return Q(pk__in=[])
    day = on or timezone.localdate()
    roles = Membership.objects.filter(user=user)
    own = Posting.objects.on(day).filter(
        officer__user=user, district__city__in=roles.filter(role=Membership.Role.OFFICER).values("city")
    )
    supervised = roles.filter(role=Membership.Role.SUPERVISOR)
    return Q(**{f"{district}__in": own.values("district")}) | Q(**{f"{city}__in": supervised.values("city")})


def reads_letters_in(user: User | AnonymousUser, city: City, *, on: datetime.date | None = None) -> bool:
    """Tell whether a user may read letters from any district of a city on a local day."""
    return District.objects.filter(districts_open_to(user, on=on, district="pk"), city=city).exists()


class Appeal(models.Model):
    """A letter to the officer of a district.

    It remembers how it was routed at the moment of sending (edition, rule, district, officer, why): new boundaries
    never move it. `location` (EPSG:4326) is null when the writer gave only the district. The receipt and the
    idempotency key rest as keyed hashes.
    """

    State = WorkflowState

    class Rule(models.TextChoices):
        """On what ground the district was found."""

        POLYGON = "polygon", _("the place lies in the district")
        BORDER = "border", _("the place lies near the border, the writer chose this district")
        CHOSEN = "chosen", _("the writer chose the district")

    class Why(models.TextChoices):
        """Why the letter went to this officer."""

        MAIN = "main", _("main officer of the district")
        ACTING = "acting", _("acting officer: the main one is away")
        NOBODY = "nobody", _("the district has no officer now: the supervisor answers")

    city = models.ForeignKey(City, models.PROTECT, related_name="appeals", verbose_name=_("city"))
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"), help_text=_("Counts up within the city and the year."))
    district = models.ForeignKey(District, models.PROTECT, related_name="appeals", verbose_name=_("district"))
    edition = models.ForeignKey(
        BoundaryEdition, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("edition")
    )
    officer = models.ForeignKey(
        Officer, models.PROTECT, related_name="appeals", null=True, blank=True, verbose_name=_("officer")
    )
    rule = models.CharField(_("rule"), max_length=10, choices=Rule)
    why = models.CharField(_("why this officer"), max_length=10, choices=Why)
    lane = models.CharField(_("lane"), max_length=7, choices=Lane)
    category = models.ForeignKey(Category, models.PROTECT, related_name="appeals", verbose_name=_("category"))
    text = models.TextField(_("text"))
    location = models.PointField(_("place"), srid=4326, null=True, blank=True)
    writer_name = models.CharField(_("name of the writer"), max_length=120, blank=True)
    writer_email = models.EmailField(_("e-mail of the writer"), blank=True)
    received_at = models.DateTimeField(_("received at"))
    answer_due_on = models.DateField(_("answer due on"))
    state = models.CharField(_("state"), max_length=11, choices=[(state.value, state.value) for state in WorkflowState])
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    receipt_hash = models.CharField(max_length=64, unique=True, editable=False)
    idempotency_hash = models.CharField(max_length=64, unique=True, editable=False)
    content_hash = models.CharField(max_length=64, editable=False)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["city", "year", "number"], name="appeal_number_once"),
            models.CheckConstraint(condition=Q(lane__in=["formal", "message"]), name="appeal_lane_known"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(state.value for state in WorkflowState)), name="appeal_state_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="appeal_has_text"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=False) | ~Q(state__in=sorted(ACCEPTED_STATES)),
                name="appeal_accepted_before_answered",
            ),
            models.CheckConstraint(
                condition=Q(officer__isnull=True, why="nobody") | Q(officer__isnull=False, why__in=["main", "acting"]),
                name="appeal_says_why_this_officer",
            ),
            models.CheckConstraint(
                condition=Q(location__isnull=True, rule="chosen")
                | Q(location__isnull=False, rule__in=["polygon", "border"]),
                name="appeal_rule_fits_place",
            ),
        ]
        indexes = [
            models.Index(fields=["district", "state", "answer_due_on"], name="appeal_district_due"),
            models.Index(fields=["city", "state", "answer_due_on"], name="appeal_city_due"),
        ]

    def __str__(self) -> str:
        return self.public_number

    @property
    def public_number(self) -> str:
        """The number that people quote, unique within the city: year and number."""
        return f"{self.year}-{self.number:05d}"

    @property
    def state_name(self) -> str:
        """The state in the language that is active."""
        return str(STATE_NAMES[WorkflowState(self.state)])

    @property
    def moves(self) -> tuple[Move, ...]:
        """What the table of moves allows now."""
        return allowed_from(WorkflowState(self.state))

    @property
    def is_waiting(self) -> bool:
        """Whether the officer owes the next step."""
        return self.state in OPEN_STATES

    def is_overdue_on(self, day: datetime.date) -> bool:
        """Whether the answer was due before a local day."""
        return self.is_waiting and self.answer_due_on < day

    @property
    def received_on(self) -> datetime.date:
        """The local day of receipt."""
        return local_day(self.received_at)
