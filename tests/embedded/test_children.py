"""When a child is started again, with a clock of the test's own."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from finance_hub.embedded.children import Child
from finance_hub.embedded.plan import Program


class Launches:
    """Starts programs that end when told, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, program: Program) -> Any:
        self.count += 1
        return subprocess.Popen(["sleep", "60"], start_new_session=True)


@pytest.fixture
def launches() -> Launches:
    return Launches()


@pytest.fixture
def child(launches: Launches) -> Any:
    child = Child(Program("web", ("sleep",)), launch=launches)
    yield child
    if child.process is not None:
        child.process.kill()
        child.process.wait()


def die(child: Child) -> None:
    assert child.process is not None
    child.process.kill()
    child.process.wait()


class TestAChild:
    def test_is_started_at_the_first_look_and_then_left_alone(self, child: Child, launches: Launches) -> None:
        assert [child.tend(now=now) for now in (0.0, 1.0, 100.0)] == [None, None, None]
        assert launches.count == 1

    def test_that_dies_waits_half_a_second(self, child: Child, launches: Launches) -> None:
        child.tend(now=0.0)
        die(child)
        assert child.tend(now=10.0) == "web ended with -9; starting it again in 0.5 s"
        child.tend(now=10.4)
        assert launches.count == 1
        child.tend(now=10.5)
        assert launches.count == 2

    def test_that_keeps_dying_waits_twice_as_long_each_time_up_to_fifteen_seconds(self, child: Child) -> None:
        now, pauses = 0.0, []
        for _ in range(7):
            child.tend(now=now)
            die(child)
            line = child.tend(now=now)
            assert line is not None
            pauses.append(float(line.split()[-2]))
            now += pauses[-1]
        assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]
        assert child.failures == 7

    def test_that_had_settled_is_forgiven(self, child: Child) -> None:
        for now in (0.0, 1.0):
            child.tend(now=now)
            die(child)
            child.tend(now=now)
        assert child.failures == 2
        child.tend(now=10.0)
        die(child)
        line = child.tend(now=40.0)
        assert line is not None
        assert line.endswith("in 0.5 s")
        assert child.failures == 1


def test_the_offspring_of_a_dead_child_is_not_left(child: Child, tmp_path: Path) -> None:
    def launch(program: Program) -> "subprocess.Popen[bytes]":
        script = f"sleep 60 & echo $! > '{tmp_path}/pid'; wait"
        return subprocess.Popen(["sh", "-c", script], start_new_session=True)

    from finance_hub.embedded import processes

    parent = Child(Program("web", ("sh",)), launch=launch)
    parent.tend(now=0.0)
    assert processes.wait_until(
        lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "", seconds=5
    )
    die(parent)
    parent.tend(now=1.0)
    assert processes.wait_until(
        lambda: processes.birth(int((tmp_path / "pid").read_text())) is None, seconds=5
    )
