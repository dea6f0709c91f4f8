"""How long an issue takes to set: twelve pages with charts, and a table of 10,000 rows in a straight line."""

import io
from functools import partial

from reportlab.platypus import LongTable, SimpleDocTemplate

from benchmarks import Result, interleaved
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
LIMIT = 0.6  # of the peer's time; work that grew faster than the rows would pass it
LIMIT_SECONDS = 0.5  # twelve pages, eight charts and 300 rows, the second time in a process
LIMIT_GROWTH = 1.35  # of the time a row, from 1,000 rows to 10,000
NAMES = (
    "镕珺半导体股份有限公司",
    "青桐智能科技有限公司",
    "𬭚科新材料有限责任公司",
    "东江生物医药股份有限公司",
)
MONTHS = tuple(f"2026年{month}月" for month in range(1, 11))


def measure() -> Result:
    """A table of 10,000 rows against reportlab's own; in the details a whole issue and the growth."""
    document.render(issue(rows=10, charts=1))
    whole, small = interleaved(
        partial(document.render, issue(rows=300, charts=8)),
        partial(document.render, issue(rows=1000, charts=0)),
        rounds=5,
    )
    ours, peer = interleaved(
        partial(document.render, issue(rows=ROWS, charts=0)), partial(plain_table, ROWS), rounds=2
    )
    return {
        "name": "briefing",
        "ratio": ours / peer,
        "limit": LIMIT,
        "peer": "reportlab LongTable, 10,000 rows of plain strings",
        "seconds": ours,
        "details": {
            "issue_seconds": whole,
            "issue_limit": LIMIT_SECONDS,
            "growth_a_row": (ours / ROWS) / (small / 1000),
            "growth_limit": LIMIT_GROWTH,
            "peer_seconds": peer,
        },
    }


def row(number: int) -> tuple[str, ...]:
    """One row of a loan list."""
    name = f"青桐市{NAMES[number % len(NAMES)]}"
    return (str(number), name, "研发贷", f"{number * 1.37:,.2f}", f"{number * 0.91:,.2f}", "正常")


def issue(*, rows: int, charts: int) -> Issue:
    """An issue with so many rows and charts and a page or two of text."""
    words = (Column("序号", "right"), Column("企业名称", weight=3), Column("产品"))
    heads = (*words, Column("合同金额", "right"), Column("余额", "right"), Column("状态", "centre"))
    table = Table(1, "专项贷款明细", "万元", heads, tuple(map(row, range(rows))), "本月无变动")
    prose = Paragraph(
        "全市科技金融工作围绕投、贷、担、保联动持续推进，主要指标运行平稳，累计投资56.73亿元。" * 4
    )
    drawn: list[Block] = [part for number in range(charts) for part in (prose, chart(number + 1))]
    return Issue(
        series="科技金融工作简报",
        title="青桐市科技金融运行月报",
        unit_name="青桐市金融服务中心",
        month_label="2026年10月",
        language="zh-hans",
        key_points=("专项贷款余额42.15亿元，较上月增长2.31%，其中研发贷、知识产权质押贷合计占61.2%。",) * 5,
        tiles=(Tile("专项贷款余额", "42.15", "亿元", ("环比 ▲2.31%",)),) * 6,
        sections=(Section("情况", "charts", tuple(drawn)), Section("附表", "annex", (table,))),
        colophon=Colophon("SN-2026-10-003", "9f3ac1d27be845aa", "截至2026年10月31日", "2026年11月10日"),
        issue_no=10,
    )


def chart(number: int) -> Chart:
    """Stacked bars of ten months, four products, under a line."""
    series = tuple(Series(name, tuple(1.0 + month % 3 for month in range(10))) for name in NAMES)
    line = Series("余额", tuple(30.0 + month for month in range(10)))
    kind = ChartKind.STACKED_BARS_AND_LINE
    return Chart(number, "余额连续增长", "亿元", "", "", kind, MONTHS, (*series, line), line_unit="亿元")


def plain_table(rows: int) -> None:
    """The same rows as strings in reportlab's own table, without wrapping and without rare characters."""
    style = [("FONTNAME", (0, 0), (-1, -1), "NotoSansSC-Regular"), ("FONTSIZE", (0, 0), (-1, -1), 8.5)]
    table = LongTable([list(row(number)) for number in range(rows)], repeatRows=1, style=style)
    SimpleDocTemplate(io.BytesIO()).build([table])
