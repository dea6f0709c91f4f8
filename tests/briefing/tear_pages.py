"""Sheets to set: a full one with the longest names there can be, and one with nothing to say."""

from __future__ import annotations

from dataclasses import replace

from tasks.briefing.layout import Chart, ChartKind, Column, Series, Tile
from tasks.briefing.tear.layout import Listing, Page, Pairs, Panel, Picture, Road, Stop
from tests.briefing.issues import RARE

#: As long as the database lets a name be.
LONGEST = (RARE + "青桐市半导体材料与装备创新中心" * 20)[:200]
TILES = tuple(Tile(f"指标{n}", f"{n},234,567.89", "万元", note="计划规模的 100.0%") for n in range(6))


def listing(count: int, *, name: str = "", total: bool = False, least: int = 2, pace: int = 1) -> Listing:
    """Rows that can be told apart, worth one each."""
    rows = tuple((f"R{n:03d}{name}", "1,234.50", "2026-09-30 已逾半年") for n in range(count))
    return Listing(
        columns=(Column("名称"), Column("金额", "right"), Column("估值日")),
        rows=rows,
        empty="尚无记录",
        rest=lambda shown: f"另有 {count - shown} 项未列示",
        total=("合计", f"{count}.00", "") if total else None,
        least=least,
        pace=pace,
    )


def flows(count: int) -> Picture:
    years = tuple(str(2000 + n) for n in range(count))
    series = tuple(Series(name, tuple(float(n) for n in range(count))) for name in ("实缴", "分配", "累计"))
    chart = Chart(
        1, "结论", "万元", "", "", ChartKind.STACKED_BARS_AND_LINE, years, series, empty_text="尚无现金流"
    )
    return Picture(chart)


PLAIN = Page(
    language="zh-hans",
    kind="基金一页概览",
    unit_name="市金融发展服务中心",
    month_label="2026年10月",
    title="青桐天使基金",
    subtitle="天使基金 · 青桐创投",
    facts=Pairs((("代码", "qingtong"), ("备案", "未登记")), columns=3),
    tiles=(TILES[:4], TILES),
    bands=(
        (Panel("现金流", flows(4), unit="万元", share=1.5), Panel("条款", Pairs((("管理费", "2%"),) * 9))),
        (Panel("在投", listing(8, pace=3), unit="万元"),),
        (Panel("退出", listing(2, total=True)), Panel("余量", listing(3))),
    ),
    notes=("注释。",),
    proof=("数据快照：ss_1", "指纹：0123"),
    keywords="0123" * 16,
)


def crowded() -> Page:
    """Sixty rows in each list, every text as long as it can be."""
    road = Road(tuple(Stop(LONGEST, "2026-10-01", LONGEST, reached=n < 2) for n in range(4)))
    long = Pairs(tuple((f"项{n}", LONGEST) for n in range(9)))
    return replace(
        PLAIN,
        title=LONGEST,
        subtitle=LONGEST,
        facts=Pairs(tuple((f"项{n}", LONGEST) for n in range(6)), columns=3),
        bands=(
            (Panel(LONGEST, flows(15), unit="万元", share=1.5), Panel("条款", long)),
            (Panel("接力", road),),
            (Panel(LONGEST, listing(60, name=LONGEST, pace=3), unit="万元", note=LONGEST),),
            (
                Panel("退出", listing(60, name=LONGEST, total=True, least=1)),
                Panel("余量", listing(60, least=1)),
            ),
        ),
    )


def empty() -> Page:
    """Of which nothing is known but its name."""
    nothing = Panel("在投", listing(0))
    return replace(
        PLAIN,
        title="空",
        subtitle="",
        facts=Pairs(()),
        tiles=((Tile("净资产", "—", note="未报送"),),),
        bands=((Panel("现金流", flows(0)), nothing), (nothing,)),
        notes=(),
        proof=(),
    )
