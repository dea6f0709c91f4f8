"""The embedded PostgreSQL: kept for its holders, and back with its data after every kind of end."""

import os
import shutil
import socket
import subprocess
from pathlib import Path

import psycopg
import pytest

from finance_hub.embedded import ports, processes
from finance_hub.embedded.account import as_account, for_servers
from finance_hub.embedded.holding import Hold, ServerUnavailable, held
from finance_hub.embedded.instance import Instance, read_json
from finance_hub.embedded.keeper import port_path
from finance_hub.embedded.postgres import PostgresServer

from .scenes import (
    BROKER,
    POSTGRES,
    administrator,
    all_gone,
    has_changed,
    kill,
    notes,
    postmaster,
    processes_of,
    under_server_account,
    write_note,
)


def notes_once_started(instance: Instance) -> list[str]:
    """Start, read, stop."""
    with held(instance, names=POSTGRES) as holds:
        return notes(instance, port=holds["postgres"].take())


def data_of(instance: Instance) -> Path:
    return PostgresServer(instance).data


class TestHolding:
    def test_is_joined_by_a_second_holder_and_ends_with_the_last(self, kept: Instance) -> None:
        first, second = Hold(kept, name="postgres"), Hold(kept, name="postgres")
        port = first.take()
        master = postmaster(data_of(kept))
        assert second.take() == port
        first.leave()
        assert notes(kept, port=port) == ["kept"]
        assert postmaster(data_of(kept)) == master
        second.leave()
        assert not ports.answers(port)
        assert all_gone(kept, seconds=0.5)

    def test_again_keeps_data_and_port(self, kept: Instance) -> None:
        port = read_json(port_path(kept, name="postgres"))["port"]
        with held(kept, names=POSTGRES) as holds:
            assert holds["postgres"].take() == port
            assert notes(kept, port=port) == ["kept"]

    def test_moves_when_its_port_was_taken_meanwhile(self, kept: Instance) -> None:
        port = read_json(port_path(kept, name="postgres"))["port"]
        with socket.create_server((ports.LOOPBACK, port)), held(kept, names=POSTGRES) as holds:
            other = holds["postgres"].take()
            assert other != port
            assert notes(kept, port=other) == ["kept"]

    def test_speaks_utf8_and_only_to_who_knows_the_password(self, kept: Instance) -> None:
        with held(kept, names=POSTGRES) as holds:
            port = holds["postgres"].take()
            with administrator(kept, port=port) as connection:
                found = connection.execute(
                    "SELECT current_setting('server_encoding'), current_setting('listen_addresses'),"
                    " current_setting('fsync'), lower('ÄÉ青桐')"
                ).fetchone()
            assert found == ("UTF8", "127.0.0.1", "off", "äé青桐")
            address = f"host={ports.LOOPBACK} port={port} user=postgres dbname=postgres connect_timeout=5"
            for wrong in ("password=wrong", ""):
                with pytest.raises(psycopg.OperationalError, match="password"):
                    psycopg.connect(f"{address} {wrong}")
            assert not any(kept.secret("postgres") in line for line in processes_of(kept))

    def test_outside_the_tests_waits_for_the_disk(self, place: Path) -> None:
        durable = Instance(place / "durable")
        with (
            held(durable, names=POSTGRES) as holds,
            administrator(durable, port=holds["postgres"].take()) as connection,
        ):
            assert connection.execute("SHOW fsync").fetchone() == ("on",)


