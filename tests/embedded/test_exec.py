"""`exec`: a command in the foreground, with the servers up for exactly as long as it needs them."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from finance_hub.embedded.instance import CHECKOUT, Instance

from .scenes import all_gone, kill, processes_of, start, wait_for_line

# One server is enough for most: the broker starts fastest.
NO_DATABASE = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
ASK_BROKER = "import os, redis; print('answer', redis.from_url(os.environ['REDIS_URL']).ping(), flush=True)"
WAIT = "import time; print('waiting', flush=True); time.sleep(60)"
DEAF = f"import signal; [signal.signal(n, signal.SIG_IGN) for n in (2, 15)]; {WAIT}"


def run_exec(instance: Instance, *command: str, **variables: str) -> "subprocess.Popen[str]":
    return start("exec", "--instance", str(instance.folder), "--", *command, **variables)


class TestTheCommand:
    def test_reaches_the_servers_and_its_exit_code_is_ours(self, instance: Instance) -> None:
        process = run_exec(instance, "python", "-c", f"{ASK_BROKER}; raise SystemExit(7)", **NO_DATABASE)
        said, complained = process.communicate()
        assert (said, complained, process.returncode) == ("answer True\n", "", 7)
        assert processes_of(instance) == []

    def test_that_dies_of_a_signal_counts_as_in_a_shell(self, instance: Instance) -> None:
        process = run_exec(instance, "sh", "-c", "kill -9 $$", **NO_DATABASE)
        process.communicate()
        assert process.returncode == 128 + signal.SIGKILL

    def test_that_does_not_exist_is_said(self, instance: Instance) -> None:
        process = run_exec(instance, "no-such-program", **NO_DATABASE)
        assert process.communicate() == ("", "no-such-program: No such file or directory\n")
        assert process.returncode == 127
        assert processes_of(instance) == []

    def test_is_not_begun_when_a_server_cannot_start(self, instance: Instance) -> None:
        process = run_exec(instance, "echo", "begun", REDIS_BIN="/nowhere/redis", **NO_DATABASE)
        said, complained = process.communicate()
        assert (said, process.returncode) == ("", 1)
        assert complained.startswith("REDIS_BIN names /nowhere/redis")
        assert "Traceback" not in complained


class TestThreeFirstStartsAtOnce:
    def test_make_one_set_of_servers_and_all_succeed(self, instance: Instance) -> None:
        code = f"{ASK_BROKER}; import psycopg; psycopg.connect(os.environ['DATABASE_URL'])"
        racers = [run_exec(instance, "python", "-c", code) for _ in range(3)]
        ended = [(racer.communicate(), racer.returncode) for racer in racers]
        assert ended == [(("answer True\n", ""), 0)] * 3
        assert all_gone(instance, seconds=1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_reaches_the_command_and_everything_stops(
    instance: Instance, number: signal.Signals
) -> None:
    process = run_exec(instance, "python", "-c", WAIT, **NO_DATABASE)
    wait_for_line(process, beginning="waiting")
    process.send_signal(number)
    process.communicate(timeout=20)
    assert process.returncode == 128 + number
    assert processes_of(instance) == []


def test_a_killed_exec_leaves_neither_command_nor_server(instance: Instance) -> None:
    process = run_exec(instance, "python", "-c", WAIT, **NO_DATABASE)
    wait_for_line(process, beginning="waiting")
    kill(process.pid)
    process.communicate()
    assert all_gone(instance)


def test_a_command_that_ignores_signals_is_killed() -> None:
    code = f"""
import os, sys
from finance_hub.embedded import foreground
foreground.STOP_SECONDS = 0.5
sys.exit(foreground.run([sys.executable, "-c", {DEAF!r}], environment=os.environ))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    wait_for_line(process, beginning="waiting")
    process.terminate()
    process.communicate(timeout=10)
    assert process.returncode == 128 + signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_to_make_alone_stops_the_work(number: signal.Signals) -> None:
    """GNU make keeps a SIGINT that only it was sent to itself, and leaves its recipe behind after SIGKILL."""
    with tempfile.TemporaryDirectory() as folder:  # without a space: make runs a plain recipe without a shell
        (Path(folder) / "wait.py").write_text(WAIT)
        command = f"{sys.executable} -m finance_hub.embedded exec --instance {folder}/test -- python {folder}/wait.py"
        (Path(folder) / "Makefile").write_text(f"work:\n\t@{command}\n")
        make = subprocess.Popen(
            ["make", "-f", f"{folder}/Makefile"],
            cwd=CHECKOUT,
            env={**os.environ, **NO_DATABASE},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        wait_for_line(make, beginning="waiting")
        make.send_signal(number)
        assert all_gone(Instance(Path(folder) / "test"))
        make.communicate(timeout=10)
        assert make.returncode != 0
