"""Drill: a backup is put back on another server, whole, and what was erased since stays erased."""

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILL = "import django; django.setup(); from tests.project.test_backup_drill import fill; fill()"
READ = "import django; django.setup(); from tests.project.test_backup_drill import read; read()"
LETTERS = 40


@pytest.fixture
def elsewhere(dev: ModuleType, cluster: Any) -> Iterator[Any]:
    """A second server, as a new machine has it: roles and an empty database."""
    other = dev.Cluster(cluster.home.with_name(cluster.home.name + "-elsewhere"))
    other.start()
    yield other
    other.remove()


@pytest.mark.prove
def test_backup_is_put_back_elsewhere(
    dev: ModuleType, cluster: Any, elsewhere: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_BACKUP_URL"):
        monkeypatch.delenv(setting, raising=False)
    here = environment(dev, cluster, tmp_path / "media")
    there = environment(dev, elsewhere, tmp_path / "media elsewhere")
    backups, keys = tmp_path / "backups", tmp_path / "keys"
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "officer.jpg").write_bytes(b"picture")
    dev.ensure_tables(cluster, here)
    receipts = done(here, "-c", FILL).split()
    assert len(receipts) == LETTERS

    manage(here, "backup", backups, "--keys", keys)
    (first,) = [each for each in backups.iterdir() if each.is_dir()]
    assert [file.stat().st_mode & 0o077 for file in (*first.iterdir(), *(keys / first.name).iterdir())] == [0] * 4
    manage(here, "shell", "-c", f"from tests.project.test_backup_drill import erase; erase({receipts[0]!r})")
    manage(here, "list_erasures")
    manage(here, "backup", backups, "--keys", keys)  # tells what was erased since

    said = manage(there, "restore", first, "--keys", keys / first.name)
    print(said)
    assert "All equal." in said
    assert "erased again: 1;" in said
    assert done(there, "-c", READ, given="\n".join(receipts[1:])).split() == ["Loud."] * (LETTERS - 1)
    assert done(there, "-c", READ, given=receipts[0]).strip() == "erased"
    assert (tmp_path / "media elsewhere" / "officer.jpg").read_bytes() == b"picture"
    manage(there, "rebuild_cells", "--check")
    manage(there, "verify_reading_log")
    letters = "SELECT count(*) FROM appeals_appeal"
    assert elsewhere.ask(letters).strip() == "0", "the owner sees no letter there either"
    assert [int(server.ask(letters, role="postgres")) for server in (cluster, elsewhere)] == [LETTERS, LETTERS]

    again = manage(there, "restore", first, "--keys", keys / first.name, code=1)
    assert "Nothing was restored" in again


@pytest.mark.prove
def test_a_restore_tells_what_is_not_as_it_was_kept(
    dev: ModuleType, cluster: Any, elsewhere: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_BACKUP_URL"):
        monkeypatch.delenv(setting, raising=False)
    here = environment(dev, cluster, tmp_path / "media")
    there = environment(dev, elsewhere, tmp_path / "media elsewhere")
    dev.ensure_tables(cluster, here)
    manage(here, "backup", tmp_path / "backups", "--keys", tmp_path / "keys")
    (backup,) = [each for each in (tmp_path / "backups").iterdir() if each.is_dir()]
    facts = backup / "facts.json"
    told = json.loads(facts.read_text())
    told["facts"]["right on appeals_letterkey of dilnychnyi_web"] += " TRUNCATE"
    facts.write_text(json.dumps(told))
    said = manage(there, "restore", backup, "--keys", tmp_path / "keys" / backup.name, code=1)
    assert "right on appeals_letterkey of dilnychnyi_web" in said


def environment(dev: ModuleType, cluster: Any, media: Path) -> dict[str, str]:
    """What the project's programs are given for one of the servers."""
    return {
        **dev.environment_for(cluster), "DJANGO_SETTINGS_MODULE": "config.settings", "MEDIA_ROOT": str(media),
        "PYTHONPATH": str(ROOT), "PATH": f"{cluster.program('psql').parent}:/usr/bin:/bin",
    }  # fmt: skip


def manage(environment: dict[str, str], *command: Any, code: int = 0) -> str:
    """Run a command as a person does; return all it says."""
    return done(environment, "manage.py", *map(str, command), code=code)


def done(environment: dict[str, str], *command: str, given: str = "", code: int = 0) -> str:
    """Run Python in the project; return what it said."""
    run = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, input=given, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert run.returncode == code, run.stdout[-3000:]
    return run.stdout


def fill() -> None:
    """Write letters, some accepted, into the database of DATABASE_URL; print their receipts."""
    from tests.appeals.conftest import build_office
    from tests.appeals.letters import new_letter

    office = build_office()
    for _ in range(LETTERS):
        print(new_letter(office.world, idempotency_key=str(uuid.uuid4()), text="Loud.").receipt)


def erase(receipt: str) -> None:
    """Erase a letter as if its term were over."""
    from django.utils import timezone

    from appeals.access import as_task
    from appeals.models import Erasure
    from appeals.services import appeal_by_receipt
    from appeals.services.erasing import ERASE, ERASE_THE

    letter = appeal_by_receipt(receipt)
    with as_task(ERASE):
        ERASE_THE[Erasure.What.LETTER]([letter.pk], at=timezone.now(), why=Erasure.Why.RULE)


def read() -> None:
    """Read receipts from the input; print what each opens."""
    from appeals.services import appeal_by_receipt

    for line in sys.stdin:
        letter = appeal_by_receipt(line.strip())
        print("erased" if letter.is_erased else letter.text)
