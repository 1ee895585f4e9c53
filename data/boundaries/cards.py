"""Demonstration stations and officers. Nobody real: the names say so, the numbers cannot ring."""

from typing import Any

from shapely import Point

RANKS = [
    ("лейтенант поліції", "Police Lieutenant"),
    ("старший лейтенант поліції", "Police Senior Lieutenant"),
    ("капітан поліції", "Police Captain"),
    ("майор поліції", "Police Major"),
]
RECEPTION = [
    ("вт 10:00–12:00, чт 17:00–19:00", "Tue 10:00–12:00, Thu 17:00–19:00"),
    ("пн 09:00–11:00, ср 17:00–20:00", "Mon 09:00–11:00, Wed 17:00–20:00"),
    ("ср 10:00–13:00, сб 10:00–12:00", "Wed 10:00–13:00, Sat 10:00–12:00"),
]
LANGUAGES = ["uk", "uk;en", "uk", "uk;pl"]
LEAVE = ("2025-06-01", "2035-01-01")
Row = dict[str, Any]


def stations(sketch: Row) -> list[Row]:
    """The stations; the first answers for the whole city (`duty`)."""
    rows = []
    for number, station in enumerate(sketch["station"]):
        lon, lat = station["at"].split()
        rows.append(
            {
                "key": station["key"],
                "name_uk": station["uk"],
                "name_en": station["en"],
                "address_uk": f"{station['street']}, {station['house']}",
                "address_en": f"{station['house']} {station['street_en']}",
                "lat": lat,
                "lon": lon,
                "phone": f"{sketch['phone']}{900 + number}",
                "hours_uk": station["hours"][0],
                "hours_en": station["hours"][1],
                "duty": "yes" if number == 0 else "no",
            }
        )
    return rows


def officers(sketch: Row, codes: list[str], middles: list[Point]) -> list[Row]:
    """One row for each posting; what the roster calls vacant has none."""
    roster = sketch["roster"]
    also = dict(roster["shared"])
    away = [district for district, _ in roster["on_leave"]] + [roster["on_leave_alone"]]
    posts = [(code, also.get(code, code), "main") for code in codes if code not in roster["vacant"]]
    posts += [(district, deputy, "acting") for district, deputy in roster["on_leave"]]
    rows = []
    for district, keeper, role in posts:
        on_leave = LEAVE if role == "main" and district in away else ("", "")
        dates = LEAVE if role == "acting" else ("2025-01-01", "")
        card = _card(sketch, codes, middles, keeper)
        rows.append(
            card
            | {"districts": district, "role": role, "from": dates[0], "until": dates[1]}
            | {"leave_from": on_leave[0], "leave_until": on_leave[1]}
        )
    return rows


def _card(sketch: Row, codes: list[str], middles: list[Point], code: str) -> Row:
    index, number = codes.index(code), int(code)
    homes = [Point(float(x), float(y)) for x, y in (station["at"].split() for station in sketch["station"])]
    station = min(range(len(homes)), key=lambda i: homes[i].distance(middles[index]))
    return {
        "officer_key": f"{sketch['station'][0]['key'].rsplit('-', 1)[0]}-{code}",
        "kind": sketch["district"][index].get("kind", "district"),
        "rank_uk": RANKS[number % 4][0],
        "rank_en": RANKS[number % 4][1],
        "name_uk": f"Демонстраційний Офіцер {code}",
        "name_en": f"Demonstration Officer {code}",
        "phone": f"{sketch['phone']}{100 + number}",
        "email": f"officer-{code}@{sketch['domain']}",
        "reception_uk": RECEPTION[number % 3][0],
        "reception_en": RECEPTION[number % 3][1],
        "languages": LANGUAGES[number % 4],
        "checked_on": f"2026-{9 + number % 3:02}-{1 + number % 20:02}",
        "station": sketch["station"][station]["key"],
    }
