"""The command `import_officers`: a dry run unless `--commit`."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from people.models import Officer
from tests.world import World


def test_command_shows_the_plan_and_needs_commit(world: World, tmp_path: Path):
    file = tmp_path / "officers.csv"
    file.write_text("name,phone,district\nНова Людина,0443000299,3\n")
    out = io.StringIO()
    call_command("import_officers", file, city="kvadraty", stdout=out)
    assert "Add --commit" in out.getvalue()
    assert not Officer.objects.filter(key="nova-liudyna").exists()
    call_command("import_officers", file, city="kvadraty", commit=True, stdout=out)
    assert Officer.objects.filter(key="nova-liudyna").exists()


@pytest.mark.parametrize(
    ("text", "city", "code"),
    [
        ("name,phone,district\nХ,0443000299,77\n", "kvadraty", 1),
        ("", "kvadraty", 1),
        (None, "kvadraty", 2),
        ("", "no", 2),
    ],
)
def test_command_exits_1_when_refused_and_2_on_wrong_usage(world: World, tmp_path: Path, text, city, code):
    file = tmp_path / "officers.csv"
    if text is not None:
        file.write_text(text)
    with pytest.raises(CommandError) as refusal:
        call_command("import_officers", file, city=city, commit=True, stdout=io.StringIO())
    assert refusal.value.returncode == code
