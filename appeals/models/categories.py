"""What letters are about."""

from pathlib import Path
from typing import Final

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appeals.models.choices import Lane
from geo.names import in_current_language
from geo.prepared import PreparedStatement, Rows, loaded
from geo.prepared_queries import PreparedQuery

CATEGORY: Final = PreparedStatement(Path(__file__).parents[1] / "sql" / "category.sql")
"""Every letter asks it: `category_read` reads the answer."""


CATEGORIES: Final = PreparedQuery(lambda: Category.objects.order_by("position", "slug"))
"""All of them, in their order: pages of letters offer them."""


class Category(models.Model):
    """What a letter is about. `protected` categories (domestic violence and its like) get special care everywhere.

    A category is one or the other for good: letters are sealed and released by it.
    """

    slug = models.SlugField(_("key"), max_length=40, unique=True)
    name_uk = models.CharField(_("name in Ukrainian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    guidance_uk = models.TextField(_("guidance in Ukrainian"), blank=True)
    guidance_en = models.TextField(_("guidance in English"), blank=True)
    lane = models.CharField(_("suggested lane"), max_length=7, choices=Lane, default=Lane.MESSAGE)
    protected = models.BooleanField(
        _("protected"), default=False, help_text=_("Stays as it is: for another care, make another category.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "slug"]
        constraints = [models.CheckConstraint(condition=Q(lane__in=["formal", "message"]), name="category_lane_known")]
        triggers = [pgtrigger.ReadOnly(name="category_stays_protected", fields=["protected"])]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language that is active."""
        return in_current_language(self.name_uk, self.name_en)

    @property
    def guidance(self) -> str:
        """Whose job it is and what helps, in the language that is active."""
        return in_current_language(self.guidance_uk, self.guidance_en)


def category_read(rows: Rows) -> Category | None:
    """Return the category in what CATEGORY answered, if there is one."""
    return next((loaded(Category, row) for row in rows), None)
