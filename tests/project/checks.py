"""What the source must be besides tested: `./dev check` runs this module and changes nothing.

Each check is one line, `ok` or `failed`; a failed one shows its reasons and what to type next.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("config", "geo", "people", "appeals", "analysis", "mapui")
LINES_SHOWN = 60

Check = Callable[[], str]
"""Returns what is wrong; an empty string when all is well."""


def passes(*commands: str) -> Check:
    """Make a check of command lines: modules of Python, or `manage.py`, each run with this very Python."""

    def check() -> str:
        for command in commands:
            words = command.split()
            line = [sys.executable, *([] if words[0] == "manage.py" else ["-m"]), *words]
            done = run(line)
            if done.returncode != 0:
                return done.stdout.strip() or f"`{command}` ended with exit code {done.returncode}"
        return ""

    return check


def run(
    line: list[str], folder: Path = ROOT, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one program quietly; both its streams are in `stdout`."""
    return subprocess.run(
        line,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def imports_point_one_way() -> str:
    """Run import-linter, which has no module of its own to run."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = run([sys.executable, "-c", program, "--no-cache", "--no-logo"])
    return done.stdout.strip() if done.returncode else ""


def translations_are_complete() -> str:
    """Compare the Ukrainian catalogues with the strings of the source, collected in a copy of it."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for room in (*ROOMS, "locale"):
            shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        return "\n".join(line for domain in ("django", "djangojs") for line in stale_strings(copy, domain))


ALONE = re.compile(r'(?:\b_|\bgettext(?:_lazy|_noop)?)\(\s*"([^"\\]*)",?\s*\)|{% translate "([^"]*)"(?: as \w+)? %}')


def stale_strings(source: Path, domain: str) -> Iterator[str]:
    """Collect the strings of a domain into the copy's catalogue, and name those that it did not have right."""
    catalogue = source / "locale" / "uk" / "LC_MESSAGES" / f"{domain}.po"
    if domain == "djangojs" and not catalogue.exists():
        return
    collect = f"-m django makemessages -l uk -d {domain} --no-location --verbosity 0"
    settings_left_out = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    done = run([sys.executable, *collect.split()], folder=source, environment=settings_left_out)
    if done.returncode != 0:
        yield done.stdout
        return
    entries = polib.pofile(str(catalogue))
    yield from (f"{domain}: not translated: {entry.msgid}" for entry in entries.untranslated_entries())
    yield from (f"{domain}: only guessed: {entry.msgid}" for entry in entries.fuzzy_entries())
    yield from (f"{domain}: used nowhere: {entry.msgid}" for entry in entries.obsolete_entries())
    if domain != "django":
        return
    counted = {entry.msgid for entry in entries if entry.msgid_plural and not entry.msgctxt}
    yield from (
        f"{domain}: counted elsewhere, wants a context: {words}" for words in sorted(counted & asked_alone(source))
    )


def asked_alone(source: Path) -> set[str]:
    """Words asked for without a number: gettext finds none of them where it knows forms to count them."""
    texts = (page.read_text() for ending in ("py", "html") for page in source.rglob(f"*.{ending}"))
    return {python or page for text in texts for python, page in ALONE.findall(text)}


def links_lead_somewhere() -> str:
    """Name the links of the documents that lead nowhere."""
    return "\n".join(dead_links(ROOT))


def dead_links(root: Path) -> list[str]:
    """Links of the Markdown pages that lead to no file or heading under `root`, as `page: link`."""
    dead = []
    for page in (*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("data/**/*.md")):
        prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for link in re.findall(r"\]\(([^)\s]+)[^)]*\)", prose):
            name, _, heading = link.partition("#")
            linked = page.parent / name if name else page
            if re.match(r"[a-z]+:", link):
                continue
            if not linked.exists() or (heading and heading not in anchors_of(linked)):
                dead.append(f"{page.relative_to(root)}: {link}")
    return dead


def anchors_of(page: Path) -> set[str]:
    """The anchors of a page's headings, spelled as code hosts spell them."""
    headings = re.findall(r"^#+\s+(.+?)\s*$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# Name, check, what to type when it fails. `dev` must start on Python 3.9 and has no ending that tools know.
CHECKS: tuple[tuple[str, Check, str], ...] = (
    ("types", passes("mypy", "mypy --config-file= --strict dev"), "mend the lines named above"),
    ("style", passes("ruff check -q .", "ruff check -q --target-version py39 dev"), ".venv/bin/ruff check --fix"),
    ("format", passes("ruff format -q --diff . dev"), ".venv/bin/ruff format . dev"),
    ("imports", imports_point_one_way, ".venv/bin/lint-imports"),
    ("django", passes("manage.py check --fail-level WARNING --database default"), "./dev manage check"),
    ("migrations", passes("manage.py makemigrations --check --dry-run"), "./dev manage makemigrations"),
    ("translations", translations_are_complete, "./dev manage makemessages -l uk --no-location, then translate"),
    ("templates", passes("djlint --lint --quiet mapui"), ".venv/bin/djlint --lint mapui"),
    ("links", links_lead_somewhere, "mend the links named above"),
)


def main() -> int:
    """Run all checks, two at a time, and report each in order. Returns the exit code."""
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = pool.map(lambda check: check[1](), CHECKS)
        for (name, _, following), trouble in zip(CHECKS, outcomes, strict=True):
            print(f"{name:<14}{'failed' if trouble else 'ok'}", flush=True)
            if trouble:
                failed.append(name)
                lines = trouble.splitlines()
                print(*(f"    {line}" for line in lines[:LINES_SHOWN]), sep="\n")
                if len(lines) > LINES_SHOWN:
                    print(f"    … and {len(lines) - LINES_SHOWN} lines more")
                print(f"{'next':<14}{following}", flush=True)
    print(f"failed: {', '.join(failed)}" if failed else "every check is ok", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
