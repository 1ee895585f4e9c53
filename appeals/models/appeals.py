"""A letter: who wrote what to whom, and where it stands."""

import datetime

import pgtrigger
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appeals.models.bodies import Body
from appeals.models.categories import Category
from appeals.models.choices import OF_WRITERS_OWN_HAND, Addressee, AnswerBy, Lane, Rating, Source, Stance
from appeals.models.contents import SealedContents
from appeals.models.questions import AppealQuerySet
from appeals.words import STATE_NAMES
from appeals.workflow import ACCEPTED_STATES, OPEN_STATES, Move, Side, allowed_from
from appeals.workflow import Lane as WorkflowLane
from appeals.workflow import State as WorkflowState
from geo.models import BoundaryEdition, City, District, TerritoryList
from geo.moments import local_day
from people.models import Officer, User

EMPTIED_BY_ITS_TASK = """
    IF current_setting('letters.task', true) IS DISTINCT FROM 'erase' OR NOT EXISTS (
        SELECT FROM appeals_erasure AS e
        WHERE e.appeal_id = OLD.id AND e.what = CASE WHEN NEW.text_sealed = '' THEN 'letter' ELSE 'contacts' END
    ) THEN
        RAISE EXCEPTION 'A letter is erased by its own task, and leaves a tombstone.';
    END IF;
    RETURN NEW;
"""
"""Only the task that erases empties a letter or its writer, once a tombstone is written."""
KEEPS_WHAT_IS_PUBLISHED_TRUE = """
    IF NEW.may_publish_since IS NULL OR NEW.protected OR NEW.state = 'spam' OR NEW.text_sealed = ''
        OR NEW.recused_officer_id IS NOT NULL OR NEW.recused_supervisor_id IS NOT NULL
    THEN
        DELETE FROM appeals_publicquestion WHERE appeal_id = NEW.id;
    ELSE
        UPDATE appeals_publicquestion SET published_on = published_on WHERE appeal_id = NEW.id;
    END IF;
    RETURN NULL;
"""
"""What may no longer be public is gone with the change that says so; its state and topic follow the letter's."""

TOLD_OF_ANSWERS = (
    "id", "district", "officer", "addressee", "receipt_hash", "recused_officer", "recused_supervisor", "protected",
    "state", "may_publish_since", "first_word_on", "answered_on", "answer_due_on", "first_due_on", "rating",
)  # fmt: skip
"""What statistics, reports and the policies ask of a letter: an index holds it, for a letter lies wide."""


