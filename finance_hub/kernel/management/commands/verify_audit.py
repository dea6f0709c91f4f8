"""Walk the audit chain and print its head, to be kept where the database's owner cannot reach."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

from finance_hub.kernel import audit


class Command(BaseCommand):
    help = (
        "Verify the audit chain from its first entry. Exits 1 naming the first bad entry. Prints the head as "
        "an anchor: give it to a later run, which then sees a tail that was cut and its head rewritten."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", type=read_anchor, metavar="SEQ:HASH", help="a head printed earlier")

    def handle(self, *_args: Any, anchor: tuple[int, str] | None = None, **_options: Any) -> None:
        broken = audit.verify(anchor=anchor)
        if broken:
            self.stderr.write(f"audit chain broken at seq {broken.seq}: {broken.reason}")
            raise SystemExit(1)
        seq, last = audit.head()
        self.stdout.write(f"audit chain holds: {seq} entries\nanchor {seq}:{last}")


def read_anchor(text: str) -> tuple[int, str]:
    match = re.fullmatch(r"([0-9]{1,18}):([0-9a-f]{64})", text, re.ASCII)
    if not match:
        raise ArgumentTypeError("an anchor is SEQ:HASH as verify_audit prints it")
    return int(match[1]), match[2]
