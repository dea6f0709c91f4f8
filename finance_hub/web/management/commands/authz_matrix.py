"""Who may call what, from the routes and the table of roles; the checked-in copy shows every change."""

from __future__ import annotations

import difflib
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from finance_hub.rest import matrix

FILE = "docs/authz_matrix.csv"


class Command(BaseCommand):
    help = f"Print every operation and the roles allowed it. --check compares with {FILE}, --write renews it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="exit 1 and show the difference")
        what.add_argument("--write", action="store_true")

    def handle(self, *_args: Any, check: bool, write: bool, **_options: Any) -> None:
        made, path = matrix.as_csv(), settings.BASE_DIR / FILE
        if write:
            path.write_text(made, encoding="utf-8")
        elif check:
            kept = path.read_text(encoding="utf-8") if path.exists() else ""
            changes = difflib.unified_diff(
                kept.splitlines(), made.splitlines(), FILE, "the code", lineterm="", n=0
            )
            shown = "\n".join(changes)
            if shown:
                self.stderr.write(shown)
                raise SystemExit(1)
            self.stdout.write(f"{FILE} is that of the code")
        else:
            self.stdout.write(made, ending="")
