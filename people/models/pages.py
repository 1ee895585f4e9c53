"""Pages of text that everybody reads: every version that was ever published (docs/adr/0029)."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from geo.labels import PAGES
from geo.models import City
from people.models.users import User

PAGE_MAX = 12_000
"""Characters of a page in one language, at most."""


class PageVersionQuerySet(models.QuerySet["PageVersion"]):
    """Questions about versions of pages."""

    def newest(self, city: City | None) -> Self:
        """The version in force of each page that has one: the city's own, and the whole site's."""
        places = Q(city=None) | Q(city=city) if city else Q(city=None)
        return self.filter(places).order_by("kind", "city_id", "-number").distinct("kind", "city_id")

    def of(self, city: City | None, kind: str) -> Self:
        """Every version of one page of a city, or of the whole site, the newest first."""
        return self.filter(city=city, kind=kind).order_by("-number")


class PageVersion(models.Model):
    """A page as it reads from a moment on, in Markdown: of a city, or (`city` None) of the whole site. Append-only.

    Without a text the page follows what stands behind it: a city's page the site's, the site's what the product ships.
    """

    class Kind(models.TextChoices):
        """Which page: the last part of its address (`geo.labels.PAGES`)."""

        ABOUT = "about", _("About the service")
        HOW = "how-it-works", _("How it works")
        RIGHTS = "rights", _("Your rights")
        HELP = "help", _("Where to call")
        PRIVACY = "privacy", _("Your data")

    city = models.ForeignKey(
        City, models.PROTECT, related_name="page_versions", null=True, verbose_name=_("city"),
        help_text=_("Empty: the whole site."),
    )  # fmt: skip
    kind = models.CharField(_("page of text"), max_length=12, choices=Kind)
    number = models.PositiveIntegerField(_("number"))
    text_uk = models.TextField(_("text in Ukrainian"), max_length=PAGE_MAX, blank=True)
    text_en = models.TextField(_("text in English"), max_length=PAGE_MAX, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    objects = PageVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a page")
        verbose_name_plural = _("versions of pages")
        ordering = ["kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["city", "kind", "number"], nulls_distinct=False, name="page_version_once"),
            models.CheckConstraint(condition=Q(kind__in=PAGES), name="page_known"),
            models.CheckConstraint(condition=~Q(text_uk="") | Q(text_en=""), name="page_is_ukrainian_first"),
        ]
        triggers = [pgtrigger.Protect(name="page_version_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.city.slug if self.city else '*'}/{self.kind} {self.number}"

    @property
    def follows(self) -> bool:
        """Whether the page has no text of its own from here on, and follows what stands behind it."""
        return not self.text_uk


class Page(PageVersion):
    """A page of a city as it reads now, whoever wrote it: no row, but a version that could be published next.

    Its key is its place in the list of pages, from 1; `number` is that of the city's latest version, 0 for none.
    """

    class Meta:
        proxy = True
        verbose_name = _("page of text")
        verbose_name_plural = _("pages of text")

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def name(self) -> str:
        """What it is called, in the language of whoever reads."""
        return str(self)

    @property
    def name_uk(self) -> str:
        """What it is called in Ukrainian."""
        with override("uk"):
            return str(self)
