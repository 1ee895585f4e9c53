"""Polygons printed as lists of streets say of each known house the district that it lies in."""

from io import StringIO

from django.contrib.gis.geos import Point
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from geo.addresses.houses import HouseNumber
from geo.addresses.ranges import HouseSet
from geo.models import District, House, Street
from geo.territories.adding import add_places, new_places
from geo.territories.files import read_territories
from geo.territories.printing import Rule, as_csv, folded, printed_lines
from geo.territories.reading import read_text
from geo.territories.recording import compile_reading, record_territories
from geo.territories.report import Kind, report_on
from tests.world import LONG_AGO, NOON, World

numbers = st.builds(
    HouseNumber,
    number=st.integers(1, 30),
    letter=st.sampled_from(["", "а", "б"]),
    fraction=st.sampled_from(["", "", "2"]),
    corpus=st.sampled_from(["", "", "1"]),
)


@given(st.dictionaries(numbers, st.booleans(), min_size=1))
def test_a_folded_list_holds_all_houses_of_the_district_and_none_of_another(houses: dict[HouseNumber, bool]) -> None:
    own = [number for number, is_own in houses.items() if is_own]
    others = [number for number, is_own in houses.items() if not is_own]
    if own:
        printed = HouseSet.parse(str(folded(own, others)))
        assert not printed.unread
        assert all(number in printed for number in own)
        assert not any(number in printed for number in others)


def test_ranges_are_folded_by_side() -> None:
    own = [HouseNumber(number) for number in (1, 3, 5, 7, 2, 4)]
    assert str(folded(own, [HouseNumber(9), HouseNumber(6)])) == "1–7 (непарні), 2, 4"
    assert str(folded(own, [HouseNumber(6)])) == "непарні, 2, 4"
    assert str(folded(own, [])) == "всі"


def test_a_printed_list_read_again_agrees_with_the_polygons(world: World) -> None:
    street = Street.objects.create(city=world.city, name_uk="вулиця Перша")
    for number in range(1, 29):
        House.objects.create(
            street=street, number=str(number), location=Point(25.0005 + number / 1000, 49.995, srid=4326)
        )
    lines = list(printed_lines(world.city, NOON))
    assert [(line.district, line.houses) for line in lines if line.rule == Rule.POLYGON] == [
        ("1", "1–9 (непарні), 2–8 (парні)"),
        ("2", "11–19 (непарні), 10–18 (парні)"),
        ("3", "21–27 (непарні), 20–28 (парні)"),
    ]
    out = StringIO(newline="")
    call_command("print_territories", "--city", "kvadraty", stdout=out)
    assert out.getvalue() == as_csv(iter(lines))
    reading = read_territories(out.getvalue().encode(), name="printed.csv")
    report = report_on(world.city, compile_reading(world.city, reading), at=NOON)
    assert report.decided == 28
    assert {finding.kind for finding in report.findings} == {Kind.SPLIT_STREET}


def test_streets_come_in_the_order_of_the_ukrainian_alphabet_and_districts_as_people_count(world: World) -> None:
    District.objects.filter(pk=world.north.pk).update(code="10")
    for name, place in (
        ("вулиця Яворова", world.in_mid), ("вулиця Івана Франка", world.in_mid), ("вулиця Вишнева", world.in_mid),
        ("вулиця Єдності", world.in_mid), ("вулиця Абрикосова", world.in_north),
    ):  # fmt: skip
        House.objects.create(street=Street.objects.create(city=world.city, name_uk=name), number="1", location=place)
    assert [(line.district, line.street.split()[1]) for line in printed_lines(world.city, NOON)] == [
        ("2", "Вишнева"), ("2", "Єдності"), ("2", "Івана"), ("2", "Яворова"), ("10", "Абрикосова"),
    ]  # fmt: skip


def test_a_list_of_one_district_says_what_the_whole_list_says_of_it(world: World) -> None:
    """Only the streets that it may serve are asked: those its polygon covers, those its rules name."""
    for name, places in (
        ("Перша", (world.in_north, world.in_mid)),
        ("Друга", (world.in_mid,)),
        ("Третя", (world.in_mid,)),
    ):
        street = Street.objects.create(city=world.city, name_uk=f"вулиця {name}")
        for number, place in enumerate(places, start=1):
            House.objects.create(street=street, number=str(number), location=place)
    compiled = compile_reading(world.city, read_text("Дільниця № 1\nвул. Друга: всі\nДільниця № 3\nвул. Третя: 1"))
    record_territories(
        city=world.city, compiled=compiled, source="", sha256="", recorded_at=LONG_AGO, recorded_by="tests"
    )
    whole = list(printed_lines(world.city, NOON))
    assert {(line.district, line.street, str(line.rule)) for line in whole} == {
        ("1", "вулиця Друга", "list"), ("1", "вулиця Перша", "polygon"), ("2", "вулиця Перша", "polygon"),
        ("3", "вулиця Третя", "list"),
    }  # fmt: skip
    for code in "123":
        own = [line for line in whole if line.district == code]
        assert list(printed_lines(world.city, NOON, district=code)) == own


