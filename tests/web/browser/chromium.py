"""Where the browser is: CHROMIUM names it, or it is found by its usual names on PATH."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Quiet and offline: nothing but the server under test is spoken to.
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
ABSENT = (
    "no browser for tests/web/browser: install Debian's chromium (apt-get install chromium), "
    "or name one with CHROMIUM=/path/to/chromium"
)


def path() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


def is_demanded() -> bool:
    """Whether a missing browser is a failure: `make browser-test` and CI say so."""
    return os.environ.get("BROWSER_TESTS") == "required"
