"""`run` with a city of trivial programs: what a person at the terminal sees, and what no end leaves behind."""

import json
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from finance_hub.embedded import children, ports, processes, supervisor, terminal
from finance_hub.embedded.instance import Instance, read_json

from .scenes import all_gone, kill, processes_of, start_python, wait_for_line

STANDIN = str(Path(__file__).with_name("standin_city.py"))
NO_DATABASE = {"DATABASE_URL": "postgresql://owner:secret@127.0.0.1:1/city"}
Begin = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def port() -> int:
    return ports.pick()


@pytest.fixture
def begin(instance: Instance, port: int) -> Iterator[Begin]:
    """Begins a city; whatever still runs afterwards is ended."""
    begun: list[subprocess.Popen[str]] = []

    def begin(*fault: str) -> "subprocess.Popen[str]":
        begun.append(
            start_python(
                "-m", "tests.embedded.standin_city", str(instance.folder), str(port), *fault, **NO_DATABASE
            )
        )
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.communicate()
    children.reap(instance)  # the worker's child left its session, and outlives a kill
    assert all_gone(instance)


def ask(port: int) -> dict[str, Any]:
    """The web program's environment and pid."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
        content: dict[str, Any] = json.load(answer)
        return content


class TestACity:
    def test_says_where_it_is_and_stops_without_a_trace_on_ctrl_c(
        self, begin: Begin, instance: Instance, port: int
    ) -> None:
        city = begin()
        assert wait_for_line(city, beginning="READY") == f"READY http://127.0.0.1:{port}"
        assert "prepared for city_app" in (instance.folder / "log" / "provision.log").read_text()
        seen = ask(port)
        assert seen["DATABASE_URL"].startswith("postgresql://city_app:")
        assert "secret" not in json.dumps({name: seen[name] for name in seen if "URL" in name})
        city.send_signal(signal.SIGINT)
        said, complained = city.communicate(timeout=30)
        assert (said, complained, city.returncode) == ("Stopping\n", "", 0)
        assert processes_of(instance) == []
        assert not supervisor.environment_path(instance).exists()

    def test_prints_the_demo_logins_before_it_says_ready(self, begin: Begin, instance: Instance) -> None:
        city = begin()
        lines = []
        for line in city.stdout or ():
            lines.append(line.strip())
            if line.startswith("READY"):
                break
        assert lines[-3].split() == ["maker", "maker", "/", "made-up"]
        assert lines[-2].endswith(str(instance.folder.parent / "logins.json"))
        assert lines[-1].startswith("READY")

    def test_starts_a_dead_child_again(self, begin: Begin, instance: Instance, port: int) -> None:
        wait_for_line(begin(), beginning="READY")
        killed = int(ask(port)["PID"])
        kill(killed)

        def is_back() -> bool:
            try:
                return int(ask(port)["PID"]) != killed
            except OSError:
                return False

        assert processes.wait_until(is_back, seconds=10)
        log = (instance.folder / "log" / "supervisor.log").read_text()
        assert "web ended with -9; starting it again in 0.5 s" in log

    def test_lends_its_addresses_to_typed_commands(self, begin: Begin, instance: Instance, port: int) -> None:
        city = begin()
        wait_for_line(city, beginning="READY")
        lent = {"FINANCE_HUB_VAR": str(instance.folder)}
        terminal.lend(lent)
        seen = ask(port)
        for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FINANCE_HUB_PROFILE"):
            assert lent[name] == seen[name]
        assert supervisor.environment_path(instance).stat().st_mode & 0o777 == 0o600

    def test_killed_outright_leaves_nothing_that_the_next_start_does_not_end(
        self, begin: Begin, instance: Instance, port: int
    ) -> None:
        city = begin()
        wait_for_line(city, beginning="READY")
        kill(city.pid)
        city.communicate()
        # At most the worker's own child, which left its session, outlives it.
        assert processes.wait_until(lambda: len(processes_of(instance)) <= 1, seconds=15)
        left = processes.marked(f"{children.MARKER}={instance.secret('child')}")
        wait_for_line(begin(), beginning="READY")
        assert all(processes.birth(pid) is None for pid in left)

    def test_stops_while_it_still_starts(self, begin: Begin, instance: Instance) -> None:
        city = begin()
        wait_for_line(city, beginning="Preparing")
        city.terminate()
        city.communicate(timeout=30)
        assert city.returncode == 0
        assert processes_of(instance) == []


class TestRefusals:
    def test_a_taken_port_is_named_and_nothing_is_started(
        self, begin: Begin, instance: Instance, port: int
    ) -> None:
        with socket.create_server((ports.LOOPBACK, port)):
            said, complained = begin().communicate()
        assert said == ""
        assert complained == f"Port {port} is taken. Choose another: make run PORT=8001\n"
        assert processes_of(instance) == []

    def test_a_second_start_is_told_where_the_first_is(self, begin: Begin, port: int) -> None:
        wait_for_line(begin(), beginning="READY")
        second = begin()
        assert second.communicate()[1] == f"This city runs already: http://127.0.0.1:{port}\n"
        assert second.returncode == 1

    def test_a_step_that_fails_is_quoted_and_everything_stops(self, begin: Begin, instance: Instance) -> None:
        city = begin("bad-step")
        complained = city.communicate()[1]
        assert complained.startswith("provision ended with 1; the end of ")
        assert complained.endswith("no rights\n")
        assert city.returncode == 1
        assert processes_of(instance) == []

    def test_a_child_that_never_stays_up_is_quoted(self, begin: Begin, instance: Instance) -> None:
        city = begin("bad-web")
        complained = city.communicate(timeout=40)[1]
        assert complained.startswith("web does not stay up; the end of ")
        assert complained.endswith("no web\n")
        assert processes_of(instance) == []

    def test_the_record_of_a_killed_city_is_not_believed(self, instance: Instance) -> None:
        instance.lock_path("run").touch()
        supervisor.environment_path(instance).write_text('{"DATABASE_URL": "postgresql://stale/x"}')
        lent = {"FINANCE_HUB_VAR": str(instance.folder)}
        terminal.lend(lent)
        assert lent["DATABASE_URL"] == terminal.NOWHERE
        assert read_json(supervisor.environment_path(instance)) != {}
