"""Made-up reports of any size: a bank's disbursements, and its positions at the end of a month."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIRMS = ("91350100M000100Y43", "91330483MA2B9PTN02", "91110000600037341L", "91310110666007217T")
FLOW = (
    "client_row_id,contract_no,drawdown_no,external_event_id,revision,record_type,uscc,firm_name,value_date,"
    "amount,currency,product,annual_rate_pct,maturity_date,repayment_method\n"
)
STOCK = "client_row_id,contract_no,drawdown_no,revision,uscc,balance,overdue_days,five_tier\n"
#: One row in so many breaks a rule: a class better than its floor.
ONE_BAD_IN = 10_000


@dataclass(frozen=True)
class Report:
    """A file and what has to be declared of it; `bad` rows of it are to be refused."""

    path: Path
    dataset: str
    period: str
    totals: dict[str, Any]
    sha256: str
    bad: int

    @property
    def rows(self) -> int:
        return int(self.totals["rows"])


def flow(folder: Path, *, rows: int, period: str) -> Report:
    """One disbursement a row, three drawdowns a contract."""
    fen = sum(map(_fen, range(rows)))
    lines = (
        f"r{at},HT-{at // 3:07d},JJ-{at:07d},E-{at:08d},1,disbursement,{FIRMS[at // 3 % 4]},某某科技有限公司,"
        f"{period}-{at % 28 + 1:02d},{_yuan(_fen(at))},CNY,rd,3.4500,2029-10-04,bullet\n"
        for at in range(rows)
    )
    totals = {"rows": rows, "disbursed": _yuan(fen), "repaid": "0.00"}
    return _written(folder / f"flow-{rows}.csv", FLOW, lines, "flow", period, totals, bad=0)


def stock(folder: Path, *, rows: int, period: str, backwards: bool = False, clean: bool = False) -> Report:
    """The position of each of those drawdowns, one in 50 overdue; one in 10,000 is wrong unless `clean`."""
    order = range(rows - 1, -1, -1) if backwards else range(rows)
    lines = (
        f"p{at},HT-{at // 3:07d},JJ-{at:07d},1,{FIRMS[at // 3 % 4]},{_yuan(_fen(at))},{_overdue(at)},{_tier(at, clean=clean)}\n"
        for at in order
    )
    totals = {"rows": rows, "balance": _yuan(sum(map(_fen, range(rows))))}
    name = f"stock-{rows}-{period}{'-backwards' if backwards else ''}.csv"
    return _written(
        folder / name, STOCK, lines, "stock", period, totals, bad=0 if clean else rows // ONE_BAD_IN
    )


def _fen(at: int) -> int:
    return at * 7_919 % 900_000_000 + 100_000


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _overdue(at: int) -> int:
    return 100 if at % 50 == 49 else 0


def _tier(at: int, *, clean: bool) -> str:
    is_bad = not clean and at % ONE_BAD_IN == ONE_BAD_IN - 1
    return "substandard" if at % 50 == 49 and not is_bad else "normal"


def _written(
    path: Path,
    header: str,
    lines: Iterator[str],
    dataset: str,
    period: str,
    totals: dict[str, Any],
    *,
    bad: int,
) -> Report:
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for text in (header, *lines):
            line = text.encode()
            digest.update(line)
            file.write(line)
    return Report(path, dataset, period, totals, digest.hexdigest(), bad)