class TestAfterAViolentEnd:
    def test_a_killed_postmaster_is_started_again_with_every_committed_row(self, kept: Instance) -> None:
        with held(kept, names=POSTGRES) as holds:
            port, data = holds["postgres"].take(), data_of(kept)
            with administrator(kept, port=port) as connection:
                connection.execute("CREATE TABLE committed AS SELECT 42 AS answer")
            master = postmaster(data)
            kill(master)
            assert has_changed(data, pid=master)
            assert holds["postgres"].take() == port
            with administrator(kept, port=port) as connection:
                assert connection.execute("TABLE committed").fetchall() == [(42,)]

    def test_a_killed_keeper_takes_its_server_along_and_the_next_take_brings_both_back(
        self, kept: Instance
    ) -> None:
        with held(kept, names=POSTGRES) as holds:
            port = holds["postgres"].take()
            keeper = holds["postgres"]._keeper
            assert keeper is not None
            master = postmaster(data_of(kept))
            kill(keeper.pid)
            keeper.wait()
            assert processes.wait_until(lambda: processes.birth(master) is None, seconds=10)
            assert holds["postgres"].take() == port
            assert notes(kept, port=port) == ["kept"]
        assert all_gone(kept)

    def test_an_orphan_that_still_runs_is_ended_before_the_next_start(self, kept: Instance) -> None:
        server = PostgresServer(kept)
        server.prepare()
        orphan = subprocess.Popen(
            [server.programs / "postgres", "-D", server.data, "-c", f"port={ports.pick()}"],
            cwd=server.data,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **as_account(for_servers()),
        )
        assert processes.wait_until(lambda: (server.data / "postmaster.pid").exists(), seconds=10)
        assert notes_once_started(kept) == ["kept"]
        assert orphan.wait(timeout=1) == 0

    def test_a_pid_file_that_names_a_stranger_stops_nobody(self, kept: Instance) -> None:
        stranger = under_server_account(["sleep", "60"])
        claim_pid(data_of(kept), pid=stranger.pid)
        assert notes_once_started(kept) == ["kept"]
        assert stranger.poll() is None
        stranger.kill()
        stranger.wait()

    def test_a_pid_file_that_names_a_zombie_stops_nobody(self, kept: Instance) -> None:
        zombie = under_server_account(["true"])
        assert processes.wait_until(lambda: processes.birth(zombie.pid) is None, seconds=5)
        claim_pid(data_of(kept), pid=zombie.pid)
        assert notes_once_started(kept) == ["kept"]
        zombie.wait()

    def test_a_first_start_that_was_interrupted_is_made_anew(self, instance: Instance) -> None:
        unfinished = data_of(instance).with_suffix(".new")
        unfinished.mkdir()
        (unfinished / "PG_VERSION").write_text("18\n")
        with held(instance, names=POSTGRES) as holds:
            write_note(instance, port=holds["postgres"].take(), text="whole")
        assert not unfinished.exists()
        assert not data_of(instance).with_suffix(".password").exists()

    def test_a_removed_instance_takes_its_servers_along(self, instance: Instance) -> None:
        with held(instance, names=(*POSTGRES, *BROKER)):
            shutil.rmtree(instance.folder)
            assert all_gone(instance, seconds=20)


class TestWhatIsLost:
    def test_the_passwords_are_replaced_and_the_data_stay(self, kept: Instance) -> None:
        before = kept.secret("postgres")
        (kept.folder / "secrets.json").unlink()
        assert notes_once_started(kept) == ["kept"]
        assert kept.secret("postgres") != before

    def test_the_remembered_port_is_drawn_again(self, kept: Instance) -> None:
        port_path(kept, name="postgres").unlink()
        with held(kept, names=POSTGRES) as holds:
            assert read_json(port_path(kept, name="postgres")) == {"port": holds["postgres"].take()}


class TestRefusals:
    def test_a_named_folder_without_programs_is_said(
        self, kept: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PG_BIN", "/nowhere at all")
        with (
            pytest.raises(ServerUnavailable, match="PG_BIN names /nowhere at all"),
            held(kept, names=POSTGRES),
        ):
            pass
        assert processes_of(kept) == []

    def test_data_of_another_version_are_left_alone(self, kept: Instance) -> None:
        version = data_of(kept) / "PG_VERSION"
        made_by = version.read_text()
        version.write_text("9\n")
        with pytest.raises(ServerUnavailable, match="PostgreSQL 9 made the data"), held(kept, names=POSTGRES):
            pass
        version.write_text(made_by)

    def test_a_server_that_cannot_start_is_quoted(self, kept: Instance) -> None:
        configuration = data_of(kept) / "postgresql.conf"
        right = configuration.read_text()
        configuration.write_text(f"{right}\nno_such_setting = 1\n")
        with (
            pytest.raises(ServerUnavailable, match=r"(?s)did not start.*no_such_setting"),
            held(kept, names=POSTGRES),
        ):
            pass
        assert all_gone(kept)
        configuration.write_text(right)


def claim_pid(data: Path, *, pid: int) -> None:
    """A pid file as a crash leaves it, naming somebody who has the pid now."""
    pid_file = data / "postmaster.pid"
    pid_file.write_text(f"{pid}\n{data}\n1700000000\n5432\n\n127.0.0.1\n  5432001    196608\nready   \n")
    account = for_servers()
    if account is not None:
        os.chown(pid_file, account.uid, account.gid)


def test_an_installed_postgresql_does_as_well(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not installed:
        pytest.skip("no PostgreSQL is installed here")
    monkeypatch.setenv("PG_BIN", str(installed[-1].parent))
    with held(instance, names=POSTGRES) as holds:
        write_note(instance, port=holds["postgres"].take(), text="青桐")
