"""Pages of text: what everybody reads, and the deed that publishes another version."""

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from geo.models import City
from people.managing import Deed, record
from people.models import PAGE_MAX, PageVersion, User
from people.rights import StaffDeedRefused, refuse_stranger

TEXTS: Final = Path(__file__).parent / "texts"
"""What the product ships: `<page>.<language>.md`."""


class PageRefused(StaffDeedRefused):
    """A version of a page that cannot be published; the message is a sentence."""


class NotSiteKeeper(PageRefused):
    """The whole site's texts and phones are changed by an administrator alone."""


class BadPageText(PageRefused):
    """The Ukrainian text is missing, or one of the texts is too long."""


class PublishedMeanwhile(PageRefused):
    """Somebody else has published another version since the page was opened."""


@dataclass(frozen=True, slots=True)
class PageText:
    """A page as it reads: Markdown in two languages. `own` is the place's own version, where it does not follow."""

    kind: PageVersion.Kind
    uk: str
    en: str
    own: PageVersion | None = None
    since: datetime.datetime | None = None
    """When this text was published, where somebody here wrote it."""

    @property
    def digest(self) -> str:
        """A digest of both texts: another one is another page to read."""
        return hashlib.sha256(f"{self.uk}\0{self.en}".encode()).hexdigest()[:32]

    def in_language(self, language: str) -> tuple[str, str]:
        """Return the text for a reader of a language, and the language it is in: Ukrainian where there is no other."""
        return (self.en, "en") if language == "en" and self.en else (self.uk, "uk")


def page_of(kind: PageVersion.Kind, city: City | None) -> PageText:
    """Return a page of a city, or of the whole site, as it reads now."""
    return pages_of(city, [kind])[0]


def pages_of(city: City | None, kinds: Iterable[PageVersion.Kind] = PageVersion.Kind) -> list[PageText]:
    """Return pages of a city, or of the whole site, as they read now, in one question."""
    kinds = list(kinds)
    newest = PageVersion.objects.newest(city).filter(kind__in=kinds).select_related("by")
    found = {(each.city_id, each.kind): each for each in newest if not each.follows}
    here = city.pk if city else None
    return [_read(kind, found.get((here, kind)), found.get((None, kind))) for kind in kinds]


def digests_of(city: City) -> dict[str, str]:
    """Return the digests of a city's pages as they read now, by kind: what a person is shown, and then has read."""
    return {page.kind.value: page.digest for page in pages_of(city)}


def unread_pages(city: City) -> list[PageVersion.Kind]:
    """Return the pages that read otherwise than when somebody last read a city's texts, whoever changed them.

    So a new release of the product asks for those of its texts that it changed, where the city and the site have none
    of their own.
    """
    return [page.kind for page in pages_of(city) if city.texts_read.get(page.kind) != page.digest]


def behind(kind: PageVersion.Kind, city: City | None) -> PageText:
    """Return what a page reads without a text of its own: of a city the site's, of the site what the product ships."""
    return page_of(kind, None) if city else shipped(kind)


@cache
def shipped(kind: PageVersion.Kind) -> PageText:
    """Return a page as the product ships it."""
    uk, en = ((TEXTS / f"{kind}.{language}.md").read_text(encoding="utf-8").strip() for language in ("uk", "en"))
    return PageText(kind, uk, en)


@transaction.atomic
def publish(
    *, by: User, city: City | None, kind: PageVersion.Kind, uk: str, en: str, after: int, at: datetime.datetime
) -> PageVersion | None:
    """Publish a version of a page of a city, or of the whole site; both texts empty: it follows what stands behind it.

    `after` is the number of the version that was read before, 0 for none. Returns None where nothing changed. Raises
    NotCoordinator, NotSiteKeeper, BadPageText, PublishedMeanwhile.
    """
    refuse_keeper(by=by, city=city)
    uk, en = (text.replace("\r\n", "\n").strip() for text in (uk, en))
    if (en and not uk) or max(len(uk), len(en)) > PAGE_MAX:
        raise BadPageText(
            _("A page has a text in Ukrainian, of at most %(most)s characters, as the English one.")
            % {"most": PAGE_MAX}
        )
    newest = PageVersion.objects.of(city, kind).first()
    stands = (newest.text_uk, newest.text_en) if newest else ("", "")
    if stands == (uk, en):  # a second press of the button, too
        return None
    if after != (newest.number if newest else 0):
        raise _meanwhile()
    try:
        with transaction.atomic():  # of two at one time the second meets the constraint on the number
            version = PageVersion.objects.create(
                city=city, kind=kind, number=after + 1, text_uk=uk, text_en=en, by=by, at=at
            )
    except IntegrityError as second:
        raise _meanwhile() from second
    record(Deed.PAGE, by=by, whom=None, city=city, at=at, facts={"page": kind, "number": version.number})
    return version


def refuse_keeper(*, by: User, city: City | None) -> None:
    """Raise NotCoordinator, or of the whole site NotSiteKeeper, unless `by` keeps its texts."""
    if city:
        refuse_stranger(by=by, city=city)
    elif not (by.is_active and by.is_superuser):
        raise NotSiteKeeper(_("The texts of the whole site are changed by an administrator."))


def _read(kind: PageVersion.Kind, own: PageVersion | None, sites: PageVersion | None) -> PageText:
    version = own or sites
    if version is None:
        return shipped(kind)
    return PageText(kind, version.text_uk, version.text_en, own=own, since=version.at)


def _meanwhile() -> PublishedMeanwhile:
    return PublishedMeanwhile(
        _("Somebody else has published this page meanwhile. Your texts are still below: look at what they changed.")
    )
