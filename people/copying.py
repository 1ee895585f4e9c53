"""The people of a training copy: cards marked as such, the same sign-ins in the same roles, and everybody acts for one.

Phones and e-mails are not copied: nothing in an exercise is worth a call.
"""

import datetime
from typing import Final

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from geo.models import City, District
from people.models import Membership, Officer, Posting, Station

AS_THEY_ARE: Final = ("kind", "rank_uk", "rank_en", "name_uk", "name_en", "languages", "checked_on", "user")
"""What a card of the copy takes over."""


def people_copied(city: City, copy: City, *, on: datetime.date) -> None:
    """Bring cards, postings from a local day on and roles of a training copy up to date with its city.

    Whoever has a sign-in and a district acts besides for the next district: the exercise on substitutes needs it. So
    nobody acts there who does not sign in.
    """
    Officer.objects.filter(city=copy).update(user=None)  # a sign-in may have moved to another card since
    cards = {card.key: _card(card, copy) for card in Officer.objects.filter(city=city).order_by("key")}
    _station(city, copy)
    Posting.objects.filter(officer__city=copy).delete()
    districts = {district.code: district for district in District.objects.filter(city=copy)}
    current = Posting.objects.filter(officer__city=city).filter(Q(during__endswith__gt=on) | Q(during__upper_inf=True))
    Posting.objects.bulk_create(
        Posting(
            officer=cards[each.officer.key], district=districts[each.district.code], role=each.role, during=each.during
        )
        for each in current.select_related("officer", "district")
        if each.district.code in districts and (each.role == Posting.Role.MAIN or each.officer.user_id)
    )
    _let_everybody_act(copy, on)
    Membership.objects.filter(city=copy).delete()
    Membership.objects.bulk_create(
        Membership(user_id=user, city=copy, role=role)
        for user, role in Membership.objects.filter(city=city).values_list("user", "role")
    )


def trainees(copy: City, *, on: datetime.date) -> list[tuple[Officer, District, District | None]]:
    """Return the cards with a sign-in that serve a district of the copy: with that district, and where they act."""
    postings = Posting.objects.on(on).filter(officer__city=copy, officer__user__is_active=True)
    found: dict[int, tuple[Officer, dict[str, District]]] = {}
    in_order = postings.select_related("officer__user", "district").order_by("-role", "district__code")  # main first
    for each in in_order:
        found.setdefault(each.officer_id, (each.officer, {}))[1].setdefault(each.role, each.district)
    return [
        (officer, served[Posting.Role.MAIN], served.get(Posting.Role.ACTING))
        for officer, served in found.values()
        if Posting.Role.MAIN in served
    ]


def _card(card: Officer, copy: City) -> Officer:
    values = {name: getattr(card, name) for name in AS_THEY_ARE}
    made, _is_new = Officer.objects.update_or_create(city=copy, key=card.key, defaults=values | {"is_training": True})
    return made


def _station(city: City, copy: City) -> None:
    duty = Station.objects.filter(city=city, is_duty=True).first()
    if duty:
        names = {name: getattr(duty, name) for name in ("name_uk", "name_en", "address_uk", "address_en")}
        Station.objects.update_or_create(city=copy, key=duty.key, defaults=names | {"is_duty": True})


def _let_everybody_act(copy: City, on: datetime.date) -> None:
    """Post each who serves a district as acting in the next one in which nobody acts at any time from that day."""
    serving = trainees(copy, on=on)
    taken = set(Posting.objects.filter(officer__city=copy, role=Posting.Role.ACTING).values_list("district", flat=True))
    acting = {officer.pk for officer, _own, acts in serving if acts}
    for at, (officer, own, _acts) in enumerate(serving):
        others = [district for _officer, district, _also in serving[at + 1 :] + serving[:at]]
        free = next((one for one in others if one != own and one.pk not in taken), None)
        if officer.pk not in acting and free:
            Posting.objects.create(officer=officer, district=free, role=Posting.Role.ACTING, during=DateRange(on, None))
            taken.add(free.pk)
