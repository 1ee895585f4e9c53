# ruff: noqa: SIM905
"""A seeded gazetteer of a million addresses: a city and the villages of its community, as a register lists them."""

import csv
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ADDRESSES, STREETS, VILLAGES, SEED = 1_000_000, 25_000, 40, 20261124
IN_VILLAGES = 0.2
"""The share of the streets that lie in villages; their names are those of the city's streets too."""
CENTRE = 25.595, 49.553
"""Longitude and latitude in degrees; the city reaches about 12 km from it, the villages lie around it."""

KINDS = ("вулиця",) * 16 + ("провулок",) * 5 + ("проспект", "бульвар", "проїзд", "тупик", "узвіз", "площа", "набережна")
FEMININE = {"вулиця", "площа", "набережна"}
HIS_NAMES = (
    "Івана Петра Степана Василя Григорія Богдана Тараса Остапа Дмитра Миколи Олекси Юрія Павла Данила Андрія Якова "
    "Романа Ярослава Володимира Максима Євгена Антона Левка Маркіяна Северина Захара Кирила Лук'яна Нестора Прокопа"
).split()
HER_NAMES = "Лесі Марії Ольги Олени Соломії Ганни Софії Катерини Віри Людмили".split()
STEMS = (
    "Шевч Кравч Ковал Бондар Мельнич Гончар Ткач Савч Петр Іван Марч Левч Ром Лис Гриц Яким Захар Кирил Онищ Тимош "
    "Данил Марк Павл Семен Федор Юрч Клим Дорош Назар Остап Панас Радч Сидор Тарас Ярем Зінч Хом Харч Пилип Волош "
    "Дем Гайд Костен Лук Миронч Нечипор Олекс Приход Рудь Скорик Терещ Усен Чорн Швед Бойч Вернид Голов Драг"
).split()
HIS_ENDINGS = "енка ука ака ського овича ецького инського иши ая ева уна".split()
HER_ENDINGS = "енко ук ської ової ецької инської".split()
ADJECTIVES = (
    "Зелен Садов Польов Лугов Лісов Шкільн Центральн Вишнев Яблунев Калинов Липов Тополин Каштанов Північн Південн "
    "Східн Західн Набережн Сонячн Тих Весел Молодіжн Річков Озерн Степов Джерельн Млинов Кам'ян Висок Нов Стар Широк "
    "Вузьк Гірськ Долинн Медов Квітков Барвінков Ясенев Дубов Кленов Березов Соснов Ялинов Калинівськ Підгірн Заводськ "
    "Фабричн Вокзальн Залізничн Поштов Ринков Замков Монастирськ Церковн Козацьк Стрілецьк Львівськ Київськ Одеськ "
    "Харківськ Полтавськ Волинськ Карпатськ Дністровськ Дніпровськ Поліськ Чумацьк Гончарськ Ковальськ Пасічн"
).split()
VILLAGE_NAMES = "Велик Мал Нов Стар Верхн Нижн".split()
VILLAGE_ROOTS = "Гаї Броди Лози Луки Млини Озера Поляни Садки Стави Хутори".split()
LETTERS = ("",) * 12 + ("А", "Б", "В", "/1", "/2", "/12", " корп. 1", " корп. 2")


class Address(NamedTuple):
    """One house: `settlement` is empty in the city itself; degrees WGS 84."""

    settlement: str
    street: str
    house: str
    lat: float
    lon: float


def street_names(chance: random.Random) -> Iterator[str]:
    """Yield names without end, their kind before them: «вулиця Лесі Бондарської», «провулок Тихий»; some come again."""
    while True:
        kind = chance.choice(KINDS)
        if chance.random() < 0.15:
            name = chance.choice(ADJECTIVES) + ("а" if kind in FEMININE else "ий")
            name = (
                f"{chance.randint(1, 9)}-{'а' if kind in FEMININE else 'й'} {name}" if chance.random() < 0.5 else name
            )
        else:
            names, endings = (HIS_NAMES, HIS_ENDINGS) if chance.random() < 0.8 else (HER_NAMES, HER_ENDINGS)
            name = chance.choice(STEMS) + chance.choice(endings)
            name = f"{chance.choice(names)} {name}" if chance.random() < 0.85 else name
        yield f"{kind} {name}"


def addresses(count: int = ADDRESSES, streets: int = STREETS, seed: int = SEED) -> Iterator[Address]:
    """Yield `count` different addresses on `streets` streets, street after street; the same for the same seed.

    The seed must leave every street at least one house: `streets` is at most half of `count`.
    """
    chance = random.Random(seed)
    villages = [f"{old}і {root}" for old in VILLAGE_NAMES for root in VILLAGE_ROOTS][:VILLAGES]
    names = street_names(chance)
    known: dict[tuple[str, str], None] = {}
    while len(known) < streets:
        in_village = len(known) < streets * IN_VILLAGES
        known[chance.choice(villages) if in_village else "", next(names)] = None
    weights = [chance.lognormvariate(0, 0.9) for _ in known]
    spread = (count - streets) / sum(weights)
    sizes = [1 + int(weight * spread) for weight in weights]
    for position in range(count - sum(sizes)):
        sizes[position % streets] += 1
    for (settlement, street), size in zip(known, sizes, strict=True):
        lon, lat = _centre(settlement, villages)
        reach = 0.12 if not settlement else 0.01
        lon, lat = lon + chance.uniform(-reach, reach), lat + chance.uniform(-reach, reach) * 0.65
        angle, number, seen = chance.uniform(0, math.tau), 0, set[str]()
        for at in range(size):
            house = f"{number}{chance.choice(LETTERS)}"
            if number == 0 or house in seen or chance.random() < 0.7:
                number += 1
                house = f"{number}{chance.choice(LETTERS)}"
            seen.add(house)
            step = at * 1e-4 + chance.uniform(0, 5e-5)
            aside = (1 if number % 2 else -1) * chance.uniform(1e-4, 2e-4)
            x = lon + step * math.cos(angle) - aside * math.sin(angle)
            y = lat + 0.65 * (step * math.sin(angle) + aside * math.cos(angle))
            yield Address(settlement, street, house, round(y, 7), round(x, 7))


def write_csv(path: Path, count: int = ADDRESSES, streets: int = STREETS, seed: int = SEED) -> None:
    """Write the gazetteer as `import_addresses` reads it: settlement,street,house,lat,lon."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(Address._fields)
        lines.writerows(addresses(count, streets, seed))


def _centre(settlement: str, villages: list[str]) -> tuple[float, float]:
    """Where a settlement lies: villages stand around the city."""
    lon, lat = CENTRE
    if not settlement:
        return lon, lat
    angle = math.tau * villages.index(settlement) / len(villages)
    return lon + 0.22 * math.cos(angle), lat + 0.15 * math.sin(angle)
