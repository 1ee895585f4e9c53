"""Beginnings of replies that the staff need not type again."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appeals.models.categories import Category
from geo.names import in_current_language


class ReplyTemplateQuerySet(models.QuerySet["ReplyTemplate"]):
    """Questions about templates."""

    def fitting(self, category: Category) -> Self:
        """Those for one category, and those for all."""
        return self.filter(Q(category=category) | Q(category__isnull=True))


class ReplyTemplate(models.Model):
    """Words that an officer takes into a reply and completes; without a category it fits every letter."""

    category = models.ForeignKey(
        Category, models.CASCADE, related_name="reply_templates", null=True, blank=True, verbose_name=_("category")
    )
    name_uk = models.CharField(_("name in Ukrainian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    body_uk = models.TextField(_("text in Ukrainian"))
    body_en = models.TextField(_("text in English"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")
        ordering = ["position", "name_uk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language that is active."""
        return in_current_language(self.name_uk, self.name_en)

    @property
    def body(self) -> str:
        """The words in the language that is active."""
        return in_current_language(self.body_uk, self.body_en)
