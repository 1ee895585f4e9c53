"""The page of mail that did not arrive: who sees what of it, and sending it again."""

import uuid

import pytest
from django.test import Client

from appeals import services
from appeals.models import Appeal, Notice
from people.models import Membership, User
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import later, new_letter
from tests.appeals.test_notices import ADDRESS, answered, jobs
from tests.world import NOON

PAGE = "/staff/navchannia/mail/"


@pytest.fixture
def notice(office: Office) -> Notice:
    """The notice of an answered letter about violence, which the mail server refused."""
    answered(office, category="domestic-violence", text="Canary text", name="Canary Name")
    Notice.objects.update(state="failed", trouble="refused", tries=1, claimed_at=NOON, settled_at=NOON)
    return Notice.objects.get()


def page(client: Client, user: User) -> str:
    """Open the page as somebody."""
    client.force_login(user)
    response = client.get(PAGE)
    assert response.status_code == 200
    return response.text


def test_supervisor_sees_the_number_of_the_letter_and_what_happened(client: Client, office: Office, notice: Notice):
    text = page(client, office.supervisor)
    assert notice.appeal.public_number in text
    assert "Поштовий сервер не прийняв лист" in text
    assert "Надіслати ще раз" in text


def test_coordinator_sees_the_number_of_the_notice_alone(client: Client, office: Office, notice: Notice):
    text = page(client, user_with_role(office.world, "coordinator", "coordinator@example.org"))
    assert f"Сповіщення {notice.pk}" in text
    assert notice.appeal.public_number not in text


@pytest.mark.parametrize("role", ["supervisor", "coordinator"])
def test_page_names_neither_address_nor_name_nor_text_nor_category(
    client: Client, office: Office, notice: Notice, role: str
):
    text = page(client, user_with_role(office.world, role, "reader@example.org"))
    for secret in (ADDRESS, "Canary", notice.appeal.category.name_uk):
        assert secret not in text


def test_letter_that_is_kept_from_the_supervisor_has_no_number_here(client: Client, office: Office, notice: Notice):
    number = notice.appeal.public_number
    assert number in page(client, office.supervisor)
    Appeal.objects.update(addressee="supervisor", officer=None, why="kept", recused_supervisor=office.supervisor)
    assert number not in page(client, office.supervisor)


@pytest.mark.parametrize(
    ("role", "status"),
    [("officer", 403), ("moderator", 403), ("analyst", 403), ("coordinator", 200), ("supervisor", 200)],
)
def test_only_supervisors_and_coordinators_open_the_page(client: Client, office: Office, role: str, status: int):
    client.force_login(user_with_role(office.world, role, "reader@example.org"))
    assert client.get(PAGE).status_code == status


def test_mail_is_sent_again(client: Client, office: Office, notice: Notice):
    client.force_login(office.supervisor)
    for words in ("упродовж хвилини", "про нього вже подбали"):
        response = client.post(f"{PAGE}{notice.pk}/again/", follow=True)
        assert response.redirect_chain == [(PAGE, 302)]
        assert words in response.text
    notice.refresh_from_db()
    assert (notice.state, len(jobs())) == ("waiting", 2)
    assert "Уся пошта дійшла" in response.text


def test_mail_that_perhaps_went_is_sent_again_knowingly(client: Client, office: Office, notice: Notice):
    Notice.objects.update(state="unknown", trouble="broken_off")
    assert "може прийти двічі" in page(client, office.supervisor)


def test_mail_of_another_city_is_out_of_reach(client: Client, office: Office, notice: Notice):
    other = build_office("inshe", west=26.0)
    client.force_login(other.supervisor)
    assert client.get(PAGE).status_code == 403
    assert client.post(f"/staff/inshe/mail/{notice.pk}/again/").status_code == 404
    assert client.get(f"{PAGE}{notice.pk}/again/").status_code == 405
    assert str(notice.appeal.public_number) not in client.get("/staff/inshe/mail/").text


def test_mail_to_staff_names_whom_it_did_not_reach(client: Client, office: Office):
    Notice.objects.create(
        event="due:1:2026-06-03", reader=office.officer, side="officer", kind="due", state="failed", trouble="refused",
        announced_at=NOON, settled_at=NOON,
    )  # fmt: skip
    assert office.officer.email in page(client, office.supervisor)


@pytest.mark.parametrize("role", ["officer", "supervisor"])
def test_who_reads_letters_learns_here_of_none_that_is_kept_from_them(client: Client, office: Office, role: str):
    kept_from = {"officer": office.officer, "supervisor": office.supervisor}[role]
    Membership.objects.create(user=kept_from, city=office.world.city, role="coordinator")
    second = user_with_role(office.world, "supervisor", "second@example.org")
    kept = {"keep_from": role, "kept_supervisor": office.supervisor.pk}
    letter = new_letter(office.world, email=ADDRESS, answer_by="email", **kept).appeal
    services.reply(appeal=letter, author=second, body="Read.", sent_at=later(hours=1), key=uuid.uuid4())
    Notice.objects.update(state="failed", trouble="refused", tries=1, claimed_at=NOON, settled_at=NOON)
    notice = Notice.objects.get()
    assert notice.appeal.public_number in page(client, second)
    assert "Уся пошта дійшла" in page(client, kept_from)
    assert client.post(f"{PAGE}{notice.pk}/again/").status_code == 404
    assert [one["undelivered"] for one in client.get("/staff/").context["page"]] == [0]
