"""The city's promise: within how many working days a message is answered."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appeals.models import PROMISE_MAX, LegalTerm, clock_of
from geo.models import City
from geo.moments import local_day
from people.managing import Deed, record
from people.models import User
from people.rights import refuse_stranger


class PromiseTooLong(Exception):
    """A promise is of one working day at least, and of ten at most."""


def promise_of(city: City | None) -> int:
    """Return the working days that a city promises: its own term, else everybody's."""
    return clock_of(city).terms.message.number


@transaction.atomic
def promise(*, by: User, city: City, days: int, at: datetime.datetime) -> None:
    """Promise an answer to a message within so many working days, from now on, and write it down.

    Letters that came before keep the day that they were promised. Raises NotCoordinator, PromiseTooLong.
    """
    refuse_stranger(by=by, city=city)
    if not 1 <= days <= PROMISE_MAX:
        raise PromiseTooLong(_("A promise is of 1 to %(n)d working days.") % {"n": PROMISE_MAX})
    before = promise_of(city)
    LegalTerm.objects.update_or_create(
        city=city,
        key=LegalTerm.Key.MESSAGE,
        defaults={
            "number": days,
            "unit": LegalTerm.In.WORKING_DAY,
            "source": _("The city's promise, made on its settings page."),
            "checked_on": local_day(at),
        },
    )
    facts = {"before": {"promise": before}, "after": {"promise": days}}
    record(Deed.SETTINGS, by=by, whom=None, city=city, at=at, facts=facts)
