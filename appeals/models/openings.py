"""Who opened which letter: a log that nobody can change, and that the supervisor reads."""

import datetime
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appeals.models.sealed import LetterKey, SealedRow
from geo.moments import end_of_local_day, start_of_local_day

REASON_HOLDS_FOR = datetime.timedelta(hours=1)
"""So long an administrator reads a letter that they opened for a stated reason."""


GOES_WITH_ITS_DAY = """
    IF current_setting('letters.task', true) IS DISTINCT FROM 'erase' OR NOT EXISTS (
        SELECT FROM appeals_openingdigest WHERE day = (OLD.opened_at AT TIME ZONE 'Europe/Kyiv')::date
    ) THEN
        RAISE EXCEPTION 'An opening goes when its time is over, by the task that erases, and leaves a digest.';
    END IF;
    RETURN OLD;
"""
"""Only the task that erases deletes openings, and only those of days whose digest is written down."""


class OpeningQuerySet(models.QuerySet["Opening"]):
    """Questions about openings."""

    def on(self, day: datetime.date) -> Self:
        """Those of one local day."""
        return self.filter(opened_at__range=(start_of_local_day(day), end_of_local_day(day)))

    def of_letters(self, letters: models.QuerySet[Any]) -> Self:
        """Openings of some letters, the last first, found from the end of the log.

        Each is asked for its letter: of “in” PostgreSQL makes a list of all letters before it reads the first opening,
        and without CASE it takes them for so few that it sorts the whole log.
        """
        its_letter = letters.filter(pk=models.OuterRef("appeal")).order_by().values("pk")[:1]
        theirs = models.When(appeal=models.Subquery(its_letter), then=True)
        is_theirs = models.Case(theirs, default=False, output_field=models.BooleanField())
        return self.alias(is_theirs=is_theirs).filter(is_theirs=True).order_by("-opened_at", "-pk")

    def for_a_reason_by(self, user: models.Model, *, at: datetime.datetime) -> Self:
        """An administrator's openings whose reason still holds at a moment."""
        held = self.filter(user=user, opened_at__gt=at - REASON_HOLDS_FOR, opened_at__lte=at)
        return held.filter(reason_sealed__isnull=False)


class Opening(SealedRow):
    """One person of the staff opened one letter; `reason` is said where the letter was not open to them.

    A reason may name people, so it is sealed under the key of the letter.
    """

    appeal = models.ForeignKey(
        "appeals.Appeal", models.CASCADE, related_name="openings", db_index=False, verbose_name=_("appeal")
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    opened_at = models.DateTimeField(_("opened at"))
    reason_sealed = models.BinaryField(null=True)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening of a letter")
        verbose_name_plural = _("openings of letters")
        ordering = ["opened_at", "pk"]
        indexes = [
            models.Index(fields=["user", "opened_at"], name="opening_by_user"),
            models.Index(fields=["opened_at"], name="opening_by_moment"),
            models.Index(fields=["appeal", "opened_at"], name="opening_by_letter"),
        ]
        triggers = [
            pgtrigger.Protect(name="opening_stays", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="opening_goes_with_its_day",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=GOES_WITH_ITS_DAY,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opened_at:%Y-%m-%d %H:%M} {self.user}: {self.appeal_id}"

    @property
    def letter_key(self) -> bytes:
        """The letter's."""
        key: bytes = self.appeal.letter_key
        return key

    @property
    def sealed_as(self) -> str:
        """The letter, the person and the moment."""
        return f"{self.appeal_id} {self.user_id} {self.opened_at.astimezone(datetime.UTC).isoformat()}"

    @property
    def reason(self) -> str:
        """Why it was opened; empty where it was open to them anyway, and once the letter is erased: its key is gone."""
        try:
            return self.unseal("reason")
        except LetterKey.DoesNotExist:
            return ""
