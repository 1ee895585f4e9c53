"""The project's one command, and what set-up relies on."""

import ast
import contextlib
import fcntl
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.core.management import load_command_class
from django.core.management.base import CommandError

from appeals.sealing import KeyRing
from mapui.management.commands.serve import free_server
from tests.project.checks import dead_links
from tests.project.command import ROOT, call, wait_until

COMMANDS = [
    *("run", "setup", "test", "prove", "check", "bench", "manage"),
    *("shell", "psql", "screenshots", "stop", "reset", "doctor", "help"),
]


# --- What a person meets ------------------------------------------------------------------------------------


def test_what_psql_prints_can_go_into_a_file() -> None:
    done = call("psql", "-Atc", "SELECT 1")
    assert done.stdout == "1\n", "what ./dev itself says goes to the terminal"
    assert "ready" in done.stderr


def test_help_names_every_command_in_one_line_each() -> None:
    told = call("help").stdout
    assert re.findall(r"^  \./dev (\w+)", told, re.MULTILINE) == COMMANDS
    assert all(re.search(rf"^  \./dev {name}\b.* [A-Z].*\.$", told, re.MULTILINE) for name in COMMANDS)


def test_unknown_command_is_wrong_usage_and_leads_to_help() -> None:
    answer = call("strat")
    assert answer.returncode == 2
    assert "next       ./dev help" in answer.stderr


def test_doctor_says_what_to_type_exactly_when_something_is_wrong() -> None:
    answer = call("doctor")
    assert answer.returncode == (1 if "next: " in answer.stdout else 0), answer.stdout + answer.stderr
    assert {"python", "system", "packages", "front", "database"} <= {
        line.split()[0] for line in answer.stdout.splitlines()
    }


def test_reset_without_a_person_wants_the_word_yes() -> None:
    answer = call("reset")
    assert answer.returncode == 1
    assert "next       ./dev reset --yes" in answer.stderr


def test_reset_never_deletes_a_database_it_did_not_make() -> None:
    answer = call("reset", "--yes", DATABASE_URL="postgis://somebody@elsewhere/theirs")
    assert answer.returncode == 1
    assert "not ours to delete" in answer.stderr


def test_unknown_bench_names_those_there_are() -> None:
    answer = call("bench", "no_such_bench")
    assert answer.returncode == 1
    assert "there is no bench no_such_bench" in answer.stderr


# --- What it is made of -------------------------------------------------------------------------------------


