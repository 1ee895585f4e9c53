"""A city is opened by keyboard and files, from nothing, without a shell: what the kit misses leads to its page."""

import re
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from appeals import services
from appeals.access import as_staff, as_task
from appeals.drafts import Draft
from appeals.models import Appeal
from appeals.readiness import ANSWERS_AT_LEAST
from geo.models import City
from geo.moments import local_day
from people.models import User
from tests.appeals.conftest import build_office, user_with_role
from tests.journeys.conftest import Watch, axe_violations, expect_card, sign_in
from tests.journeys.test_office import TABLET, signed_in, tab_to
from tests.journeys.test_sign_in import choose_password, fresh_code, secret_on

POLTAVA = "/staff/poltava/"
OWN_STREETS = ("вул. Вишнева", "вул. Липова", "пров. Тихий")
"""Of each district one, made up; вул. Садова runs through all of them, six houses in each."""
OUTLINE = shapely.box(34.53, 49.585, 34.58, 49.6)


@pytest.fixture
def visitor(browser: Browser, live_server: LiveServer, watch: Watch) -> Callable[[], Page]:
    """Give somebody a browser of their own, watched."""

    def page() -> Page:
        context = browser.new_context(base_url=live_server.url, viewport=TABLET)
        context.set_default_timeout(10_000)
        watch.over(context)
        return context.new_page()

    return page


@pytest.fixture
def files(tmp_path: Path, settings) -> dict[str, Path]:
    """Give what a coordinator has at hand: addresses, list of streets, outline of the city, officers, their station."""
    settings.MEDIA_ROOT = tmp_path / "media"
    addresses, streets, officers = ["street,house,lat,lon"], ["дільниця;вулиця;будинки"], ["ПІБ;телефон;дільниця"]
    for block, own in enumerate(OWN_STREETS):
        first, code = 6 * block + 1, block + 1
        for house in range(6):
            lon = f"{34.54 + 0.01 * block + 0.0015 * house:.4f}"
            addresses += [f"вул. Садова,{first + house},49.590,{lon}", f"{own},{house + 1},49.593,{lon}"]
        streets += [f"{code};вул. Садова;{first}–{first + 5}", f"{code};{own};всі"]
        officers.append(f"Тестовий Офіцер {code};+38044300030{code};{code}")
    stations = ["ключ;назва;адреса;телефон;чергова", "west;Тестова станція;вул. Садова, 1;+380443000300;так"]
    rows = {"addresses": addresses, "streets": streets, "officers": officers, "stations": stations}
    for name, lines in rows.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "outline.geojson").write_text(shapely.to_geojson(OUTLINE), encoding="utf-8")
    return {name: tmp_path / f"{name}.csv" for name in rows} | {"outline": tmp_path / "outline.geojson"}


def press(page: Page, name: str) -> None:
    """Reach a button by the tabulator and press it."""
    tab_to(page, page.get_by_role("button", name=name))
    page.keyboard.press("Enter")


