"""The long-lived programs of a running city: started, started again when they die, stopped together."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping

from finance_hub.embedded import processes
from finance_hub.embedded.instance import CHECKOUT, Instance
from finance_hub.embedded.plan import Program

SHORTEST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 15.0
SETTLED_SECONDS = 30.0
STOP_SECONDS = 10.0

MARKER = "FINANCE_HUB_CHILD"

Process = subprocess.Popen[bytes]


class Child:
    """One program, running or waiting to be started again."""

    def __init__(self, program: Program, *, launch: Callable[[Program], Process]) -> None:
        self.program = program
        self.failures = 0  # ends in a row that came soon after the start
        self._launch = launch
        self._started_at = self._due_at = 0.0
        self.process: Process | None = None

    def tend(self, *, now: float) -> str | None:
        """Start it when it is due; answers a line for the log when it has ended.

        `now` is in seconds of a monotonic clock. The pause doubles from half a second to 15 while the program
        keeps ending within 30 seconds.
        """
        if self.process is None:
            if now >= self._due_at:
                self.process, self._started_at = self._launch(self.program), now
            return None
        if self.process.poll() is None:
            return None
        processes.end_group(self.process.pid)
        self.failures = 1 if now - self._started_at >= SETTLED_SECONDS else self.failures + 1
        pause = min(SHORTEST_PAUSE_SECONDS * 2 ** (self.failures - 1), LONGEST_PAUSE_SECONDS)
        code, self.process, self._due_at = self.process.returncode, None, now + pause
        return f"{self.program.name} ended with {code}; starting it again in {pause:.1f} s"


class Children:
    """All programs of one instance."""

    def __init__(self, instance: Instance, *, environment: Mapping[str, str]) -> None:
        self.instance = instance
        self._marker = instance.secret("child")
        self._environment = {**environment, "PYTHONUNBUFFERED": "1", MARKER: self._marker}
        self._children: list[Child] = []
        self._steps: list[Process] = []

    def add(self, program: Program) -> None:
        """Take on a program; `tend` starts it."""
        self._children.append(Child(program, launch=self.launch))

    def begin(self, program: Program, *, environment: Mapping[str, str]) -> Process:
        """Start a program that is to end by itself; `stop` ends it early."""
        process = self.launch(program, environment=environment)
        self._steps.append(process)
        return process

    def launch(self, program: Program, *, environment: Mapping[str, str] | None = None) -> Process:
        """Start a program in a process group of its own, writing to its log; it dies with this process.

        SIGKILL at our sudden death, because nobody would be left to insist: a worker that waits for its tasks
        would wait for ever beside a stopped broker. Its own children end when it does.
        """
        with self.instance.open_log(program.name) as log:
            return subprocess.Popen(
                program.command,
                env={**self._environment, **(environment or {})},
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=processes.dies_with_parent(signal.SIGKILL),
            )

    def tend(self) -> list[str]:
        """Start what is due; answers a line for each program found ended."""
        now = time.monotonic()
        return [line for child in self._children if (line := child.tend(now=now))]

    def failing(self, *, times: int) -> Program | None:
        """A program that has ended that many times in a row soon after its start, if any."""
        return next((child.program for child in self._children if child.failures >= times), None)

    def stop(self) -> None:
        """SIGTERM to all at once; after ten seconds SIGKILL to what is left of them and their offspring."""
        running = [*self._steps, *(child.process for child in self._children if child.process is not None)]
        for process in running:
            process.send_signal(signal.SIGTERM)  # none to one that was seen to end
        processes.wait_until(lambda: all(one.poll() is not None for one in running), seconds=STOP_SECONDS)
        for process in running:
            processes.end_group(process.pid)
            process.wait()
        _kill_marked(self._marker)


def reap(instance: Instance) -> None:
    """Kill every process that carries the instance's marker: what a killed supervisor left behind.

    Only for the one that holds the instance's `run` lock. The marker is a secret of the instance, so nobody
    else's process can carry it.
    """
    _kill_marked(instance.secret("child"))


def _kill_marked(marker: str) -> None:
    processes.end(processes.marked(f"{MARKER}={marker}"), first=signal.SIGKILL, grace=5.0)
