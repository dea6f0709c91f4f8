"""One command in the foreground: its exit code passed through, its end awaited."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from finance_hub.embedded import processes
from finance_hub.embedded.stopping import StopRequest, stop_requests

LOOK_SECONDS = 0.05
STOP_SECONDS = 15.0
NO_SUCH_PROGRAM = 127


def run(command: Sequence[str], *, environment: Mapping[str, str]) -> int:
    """Run the command to its end; answers its exit code, 128 + n for signal n, 127 when it cannot be started.

    With a terminal the command shares our process group, so that Ctrl-C reaches it directly; without one it
    leads its own, and what we are sent is passed on to it.
    """
    attended = sys.stdin is not None and sys.stdin.isatty()
    with stop_requests() as request:
        try:
            process = subprocess.Popen(
                command,
                env=environment,
                start_new_session=not attended,
                preexec_fn=processes.dies_with_parent(signal.SIGTERM),
            )
        except OSError as error:
            print(f"{command[0]}: {error.strerror}", file=sys.stderr)
            return NO_SUCH_PROGRAM
        while process.poll() is None and not request:
            time.sleep(LOOK_SECONDS)
        if process.returncode is None:
            _stop(process, request=request, attended=attended)
    code = process.wait()
    return 128 - code if code < 0 else code


def _stop(process: "subprocess.Popen[bytes]", *, request: StopRequest, attended: bool) -> None:
    number = request.number or signal.SIGTERM
    if not (attended and number == signal.SIGINT and _terminal_sent_it_to_us()):
        processes.send(process.pid, number=number)
    if not processes.wait_until(lambda: process.poll() is not None, seconds=STOP_SECONDS):
        process.kill()
    if not attended:
        processes.end_group(process.pid)


def _terminal_sent_it_to_us() -> bool:
    """Whether we are in the terminal's foreground, where Ctrl-C goes to the command as well."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except OSError:
        return False
