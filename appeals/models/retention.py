"""How long what belongs to a letter is kept, as data: each term with its source and the least that the law asks for."""

from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appeals.retention import Terms

YEARS_MAX = 75


class RetentionRule(models.Model):
    """So many whole years something is kept, then it is erased (docs/adr/0033). One row for each; none is added.

    `least_years` is what the law or the service asks for, and `least_source` where that is written.
    """

    class What(models.TextChoices):
        """What is kept: the fields of `appeals.retention.Terms`."""

        CONTACTS = "contacts", _("name and contacts of the writer")
        LETTERS = "letters", _("the letter, with answers and photos")
        OPENINGS = "openings", _("who opened which letter")

    what = models.CharField(_("what"), max_length=8, choices=What, unique=True, editable=False)
    years = models.PositiveSmallIntegerField(
        _("whole years"), validators=[MinValueValidator(1), MaxValueValidator(YEARS_MAX)],
        help_text=_(
            "Since the letter was over, or was opened. Made shorter, what is over by it is erased the next night and "
            "does not come back."
        ),
    )  # fmt: skip
    source = models.CharField(
        _("source"), max_length=300, blank=True,
        help_text=_("The rule or decision: who, when, number. Everybody reads it on the page about data."),
    )  # fmt: skip
    least_years = models.PositiveSmallIntegerField(_("at least, years"), editable=False)
    least_source = models.CharField(_("who asks for the least"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("term of keeping")
        verbose_name_plural = _("terms of keeping")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["contacts", "letters", "openings"]), name="retention_what_known"
            ),
            models.CheckConstraint(
                condition=Q(years__gte=F("least_years"), least_years__gte=1, years__lte=YEARS_MAX),
                name="retention_not_under_the_least",
                violation_error_message=_("That is shorter than the least that may be kept."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="retention_rule_stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="contacts_go_first",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF (SELECT years FROM appeals_retentionrule WHERE what = 'contacts')
                        > (SELECT years FROM appeals_retentionrule WHERE what = 'letters')
                    THEN
                        RAISE EXCEPTION 'contacts are kept no longer than their letter'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.years}"

    def clean(self) -> None:
        """Refuse contacts that would outlive their letter, as the database does."""
        others = dict(RetentionRule.objects.exclude(pk=self.pk).values_list("what", "years"))
        mine = {**others, self.what: self.years}
        if self.years and mine.get("contacts", 0) > mine.get("letters", YEARS_MAX):
            raise ValidationError({"years": _("Name and contacts are kept no longer than their letter.")})


def terms() -> Terms:
    """Return the terms in force, in one question."""
    told: dict[str, int | str] = {}
    for what, years, source in RetentionRule.objects.values_list("what", "years", "source"):
        told |= {f"{what}_years": years, f"{what}_source": source}
    return Terms(**told)  # type: ignore[arg-type]
