"""What the commands' arguments may be; what is wrong with one is told as wrong usage."""

import datetime
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from geo.models import City
from geo.moments import is_plausible


def metres(text: str) -> float:
    """Read a width in metres, above 0 and below 1,000."""
    try:
        width_m = float(text)
    except ValueError:
        width_m = 0.0
    if not 0 < width_m < 1000:
        raise ArgumentTypeError(_("“%(text)s” is not a number of metres above 0 and below 1,000.") % {"text": text})
    return width_m


def day(text: str) -> datetime.date:
    """Read a day that this service can have to do with."""
    try:
        found = datetime.date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not is_plausible(found):
        raise ArgumentTypeError(_("“%(text)s” is not a day such as 2026-01-31.") % {"text": text})
    return found


def at_most(length: int) -> Callable[[str], str]:
    """Return a reader of texts of at most so many characters."""

    def text(given: str) -> str:
        if len(given) > length:
            raise ArgumentTypeError(
                _("%(given)d characters are too many: at most %(most)d are kept.")
                % {"given": len(given), "most": length}
            )
        return given

    return text


def take_file_for_city(parser: ArgumentParser, *, holding: str) -> None:
    """Describe the arguments of a command that brings a file in: FILE --city SLUG [--commit]."""
    parser.add_argument("file", type=_file, help=holding)
    parser.add_argument("--city", required=True, metavar="SLUG")
    parser.add_argument("--commit", action="store_true", help="record; without it nothing is changed")


def _file(path: str) -> Path:
    if not Path(path).is_file():
        raise ArgumentTypeError(_("There is no file “%(path)s”.") % {"path": path})
    return Path(path)


def city_of_slug(slug: str) -> City:
    """Return the city, or end the command as called wrongly, with the cities there are."""
    city = City.objects.filter(slug=slug).first()
    if city is None:
        known = ", ".join(City.objects.values_list("slug", flat=True)) or "—"
        raise CommandError(
            _("There is no city “%(slug)s”. Known: %(known)s.") % {"slug": slug, "known": known}, returncode=2
        )
    return city
