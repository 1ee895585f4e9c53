"""Pages of text among what staff may propose to change: each change is another version of a page."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Max, Model

from geo.models import City
from people.models import Page, PageVersion, User
from people.pages import PublishedMeanwhile, behind, pages_of, publish
from people.proposal_rules import ChangedMeanwhile
from people.subjects import Kind, Subject

KINDS: Final = tuple(PageVersion.Kind)


@dataclass(frozen=True, slots=True)
class PageSubject(Subject):
    """Pages of one city. Those of the whole site an administrator publishes, and nobody proposes."""

    def row(self, pk: int, city: City | None) -> Model | None:
        """The page at that place of the list as it reads now in a city."""
        return pages_now(city, [KINDS[pk - 1]])[0] if city and 1 <= pk <= len(KINDS) else None

    def locked(self, row: Model) -> Model | None:
        """The page as it reads now. Of two who publish at one time the second is refused as it is saved."""
        return self.row(row.pk, row.city) if isinstance(row, Page) else None

    def save(self, row: Model, names: Iterable[str], *, by: User, at: datetime.datetime) -> None:
        """Publish another version; one that reads as what stands behind it, or stood there, follows that from now on.

        Raises ChangedMeanwhile, NotCoordinator, BadPageText.
        """
        assert isinstance(row, Page)  # noqa: S101 - no other is of this kind
        kind = PageVersion.Kind(row.kind)
        before = behind(kind, row.city)
        # Undoing may put back what the site said then: the city followed it, and goes on following.
        of_site = PageVersion.objects.filter(city=None, kind=kind, text_uk=row.text_uk, text_en=row.text_en)
        follows = (row.text_uk, row.text_en) == (before.uk, before.en) or of_site.exists()
        uk, en = ("", "") if follows else (row.text_uk, row.text_en)
        try:
            publish(by=by, city=row.city, kind=kind, uk=uk, en=en, after=row.number, at=at)
        except PublishedMeanwhile as second:
            raise ChangedMeanwhile(str(second)) from second


PAGE: Final = PageSubject(kind=Kind.PAGE, model=Page, open_fields=("text_uk", "text_en"))


def place_of(kind: PageVersion.Kind) -> int:
    """Return the place of a page in the list, from 1: its key among cards and texts."""
    return KINDS.index(kind) + 1


def pages_now(city: City, kinds: Iterable[PageVersion.Kind] = KINDS) -> list[Page]:
    """Return pages of a city as they read now, in two questions."""
    published = PageVersion.objects.filter(city=city).order_by().values_list("kind")
    numbers: dict[str, int] = dict(published.annotate(Max("number")))
    return [
        Page(
            pk=place_of(text.kind), city=city, kind=text.kind, number=numbers.get(text.kind, 0),
            text_uk=text.uk, text_en=text.en,
        )
        for text in pages_of(city, kinds)
    ]  # fmt: skip
