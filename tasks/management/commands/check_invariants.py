"""Check every invariant; exit 1 when one is broken."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.scoping import within
from tasks import invariants
from tasks.invariants import figures


class Command(BaseCommand):
    help = "Check every invariant of the data with plain SQL. Exit code 1 when one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--month",
            action="append",
            type=_month,
            metavar="2026-10",
            help="Compute the figures of this month again; may be repeated. The newest two where none is named.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        with within(EVERYTHING):
            findings = invariants.check(months=options["month"])
        if options["json"]:
            said = [{"invariant": f.name, "holds": f.holds, "offenders": list(f.offenders)} for f in findings]
            holds = all(finding.holds for finding in findings)
            left_out = [
                {"figure": code, "scope": scope, "reason": why}
                for (code, scope), why in figures.not_by_sql().items()
            ]
            answer = {"holds": holds, "invariants": said, "not_recomputed": left_out}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            for finding in findings:
                mark = "holds " if finding.holds else "BROKEN"
                self.stdout.write(f"{mark}  {finding.name} {', '.join(finding.offenders)}".rstrip())
        if not all(finding.holds for finding in findings):
            sys.exit(1)


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except UnableToReadMonth as fault:
        raise argparse.ArgumentTypeError(f"{text!r} is not a month written 2026-10") from fault
