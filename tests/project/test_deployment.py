"""The files of `deploy/` are true to the code, and say what they promise."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import resolve

from people.photos import MAX_BYTES

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
SITE = "/srv/dilnychnyi/site/"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
TIMERS = sorted((DEPLOY / "systemd").glob("*.timer"))
DOCUMENT = (ROOT / "docs" / "deployment.md").read_text()
NGINX = (DEPLOY / "nginx" / "dilnychnyi.conf").read_text()
ADMIN_ALONE = {"DATABASE_OWNER_URL", "DATABASE_BACKUP_URL"}
HARDENING = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
    "PrivateDevices": "yes", "RestrictSUIDSGID": "yes", "CapabilityBoundingSet": "", "RestrictNamespaces": "yes",
    "SystemCallArchitectures": "native",
}  # fmt: skip


def named_in(text: str) -> set[str]:
    """Settings that an environment file names, also those that are commented out."""
    return set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE))


def unit(path: Path) -> dict[str, list[str]]:
    """Every `Name=value` of a unit, by name."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", path.read_text(), re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


def body_limits() -> list[tuple[str, int]]:
    """Location of nginx and the bytes that a body may have there, in the order of the file; "" for all others."""
    of_server = re.search(r"^    client_max_body_size (\d+)m;", NGINX, re.MULTILINE)
    assert of_server
    inner = re.findall(r"location (~? ?[^\s{]+|~ [^{]+) \{\s+client_max_body_size (\d+)m;", NGINX)
    return [("", int(of_server[1]) << 20), *((place.strip(), int(size) << 20) for place, size in inner)]


def limit_of(path: str) -> int:
    """The bytes that a request to a path may bring through the proxy."""
    [(_, usual), *places] = body_limits()
    found = (size for place, size in places if re.search(place.removeprefix("~ "), path))
    return next(found, usual)


def test_every_setting_stands_in_a_template_and_no_other() -> None:
    code = (ROOT / "config" / "settings.py").read_text()
    read = set(re.findall(r'(?:env\.\w+|_database)\(\s*"([A-Z_]+)"', code))
    site, admin = ((DEPLOY / f"{name}.env.example").read_text() for name in ("site", "admin"))
    assert named_in(site) == read - ADMIN_ALONE
    assert named_in(admin) == ADMIN_ALONE, "the site must not know who may change its tables or see past its policies"


def test_the_reference_tells_every_setting() -> None:
    reference = (ROOT / "docs" / "operations.md").read_text()
    settings_named = named_in((DEPLOY / "site.env.example").read_text()) | ADMIN_ALONE
    assert {name for name in settings_named if f"`{name}`" not in reference} == set()


def test_the_templates_hold_no_secret() -> None:
    lines = (DEPLOY / "site.env.example").read_text().splitlines()
    for name in ("SECRET_KEY", "RECEIPT_KEY", "SECOND_FACTOR_KEY", "READING_LOG_KEY"):
        assert f"{name}=''" in lines
    assert "LETTER_KEYS='2026:'" in lines


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_runs_what_there_is_without_rights_it_does_not_need(path: Path) -> None:
    told = unit(path)
    assert {name: told.get(name) for name in HARDENING} == {name: [value] for name, value in HARDENING.items()}
    assert told["User"] == ["dilnychnyi-admin" if "backup" in path.stem else "dilnychnyi"]
    assert ("/etc/dilnychnyi/admin.env" in told["EnvironmentFile"]) == ("backup" in path.stem)
    for command in told["ExecStart"]:
        program, *arguments = command.split()
        assert program.startswith(f"{SITE}.venv/bin/")
        if program.endswith("/python"):
            assert (ROOT / arguments[0]).exists()
            assert arguments[1] in get_commands()
        else:
            assert program.endswith("/granian")
            assert "granian==" in (ROOT / "requirements" / "run.txt").read_text()
            assert arguments[-1] == settings.WSGI_APPLICATION.replace(".application", ":application")
    for documentation in told["Documentation"]:
        assert (ROOT / documentation.removeprefix(f"file://{SITE}")).exists()


def test_a_backup_that_is_not_made_is_a_unit_that_failed() -> None:
    """A unit whose condition is not met is skipped in silence, and so is one whose mount does not come."""
    told = unit(DEPLOY / "systemd" / "dilnychnyi-backup.service")
    assert "/mnt/dilnychnyi-keys" in told["ExecStartPre"][0]
    assert not [name for name in told if name.startswith(("Condition", "Assert", "Requires"))]


def test_every_timer_has_its_service() -> None:
    assert {timer.stem for timer in TIMERS} <= {path.stem for path in UNITS}
    for timer in TIMERS:
        read = configparser.ConfigParser()
        read.read(timer)
        assert read["Timer"]["OnCalendar"].endswith(" Europe/Kyiv"), "the site's day is Kyiv's"


def test_folders_that_units_write_to_are_made() -> None:
    made = set(re.findall(r"^d (\S+)", (DEPLOY / "tmpfiles.d" / "dilnychnyi.conf").read_text(), re.MULTILINE))
    written = {folder for path in UNITS for value in unit(path).get("ReadWritePaths", []) for folder in value.split()}
    assert written - {"/mnt/dilnychnyi-keys"} <= made
    site = (DEPLOY / "site.env.example").read_text()
    assert dict(re.findall(r"^(STATIC_ROOT|MEDIA_ROOT)=(.*)$", site, re.MULTILINE)).items() <= {
        "STATIC_ROOT": "/srv/dilnychnyi/static", "MEDIA_ROOT": "/var/lib/dilnychnyi/media",
    }.items() and {"/srv/dilnychnyi/static", "/var/lib/dilnychnyi/media"} <= made  # fmt: skip
    assert "client_body_temp_path /run/dilnychnyi-bodies;" in NGINX
    assert "/run/dilnychnyi-bodies" in made


