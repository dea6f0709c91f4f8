"""Bank rows in, over HTTP, from the first byte of the declaration to `applied`.

The limit is a binary COPY of the rows that we accept into a table with the same columns, keys,
indexes and checks; the peers are a ModelSerializer for all rows with `bulk_create`, and with one
save a row. All are served by gunicorn with two workers. Positions are the main case; a month of
disbursements, which creates contracts, drawdowns and events, is measured against the three COPYs.
"""

from __future__ import annotations

import csv
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import orjson
import psycopg
from psycopg.rows import dict_row

from benchmarks import Result
from benchmarks._city import City, Client, MiB, gunicorn, served
from benchmarks._memory import Watch
from benchmarks._reports import Report, flow, stock
from finance_hub.embedded.ports import LOOPBACK

MILLION, HUNDRED_THOUSAND, TEN_THOUSAND, THOUSAND = 1_000_000, 100_000, 10_000, 1_000
#: A save a row is measured on so many rows, and reckoned up: it is linear.
SAVES = 2_000
MONTHS = ("2026-08", "2026-09", "2026-10")
BANKS = {
    "thousand": THOUSAND,
    "ten-thousand": TEN_THOUSAND,
    "hundred-thousand": HUNDRED_THOUSAND,
    "million": MILLION,
}
NEIGHBOUR = "neighbour"


def measure() -> Iterator[Result]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        names = {code: f"{code} 银行" for code in (*BANKS, NEIGHBOUR)}
        city = stack.enter_context(served(banks=names))
        peer = Peer(city, stack.enter_context(gunicorn("benchmarks._peer:application", environment={
            "PEER_DATABASE_URL": city.owner, "DJANGO_SETTINGS_MODULE": "",
        })))  # fmt: skip
        yield from _measured(city, peer, folder)


def _measured(city: City, peer: Peer, folder: Path) -> Iterator[Result]:
    seconds: dict[int, float] = {}
    flows = {code: flow(folder, rows=rows, period=MONTHS[0]) for code, rows in BANKS.items()}
    _send(city.client(NEIGHBOUR), flows["thousand"])
    for code in ("thousand", "ten-thousand", "hundred-thousand"):
        _send(city.client(code), flows[code])
    yield _million_disbursements(city, peer, flows["million"])
    yield from _small(city, peer, folder, seconds)
    yield from _million_positions(city, peer, folder, seconds)
    yield Result(
        name="intake, growth", ratio=(seconds[MILLION] / MILLION) / (seconds[TEN_THOUSAND] / TEN_THOUSAND), limit=1.2,
        peer="a row of 10,000, for a row of 1,000,000", seconds=seconds[MILLION],
        details={f"{rows} rows": round(took, 3) for rows, took in sorted(seconds.items())},
    )  # fmt: skip


def _small(city: City, peer: Peer, folder: Path, seconds: dict[int, float]) -> Iterator[Result]:
    """Medians over three months, ours and the limit in turns."""
    for code in ("thousand", "ten-thousand", "hundred-thousand"):
        ours, limit = [], []
        for month in MONTHS:
            report = stock(folder, rows=BANKS[code], period=month)
            client = city.client(code)
            ours.append(
                _seconds(_inline(client, report) if code == "thousand" else partial(_send, client, report))
            )
            limit.append(_seconds(peer.copying(code, month)))
        seconds[BANKS[code]] = median(ours)
        if code == "thousand":
            yield _result(f"intake, {BANKS[code]:,} rows", median(ours), median(limit), limit=3.0)
        if code == "hundred-thousand":
            yield _result(f"intake, {BANKS[code]:,} rows", median(ours), median(limit), limit=2.0)
            bulk = _seconds(peer.posting("bulk", code, rows=HUNDRED_THOUSAND))
            saves = _seconds(peer.posting("saves", code, rows=SAVES)) * HUNDRED_THOUSAND / SAVES
            yield _against("DRF, bulk_create", median(ours), bulk, times=7)
            yield _against("DRF, one save a row", median(ours), saves, times=70)


