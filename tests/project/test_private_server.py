"""The private PostgreSQL server of a checkout, for real."""

import contextlib
import os
import re
import signal
import stat
import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest

from tests.project.command import ROOT, wait_until, without_ours


def server_process(cluster: Any) -> int:
    return int(cluster._living_server()[0])


@pytest.mark.prove
def test_killed_server_starts_again_with_its_data(dev: ModuleType, cluster: Any) -> None:
    cluster.ask("CREATE TABLE kept AS SELECT 1 AS one")
    killed = server_process(cluster)
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: not dev.command_line_of(killed))
    cluster.start()
    assert cluster.ask("SELECT one FROM kept").strip() == "1"


@pytest.mark.prove
def test_pid_file_naming_a_stranger_does_not_stop_the_start(cluster: Any) -> None:
    cluster.stop()
    with subprocess.Popen(["sleep", "60"], **cluster.as_user) as stranger:
        (cluster.data / "postmaster.pid").write_text(f"{stranger.pid}\n{cluster.data}\n0\n5432\n\n\n\n")
        cluster.start()
        stranger.kill()
    assert server_process(cluster) != stranger.pid


@pytest.mark.prove
def test_start_of_a_running_server_leaves_it_alone(cluster: Any) -> None:
    before = server_process(cluster)
    cluster.start()
    assert server_process(cluster) == before


@pytest.mark.prove
def test_server_of_a_checkout_that_moved_while_it_ran_comes_along(dev: ModuleType, cluster: Any) -> None:
    cluster.ask("CREATE TABLE kept AS SELECT 1 AS one")
    moved = dev.Cluster(cluster.home.with_name(cluster.home.name + "-moved"))
    cluster.home.rename(moved.home)
    try:
        moved.start()
        assert moved.ask("SELECT one FROM kept").strip() == "1"
        assert moved._living_server()[4] == str(moved.socket)
    finally:
        moved.remove()


@pytest.mark.prove
def test_copy_of_a_checkout_leaves_the_server_of_the_original_alone(dev: ModuleType, cluster: Any) -> None:
    cluster.ask("CREATE TABLE kept AS SELECT 1 AS one", role="postgres")
    cluster.ask("CHECKPOINT", role="postgres")
    original = server_process(cluster)
    copy = dev.Cluster(cluster.home.with_name(cluster.home.name + "-copy"))
    subprocess.run(["cp", "-a", cluster.home, copy.home], check=True)
    try:
        copy.start()
        assert copy.ask("SELECT one FROM kept", role="postgres").strip() == "1"
        assert server_process(cluster) == original != server_process(copy)
    finally:
        copy.remove()


@pytest.mark.prove
def test_tables_are_migrated_at_once_and_again_only_when_migrations_change(
    dev: ModuleType, cluster: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_OWNER_URL")
    environment = dev.environment_for(cluster)
    for _ in range(2):
        dev.ensure_tables(cluster, environment)
    assert capsys.readouterr().out.count("tables") == 1
    assert cluster.ask("SELECT tableowner FROM pg_tables WHERE tablename = 'geo_city'").strip() == dev.OWNER_ROLE
    (cluster.home / "migrated").write_text("by other migrations")
    dev.ensure_tables(cluster, environment)
    assert capsys.readouterr().out.count("tables") == 1


@pytest.mark.prove
def test_two_at_once_on_an_empty_database_both_come_up(dev: ModuleType, cluster: Any) -> None:
    environment = without_ours() | {
        "DATABASE_URL": cluster.url(dev.WEB_ROLE),
        "DATABASE_OWNER_URL": cluster.url(dev.OWNER_ROLE),
    }
    command = [sys.executable, ROOT / "dev", "run"]
    piped: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with contextlib.ExitStack() as open_sites:
        sites = []
        for _ in range(2):
            site = subprocess.Popen(command, env=environment, **piped)
            sites.append(open_sites.enter_context(site))
            open_sites.callback(site.terminate)
        for site in sites:
            assert site.stdout is not None
            told = []
            for line in site.stdout:
                told.append(line)
                if line.startswith("ready http"):
                    break
            assert told[-1].startswith("ready http"), "".join(told)
    assert cluster.ask("SELECT count(*) FROM geo_city").strip() == "3"


@pytest.mark.prove
def test_server_is_fit_for_the_project(dev: ModuleType, cluster: Any) -> None:
    assert re.fullmatch(r"PostgreSQL \d+\.\d+, PostGIS 3\.\S+", cluster.describe())
    assert cluster.ask("SHOW listen_addresses").strip() == ""
    assert cluster.ask("SHOW synchronous_commit").strip() == "on"
    assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700
    cluster.ask("CREATE DATABASE born_later")
    extensions = cluster.ask("SELECT extname FROM pg_extension", database="born_later").split()
    assert {"postgis", "btree_gist", "pg_trgm"} <= set(extensions)


@pytest.mark.prove
def test_log_of_the_server_keeps_no_words_of_a_failed_statement(dev: ModuleType, cluster: Any) -> None:
    cluster.ask("CREATE TABLE letters (text text, CONSTRAINT said CHECK (text = ''))")
    for role in (dev.OWNER_ROLE, dev.WEB_ROLE):
        with pytest.raises(dev.Stop):
            cluster.ask("INSERT INTO letters VALUES ('secret')", role=role)
    assert cluster.log.read_text().count('violates check constraint "said"') == 2
    assert "secret" not in cluster.log.read_text()


@pytest.mark.prove
def test_server_that_logs_what_people_write_is_warned_of_before_it_goes_live(
    dev: ModuleType, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_OWNER_URL")
    check = [sys.executable, ROOT / "manage.py", "check", "--deploy", "--database", "default"]
    environment = dev.environment_for(cluster)
    assert "geo.W005" not in dev.capture(check, env=environment).stdout
    cluster.ask(f"ALTER ROLE {dev.WEB_ROLE} RESET log_error_verbosity", role="postgres")
    assert "geo.W005" in dev.capture(check, env=environment).stdout


@pytest.mark.prove
def test_web_role_writes_rows_and_makes_no_tables(dev: ModuleType, cluster: Any) -> None:
    cluster.ask("CREATE TABLE letters (number serial)")
    cluster.ask("INSERT INTO letters DEFAULT VALUES; DELETE FROM letters", role=dev.WEB_ROLE)
    with pytest.raises(dev.Stop):
        cluster.ask("CREATE TABLE of_its_own ()", role=dev.WEB_ROLE)
    with pytest.raises(dev.Stop):
        cluster.ask("TRUNCATE letters", role=dev.WEB_ROLE)