def test_the_proxy_lets_through_what_the_site_takes_and_little_more() -> None:
    words, photos = settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.PHOTOS_AT_ONCE * MAX_BYTES
    for path in ("/letters/new/", "/letters/", "/ternopil/12/write/", "/ternopil/12/1/write/", "/api/v1/appeals/",
                 "/staff/ternopil/letters/new/", "/staff/ternopil/letters/2026-00001/reply/"):  # fmt: skip
        resolve(path)
        assert photos < limit_of(path) <= photos + 2 * words, path
    for path in ("/staff/ternopil/boundaries/upload/", "/staff/ternopil/addresses/preview/",
                 "/staff/ternopil/territories/preview/", "/staff/ternopil/officers/preview/"):  # fmt: skip
        resolve(path)
        assert settings.IMPORT_MAX_BYTES < limit_of(path) <= 1.1 * settings.IMPORT_MAX_BYTES, path
    for path in ("/", "/ternopil/", "/account/login/", "/ternopil/12/mistake/"):
        resolve(path)
        assert words <= limit_of(path) <= 1.1 * words, path


def test_the_proxy_writes_nothing_about_letters_and_keeps_no_file_back() -> None:
    quiet = re.findall(r"^    (~\S+) 0;", NGINX, re.MULTILINE)
    for path in ("/letters/", "/letters/new/", "/api/v1/appeals/by-receipt/", "/staff/ternopil/letters/2026-00001/",
                 "/ternopil/12/write/"):  # fmt: skip
        assert any(re.search(pattern.removeprefix("~"), path) for pattern in quiet), path
    assert re.findall(r"access_log [^;]+", NGINX) == [
        "access_log off", "access_log /var/log/nginx/dilnychnyi.log no_query if=$is_logged", "access_log off",
    ]  # fmt: skip
    [log_format] = re.findall(r"log_format [^;]+;", NGINX)
    assert not re.search(r"\$(request\b|request_uri|args|query_string|http_)", log_format)
    streamed = re.search(r"location ~ (\S+) \{\s+proxy_buffering off;", NGINX)
    assert streamed
    assert all(re.search(streamed[1], path) for path in ("/api/v1/analysis/export/", "/ogc/collections"))


def test_the_document_installs_what_the_site_needs(dev: ModuleType) -> None:
    """As one user installs, and another without rights sets up: `./dev setup` could bring nothing."""
    [packages] = re.findall(r"^apt-get install --no-install-recommends (.+?[^\\])$", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert {*dev.PRINTING.values(), "gettext", "python3-venv", "postgresql-15-postgis-3"} <= set(packages.split())


SELDOM_NEEDED = {"scipy.stats", "scipy.ndimage", "pyogrio", "pandas", "weasyprint"}
EVERY_ADDRESS_LOADED = """
import sys, config.wsgi
from django.urls import get_resolver
assert get_resolver().url_patterns
print(*sys.modules)
"""


def test_a_process_of_the_site_starts_without_what_few_pages_need() -> None:
    """Each of these takes a second or 60 MB of every process that has loaded it."""
    line = [sys.executable, "-c", EVERY_ADDRESS_LOADED]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & SELDOM_NEEDED == set()


def test_what_only_tests_of_rest_framework_use_is_not_loaded_and_can_be_found_later() -> None:
    line = [sys.executable, "-c", f"{EVERY_ADDRESS_LOADED}\nassert 'requests' not in sys.modules\nimport requests"]
    subprocess.run(line, cwd=ROOT, capture_output=True, check=True)


needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="needs systemd-analyze: a container may be without systemd"
)


@needs_systemd
def test_systemd_makes_every_user(tmp_path: Path) -> None:
    """What it cannot read it leaves out, and a user whom a group names it makes without a shell."""
    done = subprocess.run(
        ["systemd-sysusers", "--dry-run", f"--root={tmp_path}", str(DEPLOY / "sysusers.d" / "dilnychnyi.conf")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert re.findall(r"user '([^']+)' \((?!n/a)", done.stderr) == ["dilnychnyi", "dilnychnyi-admin"], done.stderr


@needs_systemd
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_systemd_finds_little_exposed(path: Path) -> None:
    """Of 10 at most, where 10 is a unit without any restriction (`systemd-analyze security`)."""
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-600:] + done.stderr


@needs_systemd
def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    """Read in a tree of their own, where what they name exists."""
    programs = [tmp_path / SITE[1:] / ".venv/bin" / name for name in ("python", "granian")]
    shutil.copytree("/usr/lib/systemd/system", tmp_path / "usr/lib/systemd/system", symlinks=True)
    shutil.copytree(DEPLOY / "systemd", tmp_path / "etc/systemd/system")
    for program in (*programs, tmp_path / "bin/sh"):
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    names = [path.name for path in (*UNITS, *TIMERS)]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", f"--root={tmp_path}", *names],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "dilnychnyi" in line]
    assert not ours, "\n".join(ours)
