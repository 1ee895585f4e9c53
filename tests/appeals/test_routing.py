"""To whom a letter goes, and from whom it is kept."""

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, Point
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appeals import errors
from appeals.models import Addressee, Appeal, KeepFrom
from appeals.routing import standings_at
from geo.models import House, Street
from people.lookup import OutsideServedArea, lookup_point
from people.models import Membership
from tests.appeals.conftest import Office, user_with_role
from tests.appeals.letters import new_letter
from tests.world import NOON


def test_a_letter_kept_from_the_officer_goes_to_the_supervisor_alone(office: Office) -> None:
    letter = new_letter(office.world, keep_from=KeepFrom.OFFICER).appeal
    assert (letter.addressee, letter.officer, letter.why) == (Addressee.SUPERVISOR, None, Appeal.Why.KEPT)
    assert letter.recused_officer == office.world.officer
    assert not Appeal.objects.visible_to(office.officer).exists()
    assert Appeal.objects.visible_to(office.supervisor).get() == letter


def test_an_officer_who_supervises_too_never_sees_what_is_kept_from_them(office: Office) -> None:
    Membership.objects.create(user=office.officer, city=office.world.city, role="supervisor")
    new_letter(office.world, keep_from=KeepFrom.OFFICER)
    assert not Appeal.objects.visible_to(office.officer).exists()


def test_a_letter_is_refused_with_outside_bodies_where_nobody_else_could_answer(office: Office) -> None:
    office.supervisor.memberships.all().delete()
    Membership.objects.create(user=office.officer, city=office.world.city, role="supervisor")
    with pytest.raises(errors.NobodyAbove) as refused:
        new_letter(office.world, keep_from=KeepFrom.OFFICER)
    assert len(refused.value.bodies) == 3
    assert not Appeal.objects.exists()


def test_a_complaint_about_the_only_supervisor_is_refused_with_outside_bodies(office: Office) -> None:
    with pytest.raises(errors.NobodyAbove):
        new_letter(office.world, keep_from=KeepFrom.SUPERVISOR, kept_supervisor=office.supervisor.pk)


def test_a_complaint_about_a_supervisor_goes_to_the_second_one(office: Office) -> None:
    second = user_with_role(office.world, "supervisor", "second@example.org")
    with pytest.raises(errors.UnknownAddressee):
        new_letter(office.world, keep_from=KeepFrom.SUPERVISOR)
    letter = new_letter(office.world, keep_from=KeepFrom.SUPERVISOR, kept_supervisor=office.supervisor.pk).appeal
    assert Appeal.objects.visible_to(second).get() == letter
    for user in (office.officer, office.supervisor):
        assert not Appeal.objects.visible_to(user).exists()


def test_a_protected_letter_keeps_its_place_sealed(office: Office) -> None:
    letter = new_letter(office.world, category="domestic-violence").appeal
    assert (letter.location, letter.place.lon) == (None, office.world.in_north.x)


@pytest.fixture
def first_street(office: Office) -> Street:
    """First street runs through the north; its house 5 lies at the named point."""
    line = MultiLineString(LineString((25.001, 49.995), (25.009, 49.995)), srid=4326)
    street = Street.objects.create(city=office.world.city, name_uk="вулиця Перша", line=line)
    House.objects.create(street=street, number="5", location=office.world.in_north)
    return street


@pytest.mark.usefixtures("first_street")
def test_letters_about_one_building_are_known_by_its_address_or_its_place(office: Office) -> None:
    near = Point(25.0051, 49.9951, srid=4326)
    one, two, three, elsewhere = (
        new_letter(office.world, point=None, address="вул. Перша, 5").appeal,
        new_letter(office.world, point=near).appeal,
        new_letter(office.world, point=None, address="Перша 5", category="domestic-violence").appeal,
        new_letter(office.world, point=Point(25.006, 49.995, srid=4326)).appeal,
    )
    assert one.building_hash == two.building_hash == three.building_hash != ""
    assert elsewhere.building_hash == ""
    assert (one.rule, one.place.address, one.location) == ("polygon", "вул. Перша, 5", office.world.in_north)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(KeepFrom.values), st.sampled_from(["1", "2", "3"]), st.booleans())
def test_nobody_from_whom_a_letter_is_kept_ever_sees_it(
    office: Office, keep_from: str, district: str, second_supervisor: bool
) -> None:
    if second_supervisor and office.world.city.memberships.filter(role="supervisor").count() < 2:
        user_with_role(office.world, "supervisor", "second@example.org")
    try:
        letter = new_letter(
            office.world, point=None, district=district, keep_from=keep_from, kept_supervisor=office.supervisor.pk
        ).appeal
    except errors.NobodyAbove:
        return
    readers = [user for user in (office.officer, office.supervisor) if letter in Appeal.objects.visible_to(user)]
    assert office.officer not in readers if keep_from != KeepFrom.NOBODY else True
    assert office.supervisor not in readers if keep_from == KeepFrom.SUPERVISOR else True


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    lon=st.sampled_from([24.9999, 25.0, 25.0098, 25.01, 25.0102, 25.02, 25.03]) | st.floats(24.99, 25.05),
    lat=st.sampled_from([49.99, 49.995, 50.0]) | st.floats(49.985, 50.005),
)
def test_a_letter_goes_where_the_public_lookup_sends_its_place(office: Office, lon: float, lat: float) -> None:
    city = office.world.city
    try:
        answer = lookup_point(lon=lon, lat=lat, at=NOON, city=city.slug, stages=[city.stage])
    except OutsideServedArea:
        assert standings_at(city, (lon, lat), at=NOON, search_m=50)[0] == []
        return
    districts = [answer.district, *(one.district for one in answer.border.neighbours)]
    stands, _house = standings_at(city, (lon, lat), at=NOON, search_m=50)
    [own, *_others], _house = standings_at(city, (lon, lat), at=NOON, search_m=0)
    assert own == stands[0], "whoever is near, the own one answers"
    assert [one.district.code for one in stands] == [district.code for district in districts]
    for one, district in zip(stands, districts, strict=True):
        assert ([one.officer.name] if one.officer else []) == [each.name for each in district.officers[:1]]
        assert one.edition is not None
        assert answer.edition is not None
        assert one.edition.number == answer.edition.number
