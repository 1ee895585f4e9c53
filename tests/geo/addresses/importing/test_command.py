"""`import_addresses` on a terminal."""

import pytest
from django.core.management import CommandError, call_command

from geo.models import City, House
from tests.geo.addresses.importing.conftest import GOOD, Writer

pytestmark = pytest.mark.django_db


def test_command_shows_and_changes_nothing_until_told(city: City, write: Writer, capsys) -> None:
    path = write(GOOD + "вул. Руська,б/н,49.55,25.59\n")
    call_command("import_addresses", path, city="ternopil")
    out, err = capsys.readouterr()
    assert "Add --commit" in out and "б/н" in out and err == ""
    assert not House.objects.exists()
    call_command("import_addresses", path, city="ternopil", commit=True)
    assert House.objects.count() == 2


@pytest.mark.parametrize(("text", "city_slug", "code"), [("x,y\n1,2\n", "ternopil", 1), (GOOD, "nowhere", 2)])
def test_command_ends_with_its_code(city: City, write: Writer, text: str, city_slug: str, code: int) -> None:
    with pytest.raises(CommandError) as error:
        call_command("import_addresses", write(text), city=city_slug)
    assert error.value.returncode == code
