"""The issues that the tests set: one small, one with everything, built from the same few facts."""

from dataclasses import replace

from tasks.briefing.layout import (
    Chart,
    ChartKind,
    Colophon,
    Column,
    Issue,
    Limit,
    Paragraph,
    Section,
    Series,
    Subheading,
    Table,
    Tile,
)

RARE = "㐂𠮷镕珺𬭚"
MONTHS = tuple(f"2026年{month}月" for month in range(1, 11))
GAPPED = (1.0, 2.0, None, 4.0, 5.0, 4.0, 3.0, 2.5, 2.0, 1.5)

COLOPHON = Colophon(
    snapshot_no="SN-2026-10-003",
    fingerprint="9f3ac1d27be845aa90e1c3d4b5a69788",
    as_of_label="数据截至：2026年10月31日",
    generated_label="生成时间：2026年11月10日",
    distribution=("报：市委、市政府", "发：各合作银行"),
    copies="（共印 60 份）",
    notes=("因四舍五入，分项合计与总数可能略有差异。",),
    verify_text="SN-2026-10-003|9f3ac1d27be845aa",
)

TILES = tuple(
    Tile(label, value, unit, ("环比 ▲1.0%",), note)
    for label, value, unit, note in (
        ("基金总规模", "211.00", "亿元", ""),
        ("累计投资", "56.73", "亿元", ""),
        ("专项贷款余额", "42.15", "亿元", "5/6 家银行已报送"),
        ("在保余额", "—", "", "未报送"),
        ("上市后备", "86", "家", ""),
        ("风险规则通过", "7/8", "", ""),
    )
)

EMPTY_TABLE = Table(9, "梯队变动", "家", (Column("企业"), Column("原因")), (), "本月无变动")

PLAIN = Issue(
    series="科技金融工作简报",
    title="青桐市科技金融运行月报",
    unit_name="青桐市金融服务中心",
    month_label="2026年10月",
    language="zh-hans",
    key_points=("三只政府引导基金累计认缴211.00亿元。", "专项贷款余额42.15亿元，较上月增长2.31%。"),
    tiles=TILES,
    sections=(Section("总体情况", "overall", (Paragraph("主要指标运行平稳。"), EMPTY_TABLE)),),
    colophon=COLOPHON,
    issue_no=10,
    total_no=22,
    date_label="2026年11月10日",
    classification_note="内部资料　注意保存",
)


def with_blocks(*blocks: Paragraph | Subheading | Table | Chart) -> Issue:
    """The plain issue with one section of these blocks."""
    return replace(PLAIN, sections=(Section("专项贷款", "loans", blocks),))


def chart(kind: ChartKind, *series: Series, categories: tuple[str, ...] = MONTHS, **changes: object) -> Chart:
    """A chart with a finding that can be looked for."""
    made = Chart(1, "结论写在标题里", "亿元", "截至10月31日", "各银行", kind, categories, series)
    return replace(made, **changes)  # type: ignore[arg-type]


def gapped_charts() -> dict[ChartKind, Chart]:
    """One chart of each kind, each with one value missing."""
    one, full = Series("余额", GAPPED), Series("计划", tuple(range(1, 11)))
    sets: dict[ChartKind, tuple[Series, ...]] = {
        ChartKind.BARS: (one,),
        ChartKind.GROUPED_BARS: (one, full),
        ChartKind.STACKED_BARS: (one, full),
        ChartKind.STACKED_BARS_AND_LINE: (one, full, Series("线", GAPPED)),
        ChartKind.HORIZONTAL_BARS: (one,),
        ChartKind.LINES: (one, full),
        ChartKind.BRIDGE: (one, full),
        ChartKind.DOTS_AND_LIMITS: (one, full),
        ChartKind.FUNNEL: (one,),
        ChartKind.SMALL_MULTIPLES: (one, full, full, Series("比例", tuple(range(10, 0, -1)))),
    }
    return {kind: chart(kind, *series, limits=(Limit("上限", 4.5),)) for kind, series in sets.items()}


def long_table(rows: int, *, number: int = 1) -> Table:
    """A table whose every row can be told apart, with names that wrap and a total."""
    body = tuple(
        (f"R{row:05d}", f"青桐市{RARE}半导体材料与装备创新中心股份有限公司", "1,234.50")
        for row in range(rows)
    )
    columns = (Column("编号"), Column("企业名称", weight=3), Column("余额", "right"))
    total = ("合计", "", f"{rows}.00")
    return Table(number, "专项贷款明细", "万元", columns, (*body, total), "本月无变动", total_row=True)


def everything() -> Issue:
    """Every kind of block, a draft's watermark, and rare characters in every place."""
    blocks = [Subheading(f"{RARE}分节"), Paragraph(f"{RARE}公司本月投资1.86亿元。" * 6), long_table(90)]
    blocks += [replace(made, number=n + 1) for n, made in enumerate(gapped_charts().values())]
    issue = with_blocks(*blocks, EMPTY_TABLE)
    return replace(issue, watermark="征求意见稿", title=f"青桐市{RARE}科技金融运行月报")
