"""How long an issue takes to set: beside typst and WeasyPrint, in memory, and with a table of 10,000 rows."""

import io
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from itertools import count

import pikepdf
from reportlab.platypus import LongTable, SimpleDocTemplate

from benchmarks import Result, _setters, interleaved
from tasks.briefing import document
from tasks.briefing.layout import (
    Block,
    Chart,
    ChartKind,
    Colophon,
    Column,
    Issue,
    Paragraph,
    Section,
    Series,
    Table,
    Tile,
)

ROWS = 10_000
LIMIT = 0.6  # of the time of reportlab's own table; work that grew faster than the rows would pass it
LIMIT_SECONDS = 0.5  # an issue, in a worker that has set one before
LIMIT_BYTES = 100 * 2**20  # above an idle worker
LIMIT_GROWTH = 1.35  # of the time a row, from 1,000 rows to 10,000
LIMIT_TYPST = 1.0  # of its time a page
LIMIT_WEASYPRINT = 1 / 8  # of its time an issue
ROUNDS = 5
NAMES = (
    "镕珺半导体股份有限公司",
    "青桐智能科技有限公司",
    "𬭚科新材料有限责任公司",
    "东江生物医药股份有限公司",
)
MONTHS = tuple(f"2026年{month}月" for month in range(1, 11))


def measure() -> Iterator[Result]:
    """What a worker takes, a long table, and a whole issue beside its limits and other setters."""
    yield _memory()
    yield from _long()
    yield from _beside_typst()
    yield _beside_weasyprint()


def _beside_typst() -> Iterator[Result]:
    """A whole issue against its limit, and a page of it against a page of typst's."""
    (ours, pages), (peer, peer_pages) = _in_turns(document.render, _setters.by_typst())
    said = f"half a second for {pages} pages, 8 charts, 300 rows"
    yield _result("briefing issue", ours / LIMIT_SECONDS, 1.0, said, ours, pages=pages)
    ratio = (ours / pages) / (peer / peer_pages)
    said = "typst, a page of the same content"
    yield _result(
        "briefing page", ratio, LIMIT_TYPST, said, ours / pages, peer_seconds=peer, peer_pages=peer_pages
    )


def _beside_weasyprint() -> Result:
    """A whole issue against WeasyPrint; last, because it needs a library of the system (Pango)."""
    (ours, _pages), (peer, peer_pages) = _in_turns(document.render, _setters.by_weasyprint())
    said = "WeasyPrint, the same content"
    return _result(
        "briefing against HTML",
        ours / peer,
        LIMIT_WEASYPRINT,
        said,
        ours,
        peer_seconds=peer,
        peer_pages=peer_pages,
    )


def _in_turns(*setters: _setters.Setter) -> list[tuple[float, int]]:
    """Seconds and pages of an issue. Every round sets another one, as a worker does: what a setter keeps of the last is
    of use only where it would be in earnest."""
    pages = [_pages(setter(issue())) for setter in setters]
    works = (partial(_set, setter, count(1)) for setter in setters)
    return list(zip(interleaved(*works, rounds=ROUNDS), pages, strict=True))


def _memory() -> Result:
    """What a worker has at most, above one that has done nothing yet."""
    begun = [sys.executable, "-m", "benchmarks._briefing"]
    grown = int(subprocess.run(begun, check=True, capture_output=True, text=True).stdout)
    said = f"100 MiB above an idle worker: {grown / 2**20:.0f} MiB"
    return _result("briefing memory", grown / LIMIT_BYTES, 1.0, said, 0.0, bytes=grown)


def _long() -> Iterator[Result]:
    """A table of 10,000 rows against reportlab's own, and against one of 1,000 rows."""
    small, ours, peer = interleaved(
        partial(document.render, issue(rows=1000, charts=0)),
        partial(document.render, issue(rows=ROWS, charts=0)),
        partial(plain_table, ROWS),
        rounds=3,
    )
    said = "reportlab LongTable, 10,000 rows of plain strings"
    yield _result("briefing rows", ours / peer, LIMIT, said, ours, peer_seconds=peer)
    growth = (ours / ROWS) / (small / 1000)
    yield _result("briefing growth", growth, LIMIT_GROWTH, "a row of 1,000", ours, small_seconds=small)


def _result(name: str, ratio: float, limit: float, peer: str, seconds: float, **details: object) -> Result:
    return {
        "name": name,
        "ratio": ratio,
        "limit": limit,
        "peer": peer,
        "seconds": seconds,
        "details": details,
    }


def _set(setter: _setters.Setter, turns: Iterator[int]) -> bytes:
    return setter(issue(turn=next(turns)))


def _pages(content: bytes) -> int:
    with pikepdf.open(io.BytesIO(content)) as opened:
        return len(opened.pages)


def row(number: int, turn: int = 0) -> tuple[str, ...]:
    """One row of a loan list; every issue has other amounts."""
    name = f"青桐市{NAMES[number % len(NAMES)]}"
    amount = number * 1.37 + turn * 0.11
    return (str(number), name, "研发贷", f"{amount:,.2f}", f"{amount * 0.66:,.2f}", "正常")


def issue(*, rows: int = 300, charts: int = 8, turn: int = 0) -> Issue:
    """An issue with so many rows and charts and a page or two of text; each turn says something else."""
    words = (Column("序号", "right"), Column("企业名称", weight=3), Column("产品"))
    heads = (*words, Column("合同金额", "right"), Column("余额", "right"), Column("状态", "centre"))
    listed = tuple(row(number, turn) for number in range(rows))
    table = Table(1, "专项贷款明细", "万元", heads, listed, "本月无变动")
    said = f"全市科技金融工作围绕投、贷、担、保联动持续推进，主要指标运行平稳，累计投资{turn + 56.73}亿元。"
    prose = Paragraph(said * 2)
    drawn: list[Block] = [part for number in range(charts) for part in (prose, chart(number + 1, turn))]
    point = f"专项贷款余额{turn + 42.15}亿元，较上月增长2.31%，其中研发贷、知识产权质押贷合计占61.2%。"
    return Issue(
        series="科技金融工作简报",
        title="青桐市科技金融运行月报",
        unit_name="青桐市金融服务中心",
        month_label="2026年10月",
        language="zh-hans",
        key_points=(point,) * 5,
        tiles=(Tile("专项贷款余额", f"{turn + 42.15}", "亿元", ("环比 ▲2.31%",)),) * 6,
        sections=(Section("情况", "charts", tuple(drawn)), Section("附表", "annex", (table,))),
        colophon=Colophon("SN-2026-10-003", "9f3ac1d27be845aa", "截至2026年10月31日", "2026年11月10日"),
        issue_no=10,
    )


def chart(number: int, turn: int = 0) -> Chart:
    """Stacked bars of ten months, four products, under a line."""
    series = tuple(Series(name, tuple(1.0 + month % 3 for month in range(10))) for name in NAMES)
    line = Series("余额", tuple(30.0 + month + turn + number / 10 for month in range(10)))
    kind = ChartKind.STACKED_BARS_AND_LINE
    return Chart(number, "余额连续增长", "亿元", "", "", kind, MONTHS, (*series, line), line_unit="亿元")


def plain_table(rows: int) -> None:
    """The same rows as strings in reportlab's own table, without wrapping and without rare characters."""
    style = [("FONTNAME", (0, 0), (-1, -1), "NotoSansSC-Regular"), ("FONTSIZE", (0, 0), (-1, -1), 8.5)]
    table = LongTable([list(row(number)) for number in range(rows)], repeatRows=1, style=style)
    SimpleDocTemplate(io.BytesIO()).build([table])