def _million_positions(city: City, peer: Peer, folder: Path, seconds: dict[int, float]) -> Iterator[Result]:
    client, report = city.client("million"), stock(folder, rows=MILLION, period=MONTHS[0])
    idle = _neighbours_calls(city, until=_after(10))
    done = threading.Event()
    busy: list[float] = []
    others = threading.Thread(target=lambda: busy.extend(_neighbours_calls(city, until=done.is_set)))
    with Watch([*city.pids, *city.backends()], new=city.backends) as memory:
        others.start()
        crowded = _seconds(lambda: _send(client, report))
        done.set()
        others.join()
    alone = stock(folder, rows=MILLION, period=MONTHS[1])
    seconds[MILLION] = _seconds(lambda: _send(client, alone))
    limit = median(_seconds(peer.copying("million", month)) for month in MONTHS[:2])
    yield _result(f"intake, {MILLION:,} rows", seconds[MILLION], limit, limit=1.0)
    yield Result(
        name="intake, memory", ratio=memory.grown / (200 * MiB), limit=1.0, peer="200 MiB above idle", seconds=crowded,
        details={"MiB": {name: round(grown / MiB) for name, grown in memory.by_name().items()}},
    )  # fmt: skip
    yield Result(
        name="intake, others' p95", ratio=_p95(busy) / _p95(idle), limit=2.0,
        peer=f"p95 of an idle city ({_p95(idle) * 1000:.1f} ms)", seconds=_p95(busy),
        details={"calls": {"idle": len(idle), "busy": len(busy)}},
    )  # fmt: skip
    clean = stock(folder, rows=MILLION, period=MONTHS[2], clean=True)
    first = _seconds(lambda: _send(client, clean))
    again = _seconds(lambda: _send(client, clean, unchanged=MILLION))
    yield _result("intake, sent again", again, first, limit=0.5, peer="the first time")
    turned = stock(folder, rows=MILLION, period=MONTHS[2], backwards=True, clean=True)
    backwards = _seconds(lambda: _send(client, turned, unchanged=MILLION))
    yield _result("intake, again, reordered", backwards, first, limit=2.5, peer="the first time")


def _million_disbursements(city: City, peer: Peer, report: Report) -> Result:
    took = _seconds(lambda: _send(city.client("million"), report))
    limit = sum(
        _seconds(peer.copying_table(table, "million")) for table in ("contract", "drawdown", "loanevent")
    )
    return _result(
        f"intake, {MILLION:,} new loans", took, limit, limit=1.5, peer="binary COPY of three tables"
    )


def _send(client: Client, report: Report, *, unchanged: int = 0) -> dict[str, Any]:
    """From the declaration to the end of a batch; every good row is accepted, or `unchanged`."""
    batch = client.call("POST", "/loan-report-batches", {
        "period": report.period, "dataset": report.dataset, "format": "csv", "acceptance": "valid_rows",
        "content_sha256": report.sha256, "control_totals": report.totals,
    })  # fmt: skip
    url = f"/loan-report-batches/{batch['id']}"
    with report.path.open("rb") as content:
        client.call("PUT", f"{url}/content", content=content)
    client.call("POST", f"{url}/submit")
    while (shown := client.call("GET", f"{url}?wait=25"))["state"] == "validating":
        pass
    expected = (
        {"accepted": 0, "unchanged": unchanged} if unchanged else {"accepted": report.rows - report.bad}
    )
    if shown["state"] != "applied" or expected.items() - shown["result"].items():
        raise RuntimeError(f"{report.path.name}: {shown['state']} {shown['result']} {shown['error']}")
    return dict(shown)


def _inline(client: Client, report: Report) -> Callable[[], None]:
    """A thousand rows in one request, answered with what became of each; ready to be sent."""
    with report.path.open(newline="") as content:
        rows = [
            {name: int(cell) if name in {"revision", "overdue_days"} else cell for name, cell in row.items()}
            for row in csv.DictReader(content)
        ]
    body = {"period": report.period, "dataset": report.dataset, "acceptance": "valid_rows", "rows": rows}

    def send() -> None:
        shown = client.call("POST", "/loan-events", body)
        if shown["result"]["accepted"] != report.rows - report.bad:
            raise RuntimeError(f"{report.path.name}: {shown['result']}")

    return send


