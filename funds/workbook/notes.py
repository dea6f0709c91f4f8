"""口径: what the sheets of a workbook mean, which day they show, and who took them out when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import SHANGHAI
from finance_hub.kernel.text import Text
from funds import limits
from funds.models import Fund
from funds.workbook.columns import Column, Kind
from funds.workbook.sheets import Sheet

Note = tuple[Text, Text]

_FORMATS = {
    Kind.MONEY: Text("金额，单位元，最多两位小数", "Yuan, two decimals at most"),
    Kind.DATE: Text("日期，如 2026-10-31", "A date, like 2026-10-31"),
    Kind.USCC: Text("18 位统一社会信用代码，文本格式", "18 characters, as text"),
    Kind.CODE: Text("从下拉列表中选取：{listed}", "One of: {listed}"),
    Kind.WORDS: Text("文本，最长 {most} 个字符", "Text, at most {most} characters"),
}
_RULES: tuple[Note, ...] = (
    (
        Text("单位", "Unit"),
        Text("金额均为人民币元，精确到分，未作折算与舍入。", "All amounts are yuan to the fen, neither converted nor rounded."),
    ),
    (
        Text("再次导入", "Handing a sheet in again"),
        Text(
            "除“持有项目”外，各表增删行后均可再次导入：已登记的行识别为“无变化”，不会重复登记。编号留空的行为新增；"
            "无编号且除备注外与已登记记录完全相同的行，视为同一笔。已登记的记录不在表中修改，请在其页面更正或冲销；"
            "同一持有项目同一日的新估值取代原估值。",
            "Every sheet but that of the holdings can be handed in again with rows added or left out: what is recorded "
            "already is “unchanged” and is not entered twice. A row without a number is new, unless it equals a recorded "
            "one in all but its note: then it is taken for the same. What is recorded is not changed in a sheet: correct "
            "or reverse it on its page. A new value of a holding for the same day takes the place of the old one.",
        ),
    ),
    (
        Text("导入上限", "How much at once"),
        Text(
            f"一次最多 {limits.MOST_ROWS} 行，文件最大 {limits.MOST_WORKBOOK_BYTES // 2**20} MB；全部受理或全部不登记。",
            f"At most {limits.MOST_ROWS} rows and {limits.MOST_WORKBOOK_BYTES // 2**20} MB; all rows are entered or none.",
        ),
    ),
)  # fmt: skip
_MEANINGS: tuple[Note, ...] = (
    (
        Text("净额、现金净额", "Net amount, net cash"),
        Text(
            "冲销与转让转出的行为负；现金净额以流入为正、流出为负。各行相加即得合计。",
            "Negative for what takes back or is transferred away; cash that comes in is positive. Sums of the column hold.",
        ),
    ),
    (
        Text("计入净资产", "Counts in the NAV"),
        Text(
            "公允价值；没有估值，或估值之后又有投资、退出或核销的，按剩余成本计。空白表示尚无估值，不等于零。",
            "The latest fair value, or the cost left where there is none or a deal came after it. An empty cell is a value "
            "not reported, which is not zero.",
        ),
    ),
)  # fmt: skip


def of_template(sheets: Iterable[Sheet]) -> Iterator[Note]:
    yield from _RULES
    yield (
        Text("必填的列", "Required columns"),
        Text("表头有底色的列必填。", "Those with a coloured heading."),
    )
    for sheet in sheets:
        for column in sheet.taken:
            name = Text(f"{sheet.title.zh}：{column.heading.zh}", f"{sheet.title.en}: {column.heading.en}")
            yield name, _meaning(column)


def of_export(of: Fund, *, day: date, known_at: datetime, by: Person, now: datetime) -> Iterator[Note]:
    known, taken = (f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" for moment in (known_at, now))
    yield Text("基金", "Fund"), Text(f"{of.name}（{of.code}）", f"{of.name_en} ({of.code})")
    yield Text("截至日", "At the end of"), _same(day.isoformat())
    yield Text("按已知时刻", "As known at"), Text(f"{known} 北京时间", f"{known}, Asia/Shanghai")
    yield Text("导出人", "Exported by"), _same(f"{by.full_name}（{by.username}）")
    yield Text("导出时间", "Exported at"), Text(f"{taken} 北京时间", f"{taken}, Asia/Shanghai")
    yield from _RULES
    yield from _MEANINGS


def _meaning(column: Column) -> Text:
    listed = (", ".join(texts) for texts in zip(*(one.text for one in column.choices), strict=True))
    said = Text(*listed) if column.choices else Text("", "")
    form = _FORMATS[column.kind].fill(listed=said, most=column.most)
    if not column.hint.zh:
        return form
    return Text(f"{form.zh}。{column.hint.zh}", f"{form.en}. {column.hint.en}")


def _same(text: str) -> Text:
    return Text(text, text)