def press_twice(page: Page, name: str, *, told: str) -> None:
    """Press a button and, before the answer is there, again: its form is sent once."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name=name).evaluate("it => { it.click(); setTimeout(() => it.click(), 30); }")
    expect(page.get_by_text(told)).to_be_visible()
    assert len(sent) == 1


def follow(page: Page, name: str) -> None:
    """Reach a link by the tabulator and follow it."""
    tab_to(page, page.get_by_role("link", name=name).first)
    page.keyboard.press("Enter")


def see_missing(page: Page, *told: str, button: str) -> None:
    """Look at the kit: it names what is missing before the next stage, and does not offer it."""
    page.goto(f"{POLTAVA}opening/")
    expect(page.locator(".notice--notice li")).to_have_text([re.compile(each) for each in told])
    expect(page.get_by_role("button", name=button)).to_have_count(0 if told else 1)


def city_added(page: Page) -> str:
    """Add Полтава as an administrator, and return the link of its first coordinator."""
    page.goto("/staff/")
    page.get_by_role("link", name="Додати місто").click()
    for name, value in (
        ("name_uk", "Полтава"), ("name_en", "Poltava"), ("slug", "poltava"), ("coordinator", "Перша Людина"),
        ("email", "coordinator@poltava.example.org"),
    ):  # fmt: skip
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Додати місто").click()
    return page.locator("#link").inner_text()


def join(page: Page, link: str) -> Page:
    """Come by a link to the office, with a password and an app that shows codes."""
    choose_password(page, link)
    secret = secret_on(page)
    page.get_by_label("Код", exact=True).fill(fresh_code(secret))
    page.get_by_role("button", name="Увімкнути").click()
    page.get_by_role("link", name="Записано").click()
    expect(page.get_by_role("heading", name="Кабінет")).to_be_visible()
    return page


def invited(page: Page, role: str, email: str, card: str = "") -> str:
    """Invite somebody, and return the link."""
    page.goto(f"{POLTAVA}people/")
    page.get_by_label("Ім’я").fill(f"{role} Полтави")
    page.get_by_label("Електронна пошта").fill(email)
    page.get_by_role("checkbox", name=re.compile(f"^{role}")).check()
    if card:
        page.get_by_label("Картка офіцера").select_option(label=card)
    page.get_by_role("button", name="Створити посилання").click()
    return page.locator("#link").inner_text()


def bring_addresses(page: Page, file: Path) -> None:
    """Go by the kit to the addresses, and bring them in."""
    follow(page, "Завантажити адреси")
    upload = page.locator("file-upload").first
    upload.locator("input[type=file]").set_input_files(file)
    upload.locator("button[type=submit]").click()
    page.get_by_role("button", name="Виконати").click()
    expect(page.get_by_text("Готово")).to_be_visible()


def draft_boundaries(page: Page, file: Path, outline: Path) -> None:
    """Go by the kit to the boundaries: a list of streets comes first, then the outline that a draft is cut to.

    Its borders are checked and come into force.
    """
    follow(page, "Межі дільниць")
    page.get_by_role("link", name="За переліком вулиць").click()
    expect(page.get_by_text("Немає чинного переліку вулиць")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Переліки вулиць").click()
    page.get_by_role("link", name="Завантажити перелік").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Показати, що прочитано").click()
    page.get_by_role("button", name="Ввести в дію").click()
    expect(page.get_by_text("Усе гаразд")).to_be_visible()
    page.get_by_role("link", name="Переліки вулиць: Полтава").click()
    page.get_by_role("link", name="Накреслити полігони за переліком").click()
    page.get_by_role("link", name="Спершу задати контур").click()
    page.locator("input[type=file]").set_input_files(outline)
    page.get_by_role("button", name="Спершу переглянути").click()
    page.wait_for_selector("report-map[data-ready]")
    press_twice(page, "Так, це контур міста", told="Контур задано.")
    page.get_by_role("link", name="Накреслити полігони за переліком").click()
    expect(page.get_by_text("за контуром міста")).to_be_visible()
    page.get_by_role("button", name="Накреслити чернетку").click()
    page.wait_for_selector("edit-map[data-ready]")
    page.get_by_role("link", name="Редакція № 1").click()
    page.wait_for_selector("report-map[data-ready]")
    expect(page.locator("path.district")).to_have_count(3)
    expect(page.get_by_text("Ввести в дію ніщо не заважає")).to_be_visible()
    page.get_by_text("Ввести в дію…").click()
    page.locator("form[action$='activate/'] button").click()
    expect(page.locator(".editions__now")).to_contain_text("№ 1")


def bring_officers(page: Page, officers: Path, stations: Path) -> None:
    """Go by the kit to the officers, bring them in with their station, and confirm every phone."""
    follow(page, "Офіцери й ті, хто їх заступає")
    page.get_by_label("Файл офіцерів").set_input_files(officers)
    page.get_by_label("Файл станцій").set_input_files(stations)
    page.get_by_role("button", name="Показати, що зміниться").click()
    page.get_by_role("button", name="Виконати").click()
    expect(page.get_by_text("Готово")).to_be_visible()
    page.goto(f"{POLTAVA}opening/")
    follow(page, "Телефони")
    expect(page.get_by_role("heading", name="Телефони: Полтава")).to_be_visible()
    unchecked = page.locator("tr", has_text="перевірте")
    for left in range(unchecked.count(), 0, -1):
        expect(unchecked).to_have_count(left)
        unchecked.first.get_by_role("button").click()
    expect(unchecked).to_have_count(0)


def read_texts(page: Page) -> None:
    """Go by the kit to the texts, write a welcome, and read them all."""
    follow(page, "Тексти й налаштування міста")
    page.locator("[name=welcome_uk]").focus()
    page.keyboard.type("Вітаємо в Полтаві.")
    assert axe_violations(page) == []
    press(page, "Зберегти")
    expect(page.get_by_text("Налаштування збережено.")).to_be_visible()
    press(page, "Прочитано сьогодні: усе правильно")
    expect(page.get_by_text("Записано: сьогодні ви прочитали тексти.")).to_be_visible()


def answer_exercise(page: Page) -> None:
    """Answer the first letter of the exercises, as an officer."""
    page.goto("/staff/poltava-training/training/")
    page.get_by_role("link", name=re.compile("Лист №")).first.click()
    page.get_by_label("Ваша відповідь").fill("Навчальна відповідь.")
    page.get_by_role("button", name="Переглянути").click()
    page.get_by_role("button", name="Надіслати відповідь").click()
    expect(page.get_by_text("Відповідь надіслано")).to_be_visible()


def answer_as_many(officer: User, number: int) -> None:
    """Let letters come into the training copy, and the officer answer each at once."""
    copy, now = City.objects.get(copy_of__slug="poltava"), timezone.now()
    draft = Draft(district="2", category="noise", text="Навчання.")
    for _ in range(number):
        sent = services.submit_appeal(city=copy, draft=draft, idempotency_key=str(uuid.uuid4()), received_at=now)
        with as_staff(officer, on=local_day(now)):
            services.reply(appeal=sent.appeal, author=officer, body="Так.", sent_at=now, key=uuid.uuid4())


def test_a_coordinator_opens_poltava_from_nothing(
    visitor: Callable[[], Page], live_server: LiveServer, files: dict[str, Path], transactional_db: None
) -> None:
    administrator = visitor()
    sign_in(administrator.context, User.objects.create_superuser("root@example.org"), live_server)
    page = join(visitor(), city_added(administrator))

    follow(page, "Відкриття міста")
    see_missing(page, "Немає чинних меж", button="Почати навчання")
    assert axe_violations(page) == []
    bring_addresses(page, files["addresses"])
    see_missing(page, "Немає чинних меж", button="Почати навчання")
    draft_boundaries(page, files["streets"], files["outline"])
    see_missing(page, button="Почати навчання")
    press(page, "Почати навчання")
    expect(page.get_by_text("Тепер стадія: навчання.")).to_be_visible()

    texts, nobody = "ще ніхто не прочитав", "Немає керівника.*Немає модератора"
    see_missing(page, ": 1, 2, 3", "Жоден офіцер", nobody, texts, button="Почати пілот")
    bring_officers(page, files["officers"], files["stations"])
    see_missing(page, nobody, texts, button="Почати пілот")
    for role, email in (("Керівник", "supervisor@example.org"), ("Модератор", "moderator@example.org")):
        join(visitor(), invited(page, role, email))
    see_missing(page, texts, button="Почати пілот")
    read_texts(page)
    see_missing(page, button="Почати пілот")
    press(page, "Почати пілот")
    expect(page.get_by_text("Тепер стадія: пілот.")).to_be_visible()

    officer = join(visitor(), invited(page, "Офіцер", "officer@example.org", card="Тестовий Офіцер 2"))
    see_missing(page, f"Потрібно щонайменше {ANSWERS_AT_LEAST}", button="Відкрити місто")
    follow(page, "Навчальна копія")
    press(page, "Створити копію")
    press(page, "Почати вправи")
    expect(page.get_by_text("Вправи почалися")).to_be_visible()
    answer_exercise(officer)
    answer_as_many(User.objects.get(email="officer@example.org"), ANSWERS_AT_LEAST - 2)
    see_missing(page, f"{ANSWERS_AT_LEAST - 1}.*Потрібно щонайменше {ANSWERS_AT_LEAST}", button="Відкрити місто")
    answer_as_many(User.objects.get(email="officer@example.org"), 1)
    see_missing(page, button="Відкрити місто")
    expect(page.locator(".kit__item--done")).to_have_count(7)
    press(page, "Відкрити місто")
    expect(page.get_by_text("Тепер стадія: відкрито.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    public = visitor()
    public.goto("/")
    public.get_by_role("link", name="Полтава").click()
    expect(public.get_by_text("Вітаємо в Полтаві.")).to_be_visible()
    public.wait_for_selector("district-map[data-ready]")
    public.get_by_role("combobox").fill("Садова 8")
    public.keyboard.press("Enter")
    expect_card(public, "Дільниця №\N{NO-BREAK SPACE}2")
    expect(public.get_by_role("heading", name="Тестовий Офіцер 2")).to_be_visible()


def test_exercises_are_made_done_and_seen(
    browser: Browser, live_server: LiveServer, watch: Watch, transactional_db: None
) -> None:
    office = build_office()
    coordinator = user_with_role(office.world, "coordinator", "coordinator@example.org")
    page = signed_in(browser, live_server, watch, coordinator)
    page.goto("/staff/navchannia/training/")
    press(page, "Make the copy")
    expect(page.get_by_text("Training: nothing here is real")).to_be_visible()
    press(page, "Begin the exercises")
    expect(page.get_by_text("The exercises have begun")).to_be_visible()
    expect(page.get_by_text("0 of 4")).to_be_visible()
    assert axe_violations(page) == []

    tablet = signed_in(browser, live_server, watch, office.officer)
    tablet.goto("/staff/navchannia-training/training/")
    expect(tablet.get_by_role("heading", name="Your exercises")).to_be_visible()
    expect(tablet.get_by_label("To be done")).to_have_count(4)
    assert axe_violations(tablet) == []
    tablet.get_by_role("link", name=re.compile("Letter №")).first.click()
    expect(tablet.get_by_text("Training: nothing here is real")).to_be_visible()
    tablet.get_by_label("Your answer").fill("Навчальна відповідь.")
    tablet.get_by_role("button", name="Look it over").click()
    tablet.get_by_role("button", name="Send the answer").click()
    expect(tablet.get_by_text("The answer is sent.")).to_be_visible()
    tablet.goto("/staff/navchannia-training/letters/")
    tablet.wait_for_selector("letter-map[data-ready]")
    tablet.goto("/staff/navchannia-training/training/")
    expect(tablet.get_by_label("To be done")).to_have_count(3)

    head = signed_in(browser, live_server, watch, office.supervisor)
    head.goto("/staff/navchannia-training/training/")
    expect(head.get_by_text("1 of 4")).to_be_visible()
    assert head.goto("/navchannia-training/").status == 404  # type: ignore[union-attr]
    watch.errors.clear()

    page.reload()
    press(page, "End the exercises")
    expect(page.get_by_text("The exercises are over")).to_be_visible()
    with as_task("test"):
        assert all(letter.is_erased for letter in Appeal.objects.filter(city__copy_of=office.world.city))