def test_dev_starts_on_python_3_9_with_nothing_installed() -> None:
    tree = ast.parse((ROOT / "dev").read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


@pytest.mark.parametrize("name", ["dev", ".ci/run"])
def test_entrance_is_executable(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)
    assert (ROOT / name).read_text(encoding="utf-8").startswith("#!/usr/bin/env ")


def test_ci_runs_the_checks_and_the_tests() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "set -euo pipefail" in script
    assert "./dev check" in script
    assert "./dev test" in script


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_python_lock_has_hashes_and_names_no_host(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries if not entry.startswith("#"))


def test_front_end_lock_has_hashes_and_names_no_host() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert text.count('"integrity"') == text.count('"node_modules/')
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text(encoding="utf-8")


def test_each_set_of_python_packages_contains_the_one_before_it(dev: ModuleType) -> None:
    def pins(level: str) -> set[str]:
        text = (ROOT / "requirements" / f"{level}.txt").read_text(encoding="utf-8")
        return set(re.findall(r"^[\w.-]+==[^\s;]+", text, re.MULTILINE))

    for smaller, larger in zip(dev.LEVELS, dev.LEVELS[1:], strict=False):
        assert pins(smaller) <= pins(larger), f"{smaller} is not part of {larger}"


# --- Environment --------------------------------------------------------------------------------------------


def test_exported_database_is_used_and_no_private_one_is_started(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "LOCAL", tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgis://web@db/theirs")
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    assert dev.private_cluster() is None
    environment = dev.environment_for(None)
    assert environment["DATABASE_URL"] == environment["DATABASE_OWNER_URL"] == "postgis://web@db/theirs"


def test_exported_database_needs_no_server_here(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "postgres_installations", dict)
    monkeypatch.setenv("DATABASE_URL", "postgis://web@db/theirs")
    assert not [name for name in dev.missing_system_packages(browser=False) if name.startswith("postgresql")]
    monkeypatch.delenv("DATABASE_URL")
    assert [name for name in dev.missing_system_packages(browser=False) if name.startswith("postgresql")]


def test_bytecode_is_kept_where_python_is_told_to_leave_none_beside_its_sources(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "LOCAL", tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgis://web@db/theirs")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environment = dev.environment_for(None)
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert environment["PYTHONPYCACHEPREFIX"] == str(tmp_path / "pycache")
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE")
    assert "PYTHONPYCACHEPREFIX" not in dev.environment_for(None)


def test_secret_is_made_once_and_for_its_user_alone(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "LOCAL", tmp_path)
    made = iter(["the first", "a second"])
    first = dev.secret("secret", lambda: next(made))
    assert dev.secret("secret", lambda: next(made)) == first == "the first"
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert KeyRing.read(dev.letter_key()).current == "first"


def test_browser_is_the_one_of_the_path_or_the_one_named(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    for name in ("other", "chromium", dev.WINDOWLESS):
        (tmp_path / name).touch(mode=0o700)
        assert dev.chromium() == (None if name == "other" else str(tmp_path / name))
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "other"))
    assert dev.chromium() == str(tmp_path / "other")
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    assert "chromium" in dev.missing_system_packages(browser=True)


@pytest.mark.parametrize(
    ("known", "there", "wanted"),
    [
        ("chromium-headless-shell", [], {"chromium-headless-shell"}),
        ("chromium-headless-shell", ["chromium"], {"chromium-headless-shell"}),
        ("chromium-headless-shell", ["chromium-headless-shell"], set()),
        ("", [], {"chromium"}),
        ("", ["chromium"], set()),
    ],
)
def test_browser_without_windows_is_wanted_where_the_system_has_it(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, known: str, there: list[str], wanted: set[str]
) -> None:
    (tmp_path / "apt-cache").write_text(f"#!/bin/sh\necho '{known}'\n")
    for name in ("apt-cache", *there):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    monkeypatch.delenv("CHROMIUM", raising=False)
    names = {name for name in dev.missing_system_packages(browser=True) if name.startswith("chromium")}
    assert names == wanted


def test_a_machine_with_chromium_goes_on_where_the_one_without_windows_cannot_be_installed(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise dev.Stop("no right to install", "become root")

    monkeypatch.setattr(dev, "install_system_packages", refuse)
    monkeypatch.setattr(dev, "missing_system_packages", lambda browser: [dev.WINDOWLESS])
    monkeypatch.setattr(dev, "chromium", lambda: "/usr/bin/chromium")
    dev.ensure_system_packages(browser=True)
    monkeypatch.setattr(dev, "chromium", lambda: None)
    with pytest.raises(dev.Stop):
        dev.ensure_system_packages(browser=True)


@pytest.mark.parametrize(
    ("known", "wanted"), [("14", 15), ("15", 15), ("9\n16\n13\n17", 17), ("", 15)], ids=["old", "12", "many", "none"]
)
def test_postgis_is_wanted_for_the_newest_postgresql_from_15(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, known: str, wanted: int
) -> None:
    lines = "\n".join(
        f"postgresql-{number}-postgis-3\npostgresql-{number}-postgis-3-scripts" for number in known.split()
    )
    (tmp_path / "apt-cache").write_text(f"#!/bin/sh\necho '{lines}'\n")
    (tmp_path / "apt-cache").chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert dev.postgis_package() == f"postgresql-{wanted}-postgis-3"


def test_libpq_settings_of_the_shell_do_not_reach_our_server(dev: ModuleType) -> None:
    given = {"PGHOST": "db", "PGSERVICE": "x", "PGOPTIONS": "-c a=b", "PATH": "/bin"}
    assert dev.without_libpq_settings(given) == {"PATH": "/bin"}


def test_tables_are_migrated_by_their_owner_unless_another_is_named() -> None:
    parser = load_command_class("mapui", "migrate").create_parser("manage.py", "migrate")
    assert parser.parse_args([]).database == "owner"
    assert parser.parse_args(["--database", "default"]).database == "default"


# --- Processes, folders, ports ------------------------------------------------------------------------------


def test_socket_lies_beside_the_data_up_to_the_length_a_socket_may_have(dev: ModuleType) -> None:
    beside = len("/socket/") + len(dev.SOCKET_NAME)
    longest = Path("/" + "a" * (dev.SOCKET_PATH_LIMIT - beside - 1))
    assert dev.socket_folder(longest, 1000) == longest / "socket"
    one_more = longest.with_name(longest.name + "a")
    assert dev.socket_folder(one_more, 1000).parent == Path("/tmp")  # noqa: S108


def test_length_of_a_socket_path_is_counted_in_bytes(dev: ModuleType) -> None:
    cyrillic = Path("/" + "ї" * 45)  # 45 letters, 90 bytes
    assert dev.socket_folder(cyrillic, 1000).parent == Path("/tmp")  # noqa: S108


def test_private_folder_can_be_entered_by_its_user_alone(dev: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "private"
    for _ in range(2):
        dev.make_private(folder, os.getuid(), os.getgid())
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_folder_that_is_a_link_is_refused(dev: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(dev.Stop, match="belongs to somebody else"):
        dev.make_private(tmp_path / "link", os.getuid(), os.getgid())


def test_zombie_has_no_command_line(dev: ModuleType) -> None:
    child = subprocess.Popen(["sleep", "60"])
    wait_until(lambda: "sleep 60" in dev.command_line_of(child.pid))
    child.kill()
    wait_until(lambda: not dev.command_line_of(child.pid))
    os.kill(child.pid, 0)  # nobody has reaped it: the number still answers
    child.wait()


def test_test_database_is_held_until_pytest_ends(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "LOCAL", tmp_path)
    child = os.fork()
    if child == 0:
        dev.hold_test_database("_one")
        dev.become(["sleep", "60"], dict(os.environ))
    wait_until(lambda: "sleep 60" in dev.command_line_of(child))
    dev.hold_test_database("_two")
    with (tmp_path / "test_one.lock").open() as lock:
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_taken_port_is_refused_when_asked_for_by_name() -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"port {port} is taken; type ./dev run for a free one"):
            free_server(port)


def test_taken_port_is_passed_over_when_none_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr("mapui.management.commands.serve.PORTS", range(port, port + 50))
        with contextlib.closing(free_server(None).socket) as found:
            assert port < found.getsockname()[1] < port + 50


# --- Documents ----------------------------------------------------------------------------------------------


def test_links_to_missing_pages_and_headings_are_found(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(
        "# One & two\n[good](#one--two) [page](docs/a.md#first-word) [site](https://example.org)\n"
        "[no page](docs/b.md) [no heading](docs/a.md#second) `[code](nowhere.md)`\n",
        encoding="utf-8",
    )
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("## First word\n", encoding="utf-8")
    assert dead_links(tmp_path) == ["README.md: docs/b.md", "README.md: docs/a.md#second"]
