"""Training mode on pages: nothing of a copy is public, its staff work in it under a banner, coordinators run it."""

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from appeals.models import ExerciseRun
from appeals.training.deeds import make_training_copy
from geo.models import City
from people.models import User
from tests.appeals.conftest import Office, user_with_role

COPY, TRAINING = "navchannia-training", "/staff/navchannia-training/training/"


@pytest.fixture
def coordinator(office: Office) -> User:
    return user_with_role(office.world, "coordinator", "coordinator@example.org")


@pytest.fixture
def copy(office: Office, coordinator: User) -> City:
    return make_training_copy(city=office.world.city, by=coordinator, at=timezone.now())


@pytest.mark.parametrize(
    "path",
    [
        f"/{COPY}/", f"/{COPY}/1/", f"/{COPY}/1/write/", f"/{COPY}/1/mistake/", f"/{COPY}/1/streets/",
        f"/api/v1/districts/?city={COPY}", f"/api/v1/addresses/?city={COPY}&q=a",
        f"/api/v1/lookup/?city={COPY}&lat=49.995&lon=25.005", f"/api/v1/streets/?city={COPY}",
    ],
)  # fmt: skip
def test_nothing_of_a_copy_is_public(client: Client, copy: City, path: str) -> None:
    assert client.get(path.replace(COPY, "navchannia")).status_code in {200, 302}
    assert client.get(path).status_code == 404


def test_no_list_of_cities_names_a_copy_and_no_program_writes_to_it(client: Client, copy: City) -> None:
    for path in ("/", "/api/v1/cities/", "/letters/new/"):
        assert COPY not in client.get(path).text
    letter = {"city": COPY, "district": "1", "category": "noise", "text": "Гучно."}
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    sent = client.post("/api/v1/appeals/", letter, content_type="application/json", headers=headers)
    assert sent.status_code == 404


@pytest.mark.parametrize("numbers", ["heatmap", "prevention", "exports"])
def test_a_copy_has_no_pages_of_numbers(client: Client, office: Office, copy: City, numbers: str) -> None:
    client.force_login(office.supervisor)
    assert client.get(f"/staff/navchannia/{numbers}/").status_code == 200
    assert client.get(f"/staff/{COPY}/{numbers}/").status_code == 404


def test_its_staff_work_in_it_under_a_banner(client: Client, office: Office, copy: City) -> None:
    client.force_login(office.officer)
    for path in (TRAINING, f"/staff/{COPY}/letters/"):
        assert 'class="training-banner"' in client.get(path).text
    assert client.get(f"/api/v1/staff/appeals/?city={COPY}").status_code == 200
    assert 'class="training-banner"' not in client.get("/staff/navchannia/letters/").text
    assert f'href="{TRAINING}"' in client.get("/staff/").text


def test_only_a_coordinator_makes_copies_and_runs_exercises(client: Client, office: Office, copy: City) -> None:
    for user in (office.officer, office.supervisor):
        client.force_login(user)
        assert client.get(TRAINING).status_code == 200
        assert client.post("/staff/navchannia/training/copy/").status_code == 403
        for name in ("begin", "end"):
            assert client.post(f"{TRAINING}{name}/").status_code == 403
    assert not ExerciseRun.objects.exists()


def test_what_cannot_be_is_told_in_a_sentence(client: Client, coordinator: User, copy: City) -> None:
    client.force_login(coordinator)
    assert "вправи не тривають" in client.post(f"{TRAINING}end/", follow=True).text
    assert client.post(f"{TRAINING}copy/").status_code == 403
    assert client.post("/staff/navchannia/training/begin/").status_code == 403
    assert client.post(f"{TRAINING}nonsense/").status_code == 404
