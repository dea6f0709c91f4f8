"""Proof before any signal: whose is a lock, a port, a process."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from finance_hub.embedded import ports, processes
from finance_hub.embedded.locks import FileLock, is_held

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)",
]


class TestALock:
    def test_excludes_a_second_holder_until_released(self, tmp_path: Path) -> None:
        first, second = FileLock(tmp_path / "a"), FileLock(tmp_path / "a")
        assert first.try_alone()
        assert not second.try_alone()
        assert not second.try_share()
        first.release()
        assert second.try_alone()

    def test_is_freed_when_its_holder_is_killed(self, tmp_path: Path) -> None:
        code = f"import time; from finance_hub.embedded.locks import FileLock; from pathlib import Path; \
                 print(FileLock(Path({str(tmp_path / 'a')!r})).try_alone(), flush=True); time.sleep(60)"
        holder = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "True"
        assert is_held(tmp_path / "a")
        holder.kill()
        holder.communicate()
        assert not is_held(tmp_path / "a")

    def test_notices_that_its_file_was_removed(self, tmp_path: Path) -> None:
        lock = FileLock(tmp_path / "a")
        assert lock.is_in_place()
        (tmp_path / "a").unlink()
        assert not lock.is_in_place()
        (tmp_path / "a").touch()
        assert not lock.is_in_place()

    def test_that_was_never_made_is_held_by_nobody_and_stays_unmade(self, tmp_path: Path) -> None:
        assert not is_held(tmp_path / "a")
        assert not (tmp_path / "a").exists()


class TestAPort:
    def test_that_is_taken_is_not_free_and_another_is_picked(self) -> None:
        with socket.create_server((ports.LOOPBACK, 0)) as taken:
            number = taken.getsockname()[1]
            assert not ports.is_free(number)
            assert ports.pick(preferred=number) != number

    def test_that_is_preferred_and_free_is_kept(self) -> None:
        number = ports.pick()
        assert ports.pick(preferred=number) == number

    def test_taken_on_every_interface_is_not_free(self) -> None:
        with socket.create_server(("0.0.0.0", 0)) as taken:  # noqa: S104  that is the case under test
            assert not ports.is_free(taken.getsockname()[1])


class TestBirth:
    def test_of_a_zombie_and_of_the_departed_is_none(self) -> None:
        process = subprocess.Popen(["true"])
        assert processes.wait_until(lambda: processes.birth(process.pid) is None, seconds=5)
        process.wait()
        assert processes.birth(process.pid) is None

    def test_tells_two_processes_apart(self) -> None:
        process = subprocess.Popen(SLEEPER)
        time.sleep(0.05)
        assert processes.birth(process.pid) not in (None, processes.birth(os.getpid()))
        processes.end([process.pid], first=signal.SIGTERM, grace=5)
        process.wait()


class TestEnding:
    def test_insists_when_a_process_does_not_listen(self) -> None:
        process = subprocess.Popen(DEAF, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        processes.end([process.pid], first=signal.SIGTERM, grace=0.3)
        assert process.wait() == -signal.SIGKILL
        process.stdout.close()

    def test_of_one_that_has_ended_is_no_error(self) -> None:
        process = subprocess.Popen(["true"])
        process.wait()
        processes.end([process.pid], first=signal.SIGTERM, grace=0.3)
        processes.send(process.pid, number=signal.SIGTERM)
        processes.end_group(process.pid)


class TestFinding:
    def test_sees_the_marker_in_offspring_that_left_the_session_and_in_nobody_else(self) -> None:
        environment = {**os.environ, "FINANCE_HUB_CHILD": "the-marker"}
        marked = subprocess.Popen(["setsid", *SLEEPER], env=environment)
        other = subprocess.Popen(SLEEPER, env={**os.environ, "FINANCE_HUB_CHILD": "the-marker-of-another"})
        sought = "FINANCE_HUB_CHILD=the-marker"
        assert processes.wait_until(lambda: bool(processes.marked(sought)), seconds=5)
        assert processes.marked(sought) == [marked.pid]
        processes.end([marked.pid, other.pid], first=signal.SIGTERM, grace=5)
        assert [marked.wait(), other.wait()] == [-signal.SIGTERM, -signal.SIGTERM]

    def test_by_folder_wants_the_program_as_well(self, tmp_path: Path) -> None:
        process = subprocess.Popen(["sleep", "60"], cwd=tmp_path)

        def found(program: str) -> list[int]:
            return processes.working_in(tmp_path, program=program, account=None)

        assert processes.wait_until(lambda: found("sleep") == [process.pid], seconds=5)
        assert found("postgres") == []
        assert processes.working_in(tmp_path.parent, program="sleep", account=None) == []
        process.kill()
        process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells of a parent's end on Linux only")
def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    code = f"""
import signal, subprocess, time
from finance_hub.embedded.processes import dies_with_parent
child = subprocess.Popen({SLEEPER!r}, preexec_fn=dies_with_parent(signal.SIGKILL))
print(child.pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert processes.birth(child)
    parent.kill()
    parent.communicate()
    assert processes.wait_until(lambda: processes.birth(child) is None, seconds=5)
