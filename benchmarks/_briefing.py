"""A worker that sets issues, in a process of its own: what it takes above an idle one, in bytes on standard output."""

from __future__ import annotations

import os
import resource
from pathlib import Path

ISSUES = 5


def main() -> None:
    """Idle is a worker that has done no job: nothing that sets an issue is loaded."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finance_hub.settings")
    django.setup()
    idle = _resident()
    from benchmarks.briefing import issue
    from tasks.briefing import document

    for turn in range(ISSUES):
        document.render(issue(turn=turn))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - idle)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    main()