class Appeal(SealedContents):
    """A letter to the officer of a district, or to the supervisors where it is kept from the officer.

    It remembers how it was routed at the moment of sending (edition, list of streets, rule, district, officer, why):
    new boundaries never move it. Text, writer and place are sealed. `location` (EPSG:4326) repeats the point of an
    ordinary letter for maps; of a protected one only the district and `building_hash`, a keyed hash of the house, are
    plain. The receipt and the idempotency key rest as keyed hashes.
    """

    State = WorkflowState

    class Rule(models.TextChoices):
        """On what ground the district was found."""

        LIST = "list", _("the list of streets names the address")
        POLYGON = "polygon", _("the place lies in the district")
        BORDER = "border", _("the place lies near the border, the writer chose this district")
        CHOSEN = "chosen", _("the writer chose the district")

    class Why(models.TextChoices):
        """Why the letter went to this officer, or to nobody but the supervisors."""

        MAIN = "main", _("main officer of the district")
        ACTING = "acting", _("acting officer: the main one is away")
        NOBODY = "nobody", _("the district has no officer now: the supervisor answers")
        KEPT = "kept", _("the writer asked that it be kept from somebody: a supervisor answers")
        HANDED = "handed", _("handed to the supervisors")

    # Without an index of their own are those with which one below begins, or which few letters have: each index costs
    # every letter that is sent.
    city = models.ForeignKey(City, models.PROTECT, related_name="appeals", db_index=False, verbose_name=_("city"))
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"), help_text=_("Counts up within the city and the year."))
    district = models.ForeignKey(
        District,
        models.PROTECT,
        related_name="appeals",
        db_index=False,
        verbose_name=pgettext_lazy("field", "district"),
    )
    edition = models.ForeignKey(
        BoundaryEdition, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("edition")
    )
    territory_list = models.ForeignKey(
        TerritoryList,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("list of streets"),
    )
    rule = models.CharField(pgettext_lazy("field", "rule"), max_length=10, choices=Rule)
    addressee = models.CharField(_("addressee"), max_length=10, choices=Addressee, default=Addressee.OFFICER)
    officer = models.ForeignKey(
        Officer, models.PROTECT, related_name="appeals", null=True, blank=True, verbose_name=_("officer")
    )
    why = models.CharField(_("why this officer"), max_length=10, choices=Why)
    recused_officer = models.ForeignKey(
        Officer,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("kept from this officer"),
    )
    recused_supervisor = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("kept from this supervisor"),
    )
    lane = models.CharField(_("lane"), max_length=7, choices=Lane)
    category = models.ForeignKey(Category, models.PROTECT, related_name="appeals", verbose_name=_("category"))
    stance = models.CharField(_("for whom"), max_length=7, choices=Stance, default=Stance.MYSELF)
    source = models.CharField(_("how it came"), max_length=5, choices=Source, default=Source.WEB)
    answer_by = models.CharField(_("how the writer learns of it"), max_length=7, choices=AnswerBy)
    received_at = models.DateTimeField(_("received at"))
    clock_from = models.DateField(
        _("clock runs from"), help_text=_("Day 0: received, asked again, completed, upgraded.")
    )
    answer_due_on = models.DateField(_("answer due on"))
    answered_on = models.DateField(_("answered on"), null=True, blank=True, help_text=_("The office's last word."))
    first_word_on = models.DateField(
        _("first answered on"), null=True, blank=True, help_text=_("The office's first word that lets nobody wait on.")
    )
    first_due_on = models.DateField(_("first answer was due on"), null=True, blank=True)
    first_read_at = models.DateTimeField(_("first read by the staff"), null=True, blank=True)
    rating = models.CharField(_("rating"), max_length=6, choices=Rating, blank=True)
    rated_at = models.DateTimeField(_("rated at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=11, choices=[(state.value, state.value) for state in WorkflowState])
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    suspected_at = models.DateTimeField(_("set aside as spam at"), null=True, blank=True)
    spam_confirmed = models.BooleanField(_("a moderator said that it is spam"), default=False)
    forwarded_to = models.ForeignKey(
        Body, models.PROTECT, related_name="+", null=True, blank=True, db_index=False, verbose_name=_("forwarded to")
    )
    may_publish_since = models.DateTimeField(
        _("may be published since"), null=True, blank=True, help_text=_("The writer's consent; empty: none.")
    )
    content_hash = models.CharField(max_length=64, editable=False)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["city", "year", "number"], name="appeal_number_once"),
            # One key makes one receipt: this refuses the second of equal submissions. Not `unique=True`: that makes an
            # index for LIKE beside it, which nobody asks.
            models.UniqueConstraint(fields=["receipt_hash"], name="appeal_receipt_once"),
            *(
                models.CheckConstraint(condition=Q(**{f"{field}__in": choices.values}), name=f"appeal_{field}_known")
                for field, choices in (
                    ("lane", Lane),
                    ("addressee", Addressee),
                    ("stance", Stance),
                    ("source", Source),
                    ("answer_by", AnswerBy),
                )
            ),
            models.CheckConstraint(
                condition=Q(rating="", rated_at__isnull=True)
                | Q(rating__in=Rating.values, rated_at__isnull=False, answered_on__isnull=False),
                name="appeal_rated_after_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(state.value for state in WorkflowState)), name="appeal_state_known"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=False) | ~Q(state__in=sorted(ACCEPTED_STATES)),
                name="appeal_accepted_before_answered",
            ),
            models.CheckConstraint(
                condition=Q(state="spam", suspected_at__isnull=False)
                | (~Q(state="spam") & Q(suspected_at__isnull=True, spam_confirmed=False)),
                name="appeal_spam_since",
            ),
            models.CheckConstraint(
                condition=Q(officer__isnull=True, why__in=["nobody", "kept", "handed"])
                | Q(officer__isnull=False, why__in=["main", "acting"]),
                name="appeal_says_why_this_officer",
            ),
            models.CheckConstraint(
                condition=Q(addressee="officer", recused_officer__isnull=True, recused_supervisor__isnull=True)
                | Q(addressee="supervisor", officer__isnull=True),
                name="appeal_kept_letters_go_above",
            ),
            models.CheckConstraint(
                condition=Q(rule="chosen") | Q(place_sealed__isnull=False), name="appeal_rule_fits_place"
            ),
            models.CheckConstraint(
                condition=Q(protected=False) | Q(location__isnull=True), name="appeal_protected_place_is_sealed"
            ),
            models.CheckConstraint(
                condition=Q(first_word_on__isnull=False) | Q(first_due_on__isnull=True),
                name="appeal_first_due_with_its_answer",
            ),
            # Whoever puts letters in, by whatever way: without its day an answer counts as withdrawn in statistics.
            models.CheckConstraint(
                condition=Q(first_word_on__isnull=False) | ~Q(state__in=["answered", "forwarded", "returned"]),
                name="appeal_answered_has_its_first_word",
            ),
            models.CheckConstraint(
                condition=Q(state="forwarded", forwarded_to__isnull=False)
                | (~Q(state="forwarded") & Q(forwarded_to__isnull=True)),
                name="appeal_forwarded_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(may_publish_since__isnull=True)
                | Q(
                    protected=False,
                    recused_officer__isnull=True,
                    recused_supervisor__isnull=True,
                    source__in=OF_WRITERS_OWN_HAND,
                ),
                name="appeal_never_published",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="appeal_is_emptied_by_its_task",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((NEW.text_sealed = '' AND OLD.text_sealed <> '')"
                    " OR (NEW.writer_sealed = '' AND OLD.writer_sealed <> ''))"
                ),
                func=EMPTIED_BY_ITS_TASK,
            ),
            pgtrigger.Trigger(
                name="appeal_keeps_published_true",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
                    "may_publish_since",
                    "protected",
                    "state",
                    "text_sealed",
                    "recused_officer_id",
                    "recused_supervisor_id",
                    "category_id",
                    "district_id",
                    "answered_on",
                ),
                condition=pgtrigger.Condition("(OLD.may_publish_since IS NOT NULL)"),
                func=KEEPS_WHAT_IS_PUBLISHED_TRUE,
            ),
        ]
        indexes = [
            models.Index(fields=["district", "state", "answer_due_on"], name="appeal_district_due"),
            models.Index(fields=["city", "state", "answer_due_on"], name="appeal_city_due"),
            models.Index(fields=["city", "received_at"], include=TOLD_OF_ANSWERS, name="appeal_city_answers"),
            models.Index(fields=["city", "square", "received_at"], name="appeal_square_received"),
            models.Index(
                fields=["city", "spam_confirmed", "suspected_at"],
                condition=Q(state="spam"),
                name="appeal_suspected",
            ),
            models.Index(
                fields=["city", "building_hash", "received_at"], condition=~Q(building_hash=""), name="appeal_building"
            ),
            models.Index(
                fields=["city", "may_publish_since"],
                condition=Q(may_publish_since__isnull=False),
                name="appeal_may_publish",
            ),
            *(
                models.Index(fields=[field], condition=Q(**{f"{field}__isnull": False}), name=f"appeal_{field}")
                for field in ("territory_list", "recused_officer", "recused_supervisor", "forwarded_to")
            ),
        ]

    def __str__(self) -> str:
        return self.public_number

    @property
    def open_contacts(self) -> frozenset[str]:
        """By which of the writer's contacts, `email` and `phone`, the office may reach them.

        Of a protected letter only by the one that they chose: the other stands there for the law alone, and somebody
        else may answer it. With the receipt as their way, by none.
        """
        if self.protected or self.answer_by == AnswerBy.RECEIPT:
            return frozenset({self.answer_by} - {AnswerBy.RECEIPT})
        return frozenset({AnswerBy.EMAIL, AnswerBy.PHONE})

    @property
    def has_lost_its_name(self) -> bool:
        """Whether it is a formal appeal that no longer says who wrote: nobody can consider it anew."""
        return self.lane == Lane.FORMAL and self.has_no_writer

    @property
    def erased_on(self) -> datetime.date | None:
        """The local day on which the letter was erased."""
        days = (local_day(each.erased_at) for each in self.erasures.all() if each.what == "letter")
        return next(days, None) if self.is_erased else None

    @property
    def public_number(self) -> str:
        """The number that people quote, unique within the city: year and number."""
        return f"{self.year}-{self.number:05d}"

    @property
    def state_name(self) -> str:
        """The state in the language that is active."""
        return str(STATE_NAMES[WorkflowState(self.state)])

    @property
    def awaits_second_look(self) -> bool:
        """Whether it is suspected spam that a moderator is to look at: `AppealQuerySet.suspected_in_cities_of`."""
        is_kept = self.recused_officer_id is not None or self.recused_supervisor_id is not None
        is_suspected = self.state == WorkflowState.SPAM and not self.spam_confirmed
        return is_suspected and not (self.protected or is_kept or self.is_erased)

    def moves_of(self, side: Side) -> tuple[Move, ...]:
        """What the table of moves allows a side now."""
        return allowed_from(WorkflowState(self.state), by=side, lane=WorkflowLane(self.lane))

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
