"""Letters that their writers let be read by everybody: the versions a moderator prepares, and what is published."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, ClassVar, Final, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appeals.models.appeals import Appeal
from appeals.models.categories import Category
from appeals.models.sealed import SealedRow
from geo.cells import Bounds, bounds_of, side_m
from geo.models import City, District

ZOOM: Final = 16
"""The place of a published letter is a cell of this zoom: about 400 m in Ukraine (docs/adr/0027)."""

AGREED_AND_PUBLISHABLE = """
    SELECT * INTO letter FROM appeals_appeal WHERE id = NEW.appeal_id;
    IF letter.id IS NULL OR letter.may_publish_since IS NULL OR letter.protected OR letter.state = 'spam'
        OR letter.recused_officer_id IS NOT NULL OR letter.recused_supervisor_id IS NOT NULL
        OR letter.text_sealed = ''
        OR EXISTS (SELECT FROM appeals_category WHERE id = letter.category_id AND protected)
        OR (
            (TG_OP = 'INSERT' OR NEW.version_id <> OLD.version_id)
            AND NOT EXISTS (SELECT FROM geo_city WHERE id = letter.city_id AND stage IN ('pilot', 'open'))
        )
    THEN
        RAISE EXCEPTION 'This letter is never published.';
    END IF;
    IF NOT EXISTS (
        SELECT FROM appeals_publicversion AS v
        WHERE v.id = NEW.version_id AND v.appeal_id = NEW.appeal_id AND v.agreed
            AND v.agreed_hash = encode(sha256(convert_to(
                length(NEW.question) || ':' || NEW.question || NEW.answer || chr(31) || coalesce(NEW.cell::text, ''),
                'UTF8'
            )), 'hex')
    ) THEN
        RAISE EXCEPTION 'Nothing is published but the version that the writer agreed to.';
    END IF;
    NEW.city_id := letter.city_id;
    NEW.district_id := letter.district_id;
    NEW.category_id := letter.category_id;
    NEW.asked_on := (letter.received_at AT TIME ZONE 'Europe/Kyiv')::date;
    NEW.answered_on := letter.answered_on;
    NEW.is_open := letter.state IN ('received', 'accepted', 'in_progress', 'reopened');
    RETURN NEW;
"""
"""Whoever writes the row: the letter may be published, the text is the agreed one, and the facts are the letter's.

A row of a city that closed since is shown to nobody, and still follows its letter: the officer's answer is not refused.
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What everybody would read: both texts, and the cell of zoom ZOOM, None where no place is shown."""

    question: str
    answer: str = ""
    cell: int | None = None

    @property
    def hash(self) -> str:
        """SHA-256 of all of it; the database computes the same before it lets the text be published."""
        cell = "" if self.cell is None else self.cell
        return hashlib.sha256(f"{len(self.question)}:{self.question}{self.answer}\x1f{cell}".encode()).hexdigest()


class PublicVersion(SealedRow):
    """One version that a moderator prepared for the site, or with `refused` their word that none will be.

    Sealed until its writer agrees to it. It is decided once and never changed: another text is another version.
    """

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="public_versions", verbose_name=_("appeal"))
    number = models.PositiveSmallIntegerField(_("number"))
    refused = models.BooleanField(_("refused"), default=False)
    body_sealed = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("moderator"))
    at = models.DateTimeField(_("when"))
    agreed = models.BooleanField(_("the writer agreed"), null=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    agreed_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("version to be published")
        verbose_name_plural = _("versions to be published")
        ordering: ClassVar[list[Any]] = ["appeal", "number"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "number"], name="public_version_number_once"),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True, decided_at__isnull=True, agreed_hash="")
                | (Q(agreed=False, decided_at__isnull=False, agreed_hash="") & Q(refused=False))
                | (Q(agreed=True, decided_at__isnull=False, refused=False) & ~Q(agreed_hash="")),
                name="public_version_decided_whole",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="public_version_stays", fields=["appeal", "number", "refused", "body_sealed", "by", "at"]
            ),
            pgtrigger.Protect(
                name="public_version_decided_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id}: {self.number}"

    @property
    def letter_key(self) -> bytes:
        """The letter's."""
        return self.appeal.letter_key

    @property
    def sealed_as(self) -> str:
        """The letter and the number: unique together."""
        return f"{self.appeal_id} {self.number}"

    def put(self, shown: Shown) -> Self:
        """Seal what everybody would read."""
        self.seal("body", json.dumps(asdict(shown)))
        return self

    def put_reason(self, reason: str) -> Self:
        """Seal why nothing is published."""
        self.seal("body", json.dumps({"question": "", "reason": reason}))
        return self

    @cached_property
    def shown(self) -> Shown:
        """What everybody would read; nothing where it was refused."""
        told = json.loads(self.unseal("body"))
        told.pop("reason", None)
        return Shown(**told)

    @property
    def reason(self) -> str:
        """Why nothing is published, in the moderator's words."""
        return str(json.loads(self.unseal("body")).get("reason", ""))

    @property
    def waits_for_writer(self) -> bool:
        """Whether the writer has not decided about it yet."""
        return not self.refused and self.agreed is None


