"""A coordinator uploads, judges, activates and draws boundaries in a real browser."""

import json
import re
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import BrowserContext, Page, expect

from geo.models import BoundaryEdition, EditionPeriod
from tests.journeys.conftest import Watch, axe_violations
from tests.world import square

BOUNDARIES = "/staff/kvadraty/boundaries/"
HOLED = {
    "1": square(25.0, 49.99),
    "2": shapely.box(25.011, 49.99, 25.02, 50.0),
    "4": shapely.box(25.0, 50.0, 25.02, 50.01),
    "5": shapely.box(25.0, 49.98, 25.02, 49.99),
}
"""A gap of about 72 m between 1 and 2, closed all around."""


@pytest.fixture(autouse=True)
def private_media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def write(path: Path, shapes: dict[str, shapely.Geometry], field: str = "code") -> Path:
    features = [
        {"type": "Feature", "properties": {field: code}, "geometry": json.loads(shapely.to_geojson(shape))}
        for code, shape in shapes.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def upload(page: Page, file: Path) -> None:
    page.goto(BOUNDARIES)
    page.get_by_role("link", name="Завантажити межі").click()
    page.locator("input[type=file]").set_input_files(file)
    page.locator("file-upload button[type=submit]").click()


def open_editor(page: Page, district: str) -> None:
    page.goto(f"{BOUNDARIES}1/edit/")
    page.wait_for_selector("edit-map[data-ready]")
    page.locator("[data-choose]").select_option(label=district)
    expect(page.locator("[data-rows] tr")).not_to_have_count(0)


def east_of(code: str, number: int) -> set[float]:
    boundary = BoundaryEdition.objects.get(number=number).boundaries.get(district__code=code).boundary
    return {round(point[0], 7) for point in boundary[0][0]}


def test_upload_shows_the_findings_and_blocks_until_they_are_accepted(coordinator: Page, tmp_path: Path) -> None:
    upload(coordinator, write(tmp_path / "holed.geojson", HOLED))
    coordinator.wait_for_selector("report-map[data-ready]")
    expect(coordinator).to_have_url(re.compile(rf"{BOUNDARIES}2/$"))
    expect(coordinator.get_by_text("1 помилка не дає ввести в дію")).to_be_visible()
    expect(coordinator.locator("path.finding-place--error")).to_have_count(1)
    assert axe_violations(coordinator) == []
    coordinator.locator("[data-show]").first.click()
    expect(coordinator.locator("path.finding-ring")).to_have_count(1)
    expect(coordinator.locator(".finding.is-shown")).to_contain_text("Прогалина між дільницями")
    coordinator.get_by_text("Прийняти…").click()
    coordinator.locator("[name=reason]").fill("озеро")
    coordinator.locator("[name=reason]").press("Enter")
    expect(coordinator.locator(".finding__accepted").first).to_contain_text("озеро")
    coordinator.get_by_text("Ввести в дію…").click()
    coordinator.locator("form[action$='activate/'] button").click()
    expect(coordinator).to_have_url(re.compile(rf"{BOUNDARIES}$"))
    expect(coordinator.locator(".editions__now")).to_contain_text("№ 2")
    assert axe_violations(coordinator) == []
    coordinator.get_by_text(re.compile("Повернути редакцію № 1|№ 1…")).first.click()
    coordinator.locator("form[action$='back/'] button").click()
    expect(coordinator.locator(".editions__now")).to_contain_text("№ 1")
    assert EditionPeriod.objects.count() == 3


def test_click_on_a_place_leads_to_its_sentence(coordinator: Page, tmp_path: Path) -> None:
    upload(coordinator, write(tmp_path / "holed.geojson", HOLED))
    coordinator.wait_for_selector("report-map[data-ready]")
    coordinator.locator("path.finding-place--error").click()
    expect(coordinator.locator(".finding.is-shown [data-show]")).to_be_focused()


def test_code_with_markup_stays_text_on_the_map(coordinator: Page, tmp_path: Path) -> None:
    upload(coordinator, write(tmp_path / "marked.geojson", {"<b>1": square(25.0, 49.99)}))
    coordinator.wait_for_selector("report-map[data-ready]")
    expect(coordinator.locator(".code-label", has_text="<b>1")).to_have_count(1)
    expect(coordinator.locator(".code-label b")).to_have_count(0)


def test_unknown_field_is_chosen_without_sending_the_file_again(
    coordinator: Page, tmp_path: Path, watch: Watch
) -> None:
    upload(coordinator, write(tmp_path / "fields.geojson", HOLED, field="zzz"))
    expect(coordinator.locator("[data-refusal]")).to_be_focused()
    assert axe_violations(coordinator) == []
    coordinator.locator("[name=code_field]").select_option("zzz")
    coordinator.locator("file-upload button[type=submit]").click()
    expect(coordinator).to_have_url(re.compile(rf"{BOUNDARIES}2/$"))
    watch.errors.clear()  # Chromium reports the 422


def test_upload_works_without_script(coordinator: Page, context: BrowserContext, tmp_path: Path) -> None:
    context.route(re.compile(r"\.js$"), lambda route: route.fulfill(body="", content_type="text/javascript"))
    upload(coordinator, write(tmp_path / "plain.geojson", HOLED))
    expect(coordinator.get_by_text("1 помилка не дає ввести в дію")).to_be_visible()


def test_dragged_vertex_moves_in_both_districts(coordinator: Page) -> None:
    open_editor(coordinator, "2 — Середня")
    markers = coordinator.locator(".marker-icon:not(.marker-icon-middle)")
    expect(markers).to_have_count(4)
    inputs = coordinator.locator("[data-rows] input")
    former = [field.input_value() for field in inputs.all()]
    boxes = [box for box in (marker.bounding_box() for marker in markers.all()) if box]
    corner = min(boxes, key=lambda box: box["x"] + box["y"])
    x, y = corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] / 2
    coordinator.mouse.move(x, y)
    coordinator.mouse.down()
    coordinator.mouse.move(x + 20, y + 5, steps=4)
    coordinator.mouse.move(x + 60, y + 10, steps=6)
    coordinator.mouse.up()
    expect(coordinator.locator("[data-changed]")).to_contain_text("1, 2")
    assert axe_violations(coordinator) == []
    coordinator.locator("[data-undo]").click()
    expect(coordinator.locator("[data-changed]")).to_have_text("Ще нічого не змінено.")
    assert [field.input_value() for field in inputs.all()] == former
    coordinator.locator("[data-redo]").click()
    coordinator.locator("[data-save] [name=source]").fill("посунуто ріг")
    coordinator.locator("[data-save] button[type=submit]").click()
    expect(coordinator).to_have_url(re.compile(rf"{BOUNDARIES}2/$"))
    moved = east_of("1", 2) - {25.0, 25.01}
    assert len(moved) == 1
    assert moved < east_of("2", 2)