class Peer:
    """The peers' server, and the tables that it writes to: copies of ours, keys and all, emptied for each run."""

    def __init__(self, city: City, port: int) -> None:
        self._city, self._port = city, port

    def copying(self, bank: str, month: str) -> Callable[[], None]:
        """A COPY of the positions that a bank has had accepted for a month."""
        rows = "SELECT * FROM loans_loanposition WHERE bank_id = %s AND month = %s"
        return self._ready("loans_loanposition", "peer_position", rows, bank, [f"{month}-01"])

    def copying_table(self, name: str, bank: str) -> Callable[[], None]:
        rows = f"SELECT * FROM loans_{name} WHERE bank_id = %s"  # noqa: S608
        return self._ready(f"loans_{name}", f"peer_{name}", rows, bank, [])

    def posting(self, path: str, bank: str, *, rows: int) -> Callable[[], None]:
        """A POST of so many positions of a bank as JSON."""
        self._empty_copy("loans_loanposition", "peer_position")
        with self._owner() as owner, owner.cursor(row_factory=dict_row) as cursor:
            chosen = "SELECT * FROM loans_loanposition WHERE bank_id = %s LIMIT %s"
            found = cursor.execute(chosen, [self._bank(owner, bank), rows]).fetchall()
        body = orjson.dumps(found, default=str)
        return lambda: self._post(path, body, "application/json")

    def _ready(self, source: str, target: str, rows: str, bank: str, more: list[Any]) -> Callable[[], None]:
        self._empty_copy(source, target)
        with self._owner() as owner, owner.cursor() as cursor:
            statement = f"COPY ({rows}) TO STDOUT (FORMAT binary)"
            with cursor.copy(statement, [self._bank(owner, bank), *more]) as pipe:
                body = b"".join(bytes(piece) for piece in pipe)
        return lambda: self._post(f"copy/{target}", body, "application/octet-stream")

    def _empty_copy(self, source: str, target: str) -> None:
        foreign = (
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conparentid = 0 AND conrelid = %s::regclass"
        )
        with self._owner() as owner:
            owner.execute(f"DROP TABLE IF EXISTS {target}")
            owner.execute(f"CREATE TABLE {target} (LIKE {source} INCLUDING ALL)")
            for (definition,) in owner.execute(foreign, [source]).fetchall():
                owner.execute(f"ALTER TABLE {target} ADD {definition}")

    @contextmanager
    def _owner(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self._city.owner, autocommit=True) as owner:
            owner.execute("SELECT set_config('app.scope', 'everything', false)")
            yield owner

    def _bank(self, owner: psycopg.Connection[Any], code: str) -> int:
        found = owner.execute("SELECT id FROM kernel_organisation WHERE code = %s", [code]).fetchone()
        return int(found[0]) if found else 0

    def _post(self, path: str, body: bytes, kind: str) -> None:
        connection = HTTPConnection(LOOPBACK, self._port, timeout=1800)
        connection.request("POST", f"/{path}", body, {"Content-Type": kind})
        answer = connection.getresponse()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {answer.read()[:2000]!r}")


def _neighbours_calls(city: City, *, until: Callable[[], bool]) -> list[float]:
    """Seconds of each call of another bank that reads and declares, some twenty a second."""
    client, took = city.client(NEIGHBOUR), []
    declared = {
        "period": MONTHS[0], "dataset": "flow", "format": "csv", "content_sha256": "0" * 64,
        "control_totals": {"rows": 0, "disbursed": "0.00", "repaid": "0.00"},
    }  # fmt: skip
    calls = (
        lambda: client.call("GET", "/contracts?limit=50"),
        lambda: client.call("GET", "/loan-report-batches?limit=20"),
        lambda: client.call("GET", "/reporting-calendar"),
        lambda: client.call("POST", "/loan-report-batches", declared),
    )
    while not until():
        for call in calls:
            took.append(_seconds(call))
            time.sleep(0.05)
    return took


def _after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def _p95(took: list[float]) -> float:
    return quantiles(took, n=20)[-1]


def _result(
    name: str, ours: float, theirs: float, *, limit: float, peer: str = "binary COPY over HTTP"
) -> Result:
    return Result(name=name, ratio=ours / theirs, limit=limit, peer=f"{peer} ({theirs:.2f} s)", seconds=ours)


def _against(peer: str, ours: float, theirs: float, *, times: int) -> Result:
    return Result(
        name=f"intake, {HUNDRED_THOUSAND:,} rows", ratio=ours / theirs, limit=1 / times,
        peer=f"{peer}: {theirs / ours:.1f} times as long ({theirs:.1f} s)", seconds=ours,
    )  # fmt: skip


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
