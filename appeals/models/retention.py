"""How long letters and reports of mistakes are kept, as data: each term with its source and the least it may be."""

from typing import ClassVar, Final

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appeals.retention import Terms

MOST: Final = {"year": 75, "day": 365}
"""By unit. So no e-mail outlives its report, which is kept for a year at least."""


class RetentionRule(models.Model):
    """So long something is kept, then it is erased (docs/adr/0033). One row for each; none is added.

    `least` is what the law or the service asks for, in the same unit, and `least_source` where that is written.
    """

    class What(models.TextChoices):
        """What is kept: with the unit, the fields of `appeals.retention.Terms`."""

        CONTACTS = "contacts", _("name and contacts of the writer")
        LETTERS = "letters", _("the letter, with answers and photos")
        OPENINGS = "openings", _("who opened which letter")
        REPORTS = "reports", _("a report of a mistake on a card")
        EMAILS = "emails", _("e-mail of a report that is settled")
        OPEN_EMAILS = "open_emails", _("e-mail of a report that nobody settles")

    class Unit(models.TextChoices):
        """What a term is counted in."""

        DAY = "day", pgettext_lazy("of a term", "days")
        YEAR = "year", _("whole years")

    what = models.CharField(_("what"), max_length=11, choices=What, unique=True, editable=False)
    number = models.PositiveSmallIntegerField(
        _("how many"), validators=[MinValueValidator(1)],
        help_text=_(
            "Since the letter was over, or was opened; since the report was settled, or came where nobody settles it. "
            "Made shorter, what is over by it is erased the next night and does not come back."
        ),
    )  # fmt: skip
    unit = models.CharField(_("counted in"), max_length=4, choices=Unit, editable=False)
    source = models.CharField(
        _("source"), max_length=300, blank=True,
        help_text=_("The rule or decision: who, when, number. Everybody reads it on the page about data."),
    )  # fmt: skip
    least = models.PositiveSmallIntegerField(_("at least"), editable=False)
    least_source = models.CharField(_("who asks for the least"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("term of keeping")
        verbose_name_plural = _("terms of keeping")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["contacts", "letters", "openings", "reports"], unit="year")
                | Q(what__in=["emails", "open_emails"], unit="day"),
                name="retention_what_known",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=F("least"), least__gte=1),
                name="retention_not_under_the_least",
            ),
            models.CheckConstraint(
                condition=Q(unit="year", number__lte=MOST["year"]) | Q(unit="day", number__lte=MOST["day"]),
                name="retention_not_for_ever",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="retention_rule_stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="contacts_go_first",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF (SELECT number FROM appeals_retentionrule WHERE what = 'contacts')
                        > (SELECT number FROM appeals_retentionrule WHERE what = 'letters')
                    THEN
                        RAISE EXCEPTION 'contacts are kept no longer than their letter'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.number} ({self.get_unit_display()})"

    def clean(self) -> None:
        """Refuse what the database refuses: a term out of its bounds, contacts that would outlive their letter."""
        if self.number and self.number < self.least:
            raise ValidationError({"number": _("That is shorter than the least that may be kept.")})
        if self.number and self.number > MOST[self.unit]:
            raise ValidationError({"number": _("A term is of 75 years at most, of days 365 at most.")})
        others = dict(RetentionRule.objects.exclude(pk=self.pk).values_list("what", "number"))
        mine = {**others, self.what: self.number}
        if self.number and mine.get("contacts", 0) > mine.get("letters", MOST["year"]):
            raise ValidationError({"number": _("Name and contacts are kept no longer than their letter.")})


def terms() -> Terms:
    """Return the terms in force, in one question."""
    told: dict[str, int | str] = {}
    for what, number, unit, source in RetentionRule.objects.values_list("what", "number", "unit", "source"):
        told |= {f"{what}_{unit}s": number, f"{what}_source": source}
    return Terms(**told)  # type: ignore[arg-type]