def test_vertex_that_is_added_and_deleted_is_so_in_both_districts(coordinator: Page) -> None:
    open_editor(coordinator, "1 — Північна")
    shared = coordinator.locator("[data-rows] tr", has_text="із 2")
    expect(shared).to_have_count(2)
    first = min(int(row.locator("th").inner_text()) for row in shared.all())
    coordinator.get_by_role("button", name=f"Додати вершину після вершини {first}", exact=True).click()
    expect(coordinator.locator("[data-rows] tr")).to_have_count(5)
    expect(shared).to_have_count(3)
    expect(coordinator.locator("[data-changed]")).to_contain_text("1, 2")
    coordinator.locator("[data-rows] tr").nth(first).get_by_role("button").last.click()
    expect(coordinator.locator("[data-rows] tr")).to_have_count(4)
    expect(coordinator.locator("[data-changed]")).to_have_text("Ще нічого не змінено.")


def test_keyboard_moves_a_vertex_undoes_and_saves(coordinator: Page) -> None:
    open_editor(coordinator, "1 — Північна")
    latitude = coordinator.get_by_label("Широта вершини 1", exact=True)
    former = latitude.input_value()
    latitude.focus()
    coordinator.keyboard.press("ArrowDown")
    expect(coordinator.get_by_label("Широта вершини 2", exact=True)).to_be_focused()
    coordinator.keyboard.press("ArrowUp")
    coordinator.keyboard.press("Alt+Shift+ArrowUp")
    expect(latitude).not_to_have_value(former)
    expect(latitude).to_be_focused()
    coordinator.keyboard.press("Control+z")
    expect(latitude).to_have_value(former)
    expect(coordinator.locator("[data-save] button[type=submit]")).to_be_disabled()
    latitude.fill("сорок")
    latitude.press("Tab")
    expect(latitude).to_have_attribute("aria-invalid", "true")
    latitude.fill(former.replace(".", ",")[:-3] + "555")
    latitude.press("Tab")
    expect(coordinator.locator("[data-changed]")).to_contain_text("1")
    coordinator.locator("[data-save] [name=source]").fill("уточнено")
    coordinator.locator("[data-save] [name=source]").press("Enter")
    expect(coordinator).to_have_url(re.compile(rf"{BOUNDARIES}2/$"))


