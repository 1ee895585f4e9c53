"""Without a basemap the map names its own streets, in a real browser on a demonstration city."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from mapui.demo import CITIES, load_city

LETTERS = """() => [...document.querySelectorAll("text.street-name")].map((label) => ({
    name: label.textContent,
    letters: Array.from({ length: label.getNumberOfChars() }, (_, at) => {
      const letter = label.getStartPositionOfChar(at);
      return [letter.x, letter.y];
    }),
  }))"""
DISTRICTS = """async () => {
    await Promise.all(document.getAnimations().map((animation) => animation.finished));
    const pane = document.querySelector(".leaflet-map-pane").getBoundingClientRect();
    return [...document.querySelectorAll(".district-label:not(.is-hidden) .district-label__text")]
      .map((label) => label.getBoundingClientRect())
      .map((box) => [box.left - pane.left, box.top - pane.top, box.right - pane.left, box.bottom - pane.top]);
  }"""


@pytest.fixture
def pilot(transactional_db: None, page: Page) -> Page:
    """Open the map of Ternopil."""
    load_city(CITIES[0], now=timezone.now())
    page.goto("/ternopil/")
    page.wait_for_selector("district-map[data-ready]")
    return page


ZOOM_IN = """() => new Promise((done) => {
  const pane = document.querySelector(".leaflet-map-pane");
  let began = false;
  new MutationObserver((_changes, observer) => {
    const moves = pane.classList.contains("leaflet-zoom-anim");
    if (began && !moves) { observer.disconnect(); done(); }
    began ||= moves;
  }).observe(pane, { attributes: true, attributeFilter: ["class"] });
  document.querySelector(".leaflet-control-zoom-in").click();
})"""
"""Watched in the page: on a busy machine the quarter of a second of the movement is over before a test asks for it."""


def zoom_in(page: Page) -> None:
    page.evaluate(ZOOM_IN)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def names(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(LETTERS)
    return found


def test_main_streets_are_named_first_and_lanes_when_there_is_room(pilot: Page) -> None:
    assert names(pilot) == []
    zoom_in(pilot)
    far = {label["name"] for label in names(pilot)}
    assert "вул. Руська" in far and "вул. Валова" not in far
    zoom_in(pilot)
    near = {label["name"] for label in names(pilot)}
    assert far < near and "вул. Валова" in near
    assert len(near) > 40


def test_names_follow_the_reader_over_the_city(pilot: Page) -> None:
    for _ in range(4):
        zoom_in(pilot)
    assert "вул. Лозовецька" not in {label["name"] for label in names(pilot)}
    pilot.locator(".leaflet-container").focus()
    seen = set()
    for _ in range(40):
        pilot.keyboard.press("Shift+ArrowUp")
        pilot.wait_for_timeout(100)
        seen |= {label["name"] for label in names(pilot)}
    assert "вул. Лозовецька" in seen


def test_no_name_lies_upon_another_and_all_are_read_from_left_to_right(pilot: Page) -> None:
    for _ in range(3):
        zoom_in(pilot)
        labels = names(pilot)
        boxes = pilot.evaluate(DISTRICTS)
        for number, label in enumerate(labels):
            letters = label["letters"]
            assert letters[0][0] <= letters[-1][0] + 1, label["name"]
            for x, y in letters:
                assert not any(a < x < c and b < y < d for a, b, c, d in boxes), label["name"]
            for other in labels[number + 1 :]:
                nearest = min(abs(x - a) + abs(y - b) for x, y in letters for a, b in other["letters"])
                assert nearest > 9, (label["name"], other["name"])
