"""A bank's own statement of a month: what it reported, its own figures, and nothing of anybody else's.

Of the others there is one number at most: its place among them, where they are so many that it says nothing of one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import SHANGHAI
from finance_hub.kernel.scoping import within
from loans import quality
from tasks import queries, wording
from tasks.briefing.content.desk import CHART_MONTHS, Desk
from tasks.briefing.layout import Chart, ChartKind, Column, Language, Series, Tile
from tasks.briefing.tear.layout import Listing, Page, Pairs, Panel, Picture
from tasks.briefing.tear.origin import month_label, proof
from tasks.briefing.tear.reported import Facts, facts_of
from tasks.models import Snapshot

SIZES = ("loans.balance", "loans.disbursed", "loans.repaid", "loans.firms")
QUALITY = ("loans.npl_ratio", "loans.overdue_ratio", "loans.stock_flow_difference", "loans.subsidy")


def page(of: Organisation, snapshot: Snapshot, *, language: Language) -> Page:
    """The statement of a bank that the scope in force may know of."""
    desk = _desk(of, snapshot, language)
    facts = facts_of(of, snapshot)
    say = desk.say
    return Page(
        language=language,
        kind=say("银行月度对账单", "Monthly statement of a bank"),
        unit_name=say("市金融发展服务中心", "Municipal Finance Development Service Centre"),
        month_label=month_label(desk),
        title=say(of.name, of.name_en),
        subtitle=say(f"{month_label(desk)}专项贷款报送与数据", f"Specialty loans as reported, {month_label(desk)}"),
        facts=Pairs(_identity(of, desk, facts), columns=3),
        tiles=tuple(tuple(_tile(desk, of, code) for code in row) for row in (SIZES, QUALITY)),
        bands=(
            (_history(desk, of), _ranks(desk, facts)),
            (_products(desk, of), _overdue(desk, of)),
            (_reports(desk, facts), _guarantees(desk, of, facts)),
            (_findings(desk, facts), _changes(desk, facts)),
        ),
        notes=(
            say(
                "数据来自贵行报送并经校验的记录；本页只含贵行自身数据。位次仅在另有至少 5 家银行有数时给出。",
                "From the records that the bank reported and that passed the checks; nobody else's are shown. A place is "
                "given only where at least 5 other banks have a figure.",
            ),
        ),
        proof=proof(desk, snapshot),
        keywords=snapshot.fingerprint,
    )  # fmt: skip


def _desk(of: Organisation, snapshot: Snapshot, language: Language) -> Desk:
    month = queries.month_of(snapshot)
    months = [*(month - (CHART_MONTHS - 1)).until(month)]
    history = {}
    with within(EVERYTHING):
        now = queries.of_bank(snapshot, of)
        for past, figures in queries.history(months, codes=(), known_at=snapshot.known_at).items():
            history[past] = queries.of_bank(figures.snapshot, of)
    return Desk(language, month, now, history, ())


def _identity(of: Organisation, desk: Desk, facts: Facts) -> tuple[tuple[str, str], ...]:
    silent = [one["dataset"] for one in desk.now.snapshot.not_reported if one["code"] == of.code]
    names = {"flow": desk.say("发生额", "loan events"), "stock": desk.say("月末存量", "month-end positions")}
    complete = desk.say("已全部报送", "everything reported")
    missing = desk.say("未报送：", "not reported: ") + desk.say("、", ", ").join(names[one] for one in silent)
    return (
        (desk.say("机构代码", "Code"), of.code),
        (desk.say("本月报送", "Reports of the month"), missing if silent else complete),
        (desk.say("数据截至", "As of"), desk.month.last.isoformat()),
    )


def _tile(desk: Desk, of: Organisation, code: str) -> Tile:
    figure = desk.now.get(code, "bank", of.code)
    if figure is None or figure.value is None:
        reason = figure.reason if figure is not None else "not-reported"
        return Tile(desk.name(code), wording.DASH, note=wording.reason(reason, language=desk.language))
    if wording.unit_of(figure) == "yuan":
        number, unit = wording.headline(figure.value, language=desk.language)
        return Tile(desk.name(code), number, unit)
    return Tile(desk.name(code), wording.shown(figure, language=desk.language))


def _history(desk: Desk, of: Organisation) -> Panel:
    title = desk.say("近十三个月贷款余额", "Loan balance, thirteen months")
    chart = Chart(
        number=1, finding=title, unit=desk.unit, as_of=desk.as_of, source="", kind=ChartKind.BARS,
        categories=tuple(str(month)[2:].replace("-", "/") for month in desk.months),
        series=(Series(desk.name("loans.balance"), desk.series("loans.balance", "bank", of.code)),),
        empty_text=desk.say("尚无余额", "There is no balance yet"),
    )  # fmt: skip
    return Panel(title, Picture(chart), unit=desk.unit, share=1.8)


def _ranks(desk: Desk, facts: Facts) -> Panel:
    rows = tuple(
        (desk.name(code), desk.say(f"第 {rank.place} 位，共 {rank.of} 家", f"{rank.place} of {rank.of}"))
        for code, rank in facts.ranks.items()
    )
    few = desk.say(
        "有数的其他银行不足 5 家，不列位次", "Fewer than 5 other banks have a figure: no place is given"
    )
    body = _listing(
        (Column(desk.say("指标", "Figure")), Column(desk.say("位次", "Place"), "right")), rows, few
    )
    return Panel(desk.say("在全市银行中的位次", "Place among the city's banks"), body)


def _products(desk: Desk, of: Organisation) -> Panel:
    own = [figure for figure in desk.now.all("loans.balance", "bank_product") if figure.value]
    rows = tuple(
        (desk.label(figure).split(" · ")[-1], desk.shown(figure), desk.cell("loans.disbursed", "bank_product", figure.key))
        for figure in own
    )  # fmt: skip
    columns = (
        Column(desk.say("产品", "Product")), Column(desk.name("loans.balance"), "right"),
        Column(desk.name("loans.disbursed"), "right"),
    )  # fmt: skip
    body = _listing(columns, rows, desk.say("没有贷款余额", "No loan has a balance"))
    return Panel(desk.say("按产品", "By product"), body, unit=desk.unit if rows else "")


def _overdue(desk: Desk, of: Organisation) -> Panel:
    own = desk.now.all("loans.overdue", "bank_overdue")
    rows = tuple((desk.label(figure).split(" · ")[-1], desk.shown(figure)) for figure in own)
    columns = (Column(desk.say("逾期天数", "Days overdue")), Column(desk.say("余额", "Balance"), "right"))
    body = _listing(
        columns, rows, desk.say("月末存量未报送或无逾期", "No positions were reported, or nothing is overdue")
    )
    return Panel(desk.say("按逾期天数", "By days overdue"), body, unit=desk.unit if rows else "")


def _reports(desk: Desk, facts: Facts) -> Panel:
    names = {"flow": desk.say("发生额", "Loan events"), "stock": desk.say("月末存量", "Positions")}
    rows = tuple(
        (
            names[batch.dataset], batch.public_id,
            batch.declared_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M"),
            str((batch.result or {}).get("accepted", wording.DASH)),
            str((batch.result or {}).get("rejected", wording.DASH)),
        )
        for batch in facts.batches
    )  # fmt: skip
    columns = (
        Column(desk.say("数据集", "Data set")), Column(desk.say("批次", "Batch"), weight=1.6),
        Column(desk.say("时间", "When")), Column(desk.say("受理", "Accepted"), "right"),
        Column(desk.say("退回", "Rejected"), "right"),
    )  # fmt: skip
    body = _listing(columns, rows, desk.say("本月没有报送批次", "Nothing was reported for the month"))
    return Panel(desk.say("报送批次", "What was reported"), body, share=1.8)


def _guarantees(desk: Desk, of: Organisation, facts: Facts) -> Panel:
    balance = desk.value("loans.balance", "bank", of.code)

    def share(amount: Decimal) -> str:
        return wording.percent(amount / balance) if balance else wording.DASH

    rows = tuple(
        (name, wording.in_table(amount, language=desk.language), share(amount))
        for name, amount in (
            (desk.say("在保余额", "Guarantees outstanding"), facts.guaranteed),
            (desk.say("其中：资金池项下", "of which under a pool"), facts.pooled),
        )
    )
    columns = (
        Column(desk.say("项目", "Item")), Column(desk.say("金额", "Amount"), "right"),
        Column(desk.say("占贷款余额", "Of the balance"), "right"),
    )  # fmt: skip
    return Panel(desk.say("担保", "Guarantees on its loans"), _listing(columns, rows, ""), unit=desk.unit)


def _findings(desk: Desk, facts: Facts) -> Panel:
    counted = Counter(finding.rule for finding in facts.findings)
    rows = tuple((_rule(desk, rule), str(count)) for rule, count in sorted(counted.items()))
    columns = (Column(desk.say("规则", "Rule")), Column(desk.say("未解决", "Open"), "right"))
    body = _listing(columns, rows, desk.say("没有未解决的数据问题", "No finding is open"))
    return Panel(desk.say("数据体检", "Data quality"), body)


def _rule(desk: Desk, code: str) -> str:
    """Its name; a rule that is no longer kept is its code."""
    rule = quality.BY_CODE.get(code)
    return rule.name.say(desk.language) if rule else code


def _changes(desk: Desk, facts: Facts) -> Panel:
    def amount(value: Decimal) -> str:
        return wording.in_table(value, language=desk.language)

    rows = tuple(
        (str(one.month), amount(one.first), amount(one.now), amount(one.now - one.first))
        for one in facts.changed
    )
    columns = (
        Column(desk.say("月份", "Month")), Column(desk.say("首次", "First"), "right"),
        Column(desk.say("现值", "Now"), "right"), Column(desk.say("差额", "Change"), "right"),
    )  # fmt: skip
    body = _listing(
        columns, rows, desk.say("以前月份余额没有更正", "No earlier month's balance was restated")
    )
    return Panel(desk.say("以前月份余额的更正", "Restated balances"), body, unit=desk.unit if rows else "")


def _listing(columns: Sequence[Column], rows: Sequence[tuple[str, ...]], empty: str) -> Listing:
    return Listing(
        columns=tuple(columns),
        rows=tuple(rows),
        empty=empty,
        rest=lambda shown: f"+ {len(rows) - shown}",
        least=2,
    )
