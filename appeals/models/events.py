"""What happened to a letter, in order: a history that only grows."""

import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appeals.models.appeals import Appeal
from appeals.models.sealed import SealedRow

LOSES_ITS_REASON_ALONE = """
    IF current_setting('letters.task', true) IS DISTINCT FROM 'erase'
        OR NEW.reason_sealed IS NOT NULL
        OR to_jsonb(NEW) - 'reason_sealed' <> to_jsonb(OLD) - 'reason_sealed'
        OR NOT EXISTS (SELECT FROM appeals_erasure AS e WHERE e.appeal_id = OLD.appeal_id AND e.what = 'letter')
    THEN
        RAISE EXCEPTION 'History is not changed; once its letter is erased it loses the reasons that people gave.';
    END IF;
    RETURN NEW;
"""
"""Only the task that erases changes an event: it empties the reason, of a letter that has a tombstone."""


class Event(SealedRow):
    """One thing that happened: `kind` is a move of the workflow or a deed such as `sent`, `category`, `transfer`.

    `facts` holds keys and codes only, such as the district before and after; words that a person gave as a reason may
    name people, so they are sealed.
    """

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="events", verbose_name=_("appeal"))
    kind = models.CharField(_("what"), max_length=20)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, db_index=False,
        verbose_name=_("who"),
    )  # fmt: skip
    state_before = models.CharField(_("state before"), max_length=12, blank=True)
    state_after = models.CharField(_("state after"), max_length=12)
    facts = models.JSONField(_("facts"), default=dict)
    reason_sealed = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["by"], condition=models.Q(by__isnull=False), name="event_by")]
        triggers = [
            pgtrigger.Protect(name="event_stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="event_loses_its_reason_alone",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=LOSES_ITS_REASON_ALONE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id}: {self.kind} {self.at:%Y-%m-%d %H:%M}"

    @property
    def letter_key(self) -> bytes:
        """The letter's."""
        return self.appeal.letter_key

    @property
    def sealed_as(self) -> str:
        """The letter, the deed and its moment."""
        return f"{self.appeal_id} {self.kind} {self.at.astimezone(datetime.UTC).isoformat()}"

    @property
    def reason(self) -> str:
        """Why, in the words of whoever did it; empty where none were needed."""
        return self.unseal("reason")