def test_what_the_list_says_of_houses_is_printed_in_its_words(world: World) -> None:
    """Of houses that nobody knows yet too: read again, the list says the same."""
    text = "Дільниця № 1\nвул. Друга: 1–45 (непарні)\nДільниця № 2\nвул. Друга: 2–46 (парні); вул. Третя: всі, крім 5"
    for name in ("Друга", "Третя"):
        street = Street.objects.create(city=world.city, name_uk=f"вулиця {name}")
        for number in "1234":
            House.objects.create(street=street, number=number, location=world.in_south)
    record_territories(
        city=world.city, compiled=compile_reading(world.city, read_text(text)), source="", sha256="",
        recorded_at=LONG_AGO, recorded_by="tests",
    )  # fmt: skip
    lines = [(line.district, line.street, line.houses) for line in printed_lines(world.city, NOON)]
    assert lines == [
        ("1", "вулиця Друга", "1–45 (непарні)"), ("2", "вулиця Друга", "2–46 (парні)"),
        ("2", "вулиця Третя", "всі, крім 5"),
    ]  # fmt: skip
    House.objects.create(street=street, number="5", location=world.in_south)
    assert ("3", "вулиця Третя", "5") in [
        (each.district, each.street, each.houses) for each in printed_lines(world.city, NOON)
    ]


def test_words_that_contradict_a_lookup_are_not_printed(world: World) -> None:
    """Where two districts name number 25, what is known is told; a district without a known house is told too."""
    text = "Дільниця № 1\nвул. Друга: 1–25; вул. Третя: 1–99\nДільниця № 2\nвул. Друга: 25–45; вул. Третя: 101–150"
    for name in ("Друга", "Третя"):
        street = Street.objects.create(city=world.city, name_uk=f"вулиця {name}")
        for number in ("1", "3", "31") if name == "Друга" else ("1", "3"):
            House.objects.create(street=street, number=number, location=world.in_south)
    record_territories(
        city=world.city, compiled=compile_reading(world.city, read_text(text)), source="", sha256="",
        recorded_at=LONG_AGO, recorded_by="tests",
    )  # fmt: skip
    assert [(line.district, line.street, line.houses) for line in printed_lines(world.city, NOON)] == [
        ("1", "вулиця Друга", "1, 3"), ("1", "вулиця Третя", "1–99"),
        ("2", "вулиця Друга", "31"), ("2", "вулиця Третя", "101–150"),
    ]  # fmt: skip


def test_a_street_without_known_houses_is_printed_as_the_list_tells_it(world: World) -> None:
    reading = read_text(
        "Дільниця № 1\nвул. Невідома: 1–9, 12А; вул. Порожня: всі, крім 5; с. Далеке\nДільниця № 2\nвул. Невідома: 10"
    )
    add_places(world.city, new_places(world.city, compile_reading(world.city, reading)))
    record_territories(
        city=world.city, compiled=compile_reading(world.city, reading), source="", sha256="", recorded_at=NOON,
        recorded_by="test",
    )  # fmt: skip
    lines = list(printed_lines(world.city, NOON))
    assert [(line.district, line.settlement, line.street, line.houses) for line in lines] == [
        ("1", "", "вулиця Невідома", "1–9, 12А"), ("1", "", "вулиця Порожня", "всі, крім 5"),
        ("1", "Далеке", "", ""), ("2", "", "вулиця Невідома", "10")
    ]  # fmt: skip
    assert [line.district for line in printed_lines(world.city, NOON, district="2")] == ["2"]
    again = read_territories(as_csv(lines).encode(), name="printed.csv")
    assert [(entry.district, entry.street, entry.settlement) for entry in again.entries] == [
        ("1", "вулиця Невідома", ""), ("1", "вулиця Порожня", ""), ("1", "", "Далеке"), ("2", "вулиця Невідома", "")
    ]  # fmt: skip