def test_outline_that_crosses_itself_is_told_and_the_drawing_stays(coordinator: Page, watch: Watch) -> None:
    open_editor(coordinator, "2 — Середня")
    rows = coordinator.locator("[data-rows] tr")
    west = [row for row in rows.all() if row.locator("[data-lon]").input_value().startswith("25.01")]
    for row in west[:1]:
        row.locator("[data-lon]").fill("25.03")
        row.locator("[data-lon]").press("Tab")
    coordinator.locator("[data-save] [name=source]").fill("помилка")
    coordinator.locator("[data-save] button[type=submit]").click()
    expect(coordinator.locator("[data-problem]")).to_be_focused()
    expect(coordinator.locator("[data-problem]")).to_contain_text("Дільниця")
    expect(coordinator.locator("[data-changed]")).to_contain_text("2")
    assert BoundaryEdition.objects.count() == 1
    watch.errors.clear()  # Chromium reports the 422
    coordinator.on("dialog", lambda dialog: dialog.accept())


TWO_SQUARES_AND_A_LOOSE_ONE = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"code": code, "name": code}, "geometry": {"type": "Polygon", "coordinates": [
            [[west, 0], [west + 1, 0], [west + 1, 1], [west, 1], [west, 0]]
        ]}}
        for code, west in (("a", 0), ("b", 1), ("c", 3))
    ],
}  # fmt: skip


def drawn(page: Page, steps: list[list[object]]) -> dict[str, object]:
    """Do steps on a draft of two squares that touch and a third apart, in the browser."""
    return page.evaluate(
        """async ([collection, address, steps]) => {
            const { Draft } = await import(address);
            const draft = new Draft(collection);
            const lies = ([lon, lat], id, x, y) => lon === x && lat === y && draft.users[id].size;
            const at = (x, y) => draft.points.findIndex((point, id) => lies(point, id, x, y));
            const did = steps.map(([deed, ...given]) => {
                if (deed === "move") return draft.move(at(...given[0]), given[1]);
                if (deed === "remove") return draft.remove(at(...given[0]));
                return draft[deed]();
            });
            const codes = draft.changed().map((district) => draft.districts[district].code);
            const ringOf = (index) => draft.geometry(index).coordinates[0][0];
            const rings = Object.fromEntries(draft.districts.map(({ code }, index) => [code, ringOf(index)]));
            return { did, codes, rings };
        }""",
        [TWO_SQUARES_AND_A_LOOSE_ONE, "/static/mapui/js/map/draft.js", steps],
    )


def test_draft_keeps_what_neighbours_share_together(page: Page) -> None:
    page.goto("/")
    moved = drawn(page, [["move", [1, 1], [1.2, 1.1]]])
    assert (moved["did"], moved["codes"]) == (["moved"], ["a", "b"])
    assert [1.2, 1.1] in moved["rings"]["a"]
    assert [1.2, 1.1] in moved["rings"]["b"]
    joined = drawn(page, [["move", [3, 0], [2, 0]], ["move", [3, 1], [2, 1]]])
    assert (joined["did"], joined["codes"]) == (["joined", "joined"], ["c"])
    woven = drawn(page, [["move", [3, 0], [2, 0.4]]])
    assert woven["codes"] == ["b", "c"]
    assert woven["rings"]["b"].count([2, 0.4]) == 1


def test_draft_refuses_what_would_tear_the_coverage(page: Page) -> None:
    page.goto("/")
    junction = drawn(page, [["move", [3, 0], [2, 0]], ["move", [3, 1], [1, 1]], ["remove", [1, 1]]])
    assert junction["did"][2] == "junction"
    thin = drawn(page, [["remove", [3, 0]], ["remove", [3, 1]], ["move", [4, 0], [4, 1]]])
    assert thin["did"] == ["deleted", "triangle", "collapse"]


def test_draft_undoes_and_does_again_every_step(page: Page) -> None:
    page.goto("/")
    start = drawn(page, [])["rings"]
    steps = [["move", [1, 1], [1.2, 1.1]], ["move", [3, 0], [2, 0.4]], ["remove", [0, 1]]]
    done = drawn(page, steps)
    undone = drawn(page, [*steps, ["undo"], ["undo"], ["undo"], ["undo"]])
    assert (undone["rings"], undone["codes"], undone["did"][-1]) == (start, [], False)
    again = drawn(page, [*steps, ["undo"], ["undo"], ["undo"], ["redo"], ["redo"], ["redo"], ["redo"]])
    assert (again["rings"], again["codes"]) == (done["rings"], done["codes"])


@pytest.mark.parametrize("width", [390, 820])
def test_pages_fit_narrow_screens_without_violations(coordinator: Page, width: int) -> None:
    coordinator.set_viewport_size({"width": width, "height": 844})
    coordinator.emulate_media(color_scheme="dark")
    for path, ready in (
        ("", "h1"),
        ("upload/", "form.upload"),
        ("1/", "report-map[data-ready]"),
        ("1/edit/", "edit-map[data-ready]"),
    ):
        coordinator.goto(BOUNDARIES + path)
        coordinator.wait_for_selector(ready)
        assert axe_violations(coordinator) == []
        assert coordinator.evaluate("document.documentElement.scrollWidth <= innerWidth")
