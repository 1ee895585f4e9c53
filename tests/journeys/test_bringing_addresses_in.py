"""A coordinator brings addresses in from a file in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo.models import House
from tests.journeys.conftest import Watch, axe_violations

ADDRESSES = "/staff/kvadraty/addresses/"
GOOD = "street,house,lat,lon\nвул. Нова,1,49.995,25.005\nвул. Нова,х,49.995,25.005\n"


@pytest.mark.parametrize("width", [390, 1280])
def test_a_file_is_shown_with_its_bad_rows_and_then_carried_out(
    coordinator: Page, watch: Watch, tmp_path: Path, width: int
) -> None:
    coordinator.set_viewport_size({"width": width, "height": 800})
    file = tmp_path / "some.csv"
    file.write_text(GOOD, encoding="utf-8")
    coordinator.goto(ADDRESSES)
    form = coordinator.locator("file-upload").first
    form.locator("input[type=file]").set_input_files(file)
    form.locator("button[type=submit]").focus()
    coordinator.keyboard.press("Enter")
    expect(coordinator.get_by_role("heading", level=1)).to_have_text("Що зміниться")
    expect(coordinator.get_by_role("heading", level=1)).to_be_focused()
    expect(coordinator.get_by_role("cell", name="«х» не є номером будинку.")).to_be_visible()
    assert not axe_violations(coordinator)
    coordinator.get_by_role("button", name="Виконати").click()
    expect(coordinator.get_by_text("Готово")).to_be_visible()
    assert House.objects.filter(street__name_uk="вулиця Нова").count() == 1


def test_a_file_that_is_none_is_refused_in_place_and_another_can_be_sent(
    coordinator: Page, watch: Watch, tmp_path: Path
) -> None:
    coordinator.goto(ADDRESSES)
    for name, text in (("bad.csv", "a,b\n1,2\n"), ("good.csv", GOOD)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        form = coordinator.locator("file-upload").first
        form.locator("input[type=file]").set_input_files(tmp_path / name)
        form.locator("button[type=submit]").click()
        if name == "bad.csv":
            expect(coordinator.get_by_role("alert")).to_be_focused()
    expect(coordinator.get_by_role("heading", level=1)).to_have_text("Що зміниться")
    watch.errors.clear()  # the browser tells of the answer 422
