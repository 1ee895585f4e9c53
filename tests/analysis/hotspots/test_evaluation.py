"""Evaluations: the measures by hand on a small city, and the command on files as anybody has them."""

import datetime
import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from analysis.hotspots.evaluation import OURS, PLAIN, evaluate
from analysis.hotspots.events import UnreadableEvents, bin_weeks, read_events

YEARS = 110  # weeks of training


def city_of(*, always):
    """A city of 100 cells, where one letter a week comes from the same cells, the last four weeks for the test."""
    weekly = np.zeros((YEARS + 4, 10, 10), np.int32)
    for row, column in always:
        weekly[:, row, column] = 1
    return weekly


def measure(weekly, **options):
    """Evaluate with one cell of a hundred."""
    settings = {"train_weeks": YEARS, "areas": [0.01, 0.02], "every_week": False, "rng": np.random.default_rng(1)}
    settings["elsewhere"] = np.zeros(len(weekly) - YEARS, np.int64)
    return evaluate(weekly, np.ones((10, 10), bool), **(settings | options))


@pytest.mark.parametrize("every_week", [False, True])
def test_the_measures_are_as_counted_by_hand(every_week):
    found = measure(city_of(always=[(2, 2), (7, 7)]), every_week=every_week)
    one, two = (
        next(each for each in found.scores if each.area == area and each.method == PLAIN) for area in (0.01, 0.02)
    )
    assert (one.caught, two.caught, found.letters) == (4, 8, 8)
    assert one.pai.value == pytest.approx(0.5 / 0.01)
    assert two.pai.value == pytest.approx(1 / 0.02)
    assert (one.pei.value, two.pei.value) == (1.0, 1.0)
    assert one.recapture.value == pytest.approx(1.0)
    assert one.above_plain.value == one.above_plain.low == one.above_plain.high == 0


def test_letters_outside_the_area_are_missed():
    found = measure(city_of(always=[(2, 2)]), elsewhere=np.full(4, 3))
    assert found.letters == 16
    assert found.scores[0].pai.value == pytest.approx(0.25 / 0.01)


def test_a_long_memory_knows_a_place_that_was_quiet_for_a_year():
    weekly = city_of(always=[])
    rng = np.random.default_rng(2)
    weekly[:, rng.integers(0, 10, 30), rng.integers(0, 10, 30)] += (rng.random((len(weekly), 30)) < 0.05).astype(
        np.int32
    )
    weekly[:52, 4, 4] += 1
    weekly[YEARS - 4 :, 4, 4] += 1
    ours = next(each for each in measure(weekly).scores if each.method == OURS)
    assert ours.caught >= 4


def test_less_than_two_years_are_refused():
    with pytest.raises(ValueError, match="Two years"):
        measure(city_of(always=[(1, 1)]), train_weeks=103, elsewhere=np.zeros(11, np.int64))


@pytest.fixture
def files(tmp_path):
    """Two years and four weeks of a city, with two places that never rest."""
    rng = np.random.default_rng(6)
    train, test = tmp_path / "train.csv", tmp_path / "test.csv"
    first = datetime.date(2024, 1, 1)
    for path, days in ((train, range(2 * 366)), (test, range(2 * 366, 2 * 366 + 28))):
        rows = ["date,longitude,latitude"]
        for day in days:
            when = first + datetime.timedelta(days=day)
            rows.append(f"{when} 10:00,25.5948,49.5535")
            rows.append(f"{when}T23:59:59,{25.55 + rng.random() / 10:.5f},{49.52 + rng.random() / 15:.5f}")
        path.write_text("\n".join(rows), encoding="utf-8")
    return train, test


def test_the_command_prints_a_table_and_writes_json(files, tmp_path, capsys):
    train, test = files
    out = tmp_path / "figures.json"
    call_command("evaluate_hotspots", train=train, test=test, every="week", areas=[0.01, 0.05], json=out)
    said = capsys.readouterr().out
    assert "Tested on 56 events of 2026-01-02 to 2026-01-29; ranked anew before each week" in said
    assert said.count("ours") == 3
    written = json.loads(out.read_text(encoding="utf-8"))
    assert [score["method"] for score in written["scores"][:3]] == [PLAIN, "kernel density", OURS]
    assert written["scores"][0]["caught"] == 28


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("lon,lat\n1,2\n", "has no column time"),
        ("lon,lat,time\n1,2,yesterday\n", "line 2"),
        ("lon,lat,time\n1,95,2024-01-01\n", "no place in degrees"),
        ("lon,lat,time\n", "holds no events"),
        ("lon,lat,time\n1,2\n", "line 2"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(tmp_path, text, why):
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableEvents, match=why):
        read_events(path)


def test_a_test_before_the_training_ends_is_refused(files):
    train, test = files
    with pytest.raises(CommandError, match="must begin after the training ends"):
        call_command("evaluate_hotspots", train=test, test=train)


def test_the_area_is_where_the_training_had_events(files):
    train, test = (read_events(path) for path in files)
    binned = bin_weeks(train, test, cell_m=250)
    assert binned.weekly[: binned.train_weeks].sum(axis=0).astype(bool).sum() == binned.inside.sum()
    assert binned.weekly[binned.train_weeks :].sum() + binned.elsewhere.sum() == 56