class PublicQuestionQuerySet(models.QuerySet["PublicQuestion"]):
    """Questions about what is published."""

    def of_city(self, city: City) -> Self:
        """What a served city shows, the latest question first."""
        return self.filter(city=city, city__stage__in=City.SERVED_STAGES).order_by("-asked_on", "-pk")

    def open(self) -> Self:
        """Those that wait for an answer."""
        return self.filter(is_open=True)

    def answered(self) -> Self:
        """Those that were answered, and wait for no other word."""
        return self.filter(is_open=False, answered_on__isnull=False)


class PublicQuestion(models.Model):
    """A question and its answer as everybody reads them: plain, on purpose, and gone when the row is.

    Only `question`, `answer` and `cell` are written: a trigger compares them with the agreed version and takes
    everything else from the letter (docs/adr/0027).
    """

    appeal = models.OneToOneField(Appeal, models.CASCADE, related_name="public_question", verbose_name=_("appeal"))
    version = models.OneToOneField(PublicVersion, models.CASCADE, related_name="+", verbose_name=_("version"))
    city = models.ForeignKey(City, models.PROTECT, related_name="+", db_index=False, verbose_name=_("city"))
    district = models.ForeignKey(
        District, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("field", "district")
    )
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name=_("category"))
    question = models.TextField(_("question"))
    answer = models.TextField(_("answer"), blank=True)
    cell = models.BigIntegerField(_("cell"), null=True, blank=True)
    asked_on = models.DateField(_("asked on"))
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    is_open = models.BooleanField(_("waits for an answer"))
    published_on = models.DateField(_("published on"))

    objects = PublicQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("published question")
        verbose_name_plural = _("published questions")
        ordering: ClassVar[list[Any]] = ["-asked_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="public_question_has_words"),
            models.CheckConstraint(
                condition=Q(cell__isnull=True) | Q(cell__gte=0, cell__lt=4**ZOOM), name="public_question_cell_is_coarse"
            ),
        ]
        indexes = [models.Index(fields=["city", "-asked_on"], name="public_question_newest")]
        triggers = [
            pgtrigger.Trigger(
                name="agreed_and_publishable",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("letter", "appeals_appeal%ROWTYPE")],
                func=AGREED_AND_PUBLISHABLE,
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.asked_on}"

    @property
    def bounds(self) -> Bounds | None:
        """The square of its place, in degrees."""
        return None if self.cell is None else bounds_of(self.cell, ZOOM)

    @property
    def side_m(self) -> int | None:
        """How wide the square is on the ground, in metres, rounded to tens."""
        return None if self.bounds is None else round(side_m(self.bounds.centre[1], ZOOM) / 10) * 10
