"""What stands on a tear sheet: the snapshot's own figures after the unit rule, hand-computed sums, and no foreign row.

Million yuan: the angel fund has 70 + 30 committed, 40 called and paid (28 + 12), 1 of fees, 20 invested and worth 26,
5 distributed. Cash 40 - 1 - 20 - 5 = 14; NAV 14 + 26 = 40; DPI 5/40, RVPI 40/40, TVPI 1.125.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from finance_hub.kernel import ids, uscc
from finance_hub.kernel.access import EVERYTHING, Scope
from finance_hub.kernel.models import Firm
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from funds import queries as funds
from funds.models import Fund, FundTerms, Holding, HoldingEvent, Investor, Valuation
from tasks import queries, snapshots, wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.tear import public_money
from tasks.briefing.tear.subjects import set_sheet
from tasks.exposure.parts import Part
from tasks.models import Snapshot
from tests.briefing import reader
from tests.briefing.issues import RARE
from tests.cast import Api, Cast
from tests.funds.conftest import FIRM, FUND, found_fund, made
from tests.funds.conftest import Desk as Ledger
from tests.loans.bank import disbursement, repayment, send
from tests.tasks.exposing import known
from tests.web.funding import worked_fund

Speak = Callable[[str], Api]
OCTOBER = Month(2026, 10)
ELSEWHERE = "91330483MA28AQK513"


def taken(month: Month = OCTOBER) -> Snapshot:
    now = timezone.now()
    with within(EVERYTHING):
        return snapshots.take(month, known_at=now, taken_at=now)[0]


def fund_text(code: str, snapshot: Snapshot, *, scope: Scope = EVERYTHING, language: str = "zh-hans") -> str:
    with within(scope):
        content = set_sheet(funds.fund(code), snapshot, language=language)  # type: ignore[arg-type]
    (page,) = reader.sheets(content)
    return page.text


def firm_text(code: str, snapshot: Snapshot, *, scope: Scope = EVERYTHING, language: str = "zh-hans") -> str:
    with within(scope):
        firm = Firm.objects.select_related("control_group").get(uscc=code)
        content = set_sheet(firm, snapshot, language=language)  # type: ignore[arg-type]
    (page,) = reader.sheets(content)
    return page.text


def own(cast: Cast, house: str) -> Scope:
    return Scope(organisation_id=cast.organisation(house).pk)


@pytest.fixture
def worked(api: Speak) -> tuple[Ledger, str]:
    return worked_fund(api)


class TestAFund:
    def test_shows_what_was_worked_out_by_hand_to_its_manager_too(
        self, worked: tuple[Ledger, str], cast: Cast
    ) -> None:
        snapshot = taken()
        said = fund_text("angel", snapshot)
        for words in ("青桐天使基金", "天使基金 · angel-manager（测试）", "2026年10月", "未登记"):
            assert words in said
        sizes = ("1.00亿元", "4,000.00万元", "2,000.00万元", "500.00万元")
        assert all(size in said for size in sizes), said
        assert "认缴的 40.0%" in said
        assert "实缴的 50.0%" in said
        assert "0.13倍" in said  # DPI 0.125, half up
        assert "1.13倍" in said  # TVPI 1.125
        assert "出资人净流出最多 4,000.00万元（2022-06-20），尚未收回" in said
        assert "在投 1 项，现值 2,600.00万元" in said
        assert "2023-12-31 已逾半年" in said
        assert "尚未录入条款" in said
        assert "财政资金17,000.0070.0%2,800.00" in said
        assert "条款未约定上限" in said
        assert fund_text("angel", snapshot, scope=own(cast, "angel-manager")) == said
        self.shows_the_figures_of_the_snapshot_that_it_names(snapshot)

    def shows_the_figures_of_the_snapshot_that_it_names(self, snapshot: Snapshot) -> None:
        said = fund_text("angel", snapshot, language="en")
        assert snapshot.public_id in said
        assert snapshot.fingerprint[:16] in said
        with within(EVERYTHING):
            stored = queries.of_fund(snapshot, Fund.objects.get(code="angel"))
        assert len(stored.figures) == len(queries.OF_FUND)
        for (code, _, _), figure in stored.figures.items():
            assert figure.value is not None
            if code == "fund.irr":
                assert wording.percent(figure.value) in said
            elif code in ("fund.dpi", "fund.rvpi", "fund.tvpi"):
                assert f"{wording.number(figure.value, places=2)}×" in said
            elif code not in ("fund.called", "fund.firms"):
                number, unit = wording.headline(figure.value, language="en")
                assert f"{number}{unit}" in said, code

    def test_stays_what_it_was_when_more_is_recorded(self, worked: tuple[Ledger, str]) -> None:
        """A valuation of an earlier day and a deal that came to be known after the snapshot was taken."""
        desk, holding = worked
        snapshot = taken()
        before = fund_text("angel", snapshot)
        made(desk.value(holding, at="90000000.00", on="2026-06-30"))
        made(desk.invest("3000000.00", "2026-07-01", uscc=ELSEWHERE, firm_name="后来者"))
        assert fund_text("angel", snapshot) == before
        assert "后来者" in fund_text("angel", taken())

    def test_does_not_name_a_sub_fund_of_another_manager(self, api: Speak, cast: Cast) -> None:
        found_fund(api, code="sub", name="他人子基金", name_en="Foreign", tier="sub")
        desk = found_fund(api, code="mother", name="母基金", tier="mother")
        for kind in ("commitment", "call", "contribution"):
            made(desk.event(kind, "10000000.00", "2023-06-01", investor="市财政局"))
        made(desk.invest("4000000.00", "2023-07-01", sub_fund="sub"))
        with within(EVERYTHING):
            Fund.objects.filter(code="sub").update(manager=cast.organisation("industry-manager"))
        snapshot = taken()
        assert "他人子基金" in fund_text("mother", snapshot)
        manager = fund_text("mother", snapshot, scope=own(cast, "angel-manager"))
        assert "他人子基金" not in manager
        assert "另一管理人的子基金" in manager

    def test_without_any_entry_knows_its_plan_alone(self, api: Speak, cast: Cast) -> None:
        made(
            api("maker").post(
                "/funds",
                {"code": "bare", "name": "空基金", "name_en": "Bare", "tier": "industry", "manager": "angel-manager",
                 "planned_size": "20000000000.00", "established_on": "2026-01-01"},
            )
        )  # fmt: skip
        before = taken(Month(2026, 9))
        said = fund_text("bare", taken())
        assert "200.00亿元" in said
        assert said.count("未报送") == 9
        assert "0.00万元" not in said
        for words in ("尚无出资人现金流", "尚无出资人", "尚无登记的项目", "尚无在投项目", "尚无退出与核销"):
            assert words in said
        made(api("maker").post("/funds", {**FUND, "code": "later"}))
        assert fund_text("later", before).count("未报送") == 10, "it has no figures in an older snapshot"

    def test_says_why_there_is_no_rate_yet(self, api: Speak) -> None:
        desk = found_fund(api, established_on="2026-01-01")
        for kind in ("commitment", "call", "contribution"):
            made(desk.event(kind, "10000000.00", "2026-09-01", investor="市财政局"))
        assert "不足一年" in fund_text("angel", taken())

    def test_counts_deals_where_they_stood_at_the_end_of_the_month(self, worked: tuple[Ledger, str]) -> None:
        desk, _ = worked
        deal = {
            "fund": "angel", "uscc": FIRM, "firm_name": "甲", "title": "A 轮", "source": "roadshow",
            "instrument": "equity", "planned_amount": "1.00", "lead": "陈某", "effective_date": "2026-09-01",
        }  # fmt: skip
        first = made(desk.api.post("/deals", deal))["id"]
        made(desk.api.post("/deals", {**deal, "effective_date": "2026-11-02"}))
        made(desk.api.post(f"/deals/{first}/steps", {"stage": "screening", "effective_date": "2026-10-05"}))
        made(
            desk.api.post(f"/deals/{first}/steps", {"stage": "due_diligence", "effective_date": "2026-11-03"})
        )
        said = fund_text("angel", taken())
        assert "项目储备 1 个" in said
        assert "初筛1" in said
        assert "尽调0" in said


def many_holdings(cast: Cast) -> None:
    """Sixty stakes in firms with the longest names, of a fund and a manager with the longest names."""
    long = (RARE + "青桐市半导体材料与装备创新中心" * 20)[:200]
    now, day = timezone.now(), date(2024, 3, 1)
    house = cast.organisation("angel-manager")
    type(house).objects.filter(pk=house.pk).update(name=long)
    stamp = {"recorded_at": now, "recorded_by": cast["manager_angel"]}
    with within(EVERYTHING):
        fund = Fund.objects.create(
            code="x" * 40, name=long, name_en="W" * 200, tier="angel", manager=house,
            planned_size=Decimal("9999999999999999.99"), established_on=day, amac_code="W" * 20,
            ndrc_code="W" * 40, recorded_at=now - timedelta(days=1),
        )  # fmt: skip
        for kind in ("fiscal", "state", "social"):
            Investor.objects.create(fund=fund, name=f"{kind}{long}"[:200], capital=kind)
        FundTerms.objects.create(
            public_id=ids.new("ft"), fund=fund, valid_from=day, document=long, fee_base="net_assets",
            fee_rate_pct=Decimal("1.2345"), order="american", preferred_return_pct=Decimal("6.7891"),
            compounding="annually", catch_up_pct=Decimal("99.9999"), carried_interest_pct=Decimal("19.9999"),
            clawback=True, concession_pct=Decimal("50.5555"), firm_cap_pct=Decimal("10.1234"),
            firm_cap_base="invested", reinvestment_multiple=Decimal("1.2345"), reinvestment_base="commitment",
            investment_ends_on=date(2030, 1, 1), ends_on=date(2034, 1, 1), extension_years=32767, **stamp,
        )  # fmt: skip
        for n in range(60):
            firm = Firm.objects.create(
                uscc=uscc.complete(f"91330483MA9{n:06d}"), name=f"{n:02d}{long}"[:200], source="centre"
            )
            held = Holding.objects.create(public_id=ids.new("ho"), fund=fund, firm=firm)
            amount = Decimal("99999999999.99") - n
            HoldingEvent.objects.create(
                public_id=ids.new("he"), holding=held, kind="investment", cash=amount, cost=amount,
                effective_date=day, **stamp,
            )  # fmt: skip
            Valuation.objects.create(
                public_id=ids.new("va"), holding=held, fair_value=amount, method="discounted_cash_flow",
                effective_date=day, **stamp,
            )  # fmt: skip
            if n % 2:
                HoldingEvent.objects.create(
                    public_id=ids.new("he"), holding=held, kind="write_off", cash=0, cost=1, effective_date=day,
                    **stamp,
                )  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_sixty_holdings_and_the_longest_of_everything_stay_on_one_page(cast: Cast, language: str) -> None:
    many_holdings(cast)
    said = fund_text("x" * 40, taken(), language=language)
    assert ("W" * 50 if language == "en" else RARE) in said
    assert ("Not shown: " if language == "en" else "项未列示") in said


class TestAFirm:
    @pytest.fixture
    def city(self, worked: tuple[Ledger, str], api: Speak) -> Snapshot:
        """The angel fund's 20 million and a loan of bank A of 1000.00 less 300.00 in one firm."""
        rows = [disbursement(uscc=FIRM, firm_name="甲"), repayment(uscc=FIRM, firm_name="甲")]
        assert send(api("bank_a"), rows).state == "applied"
        return taken()

    def test_adds_up_all_public_money_and_says_who_gave_it_first(self, city: Snapshot) -> None:
        said = firm_text(FIRM, city)
        assert f"统一社会信用代码 {FIRM}" in said
        assert "公共资金敞口合计" in said
        assert "2,000.00万元" in said  # the bank's own 700 are no public money
        assert "直接股权占公共资金的 100.0%" in said
        assert "首笔天使投资\n2023-03-01\n青桐天使基金 2,000.00万元" in said
        assert "首笔专项贷款\n2026-10-05\nbank-a（测试） 0.10万元" in said
        assert "上市进程\n尚无" in said
        assert "bank-a（测试）10.07" in said
        with within(EVERYTHING):
            stored = queries.of_firm(city, Firm.objects.get(uscc=FIRM))
        assert stored.value("exposure.largest_public", "firm", FIRM) == Decimal("20000000")
        assert stored.value("exposure.largest_finance", "firm", FIRM) == Decimal("20000700")
        self.of_which_nothing_is_known_says_so(city)

    def of_which_nothing_is_known_says_so(self, city: Snapshot) -> None:
        bare = Firm.objects.create(uscc=ELSEWHERE, name="无事企业", source="centre")
        said = firm_text(bare.uscc, city)
        for words in (
            "没有公共资金敞口", "没有基金投资该企业", "没有投资与退出记录", "没有专项贷款余额", "没有在保与代偿",
            "尚未进入上市梯队", "没有市级基金经子基金持有", "未核实",
        ):  # fmt: skip
            assert words in said, words

    def test_has_the_total_of_the_page_and_of_the_api_to_the_cent(
        self, api: Speak, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The firm of docs/exposure.md: 6,620,800.00, part by part."""
        known(api, monkeypatch)
        snapshot = taken()
        with within(EVERYTHING):
            firm = Firm.objects.get(uscc=FIRM)
            desk = Desk("zh-hans", OCTOBER, queries.of_firm(snapshot, firm), {}, ())
            money = public_money.read(desk, firm)
            stored = queries.parts_of(queries.figures_of(snapshot), FIRM)
        at = snapshot.known_at.isoformat().replace("+", "%2B")
        asked = api("maker").get(f"/firms/{FIRM}/exposure?as_of=2026-10-31&known_at={at}").json()
        assert str(money.total) == asked["totals"]["public"]["cost"] == "6620800.00"
        assert {part: money.part(part) for part in Part} == stored == {
            Part.EQUITY: Decimal("3200000.00"), Part.THROUGH: Decimal("1500000.00"), Part.SHARED: Decimal("1200000.00"),
            Part.COVERS: Decimal("319999.99"), Part.COMPENSATION: Decimal("400800.01"),
        }  # fmt: skip
        said = firm_text(FIRM, snapshot)
        for amount in ("662.08万元", "320.00万元", "150.00万元", "120.00万元", "32.00万元", "40.08万元"):
            assert amount in said, amount

    def test_counts_what_was_last_known_of_a_bank_that_has_not_reported_and_names_it(
        self, worked: tuple[Ledger, str], api: Speak, cast: Cast
    ) -> None:
        rows = [disbursement(uscc=FIRM, firm_name="甲", value_date="2026-09-05")]
        bank = cast.organisation("bank-b")
        type(bank).objects.filter(pk=bank.pk).update(reports_since=date(2026, 9, 1))
        assert send(api("bank_b"), rows, period="2026-09").state == "applied"
        said = firm_text(FIRM, taken())
        assert "bank-b（测试）10.10（未报送）" in said
        assert "当月未报送、余额为最近所知：bank-b（测试）" in said
        assert "2,000.00万元" in said

    def test_shows_a_manager_its_own_funds_part_and_says_so(
        self, city: Snapshot, api: Speak, cast: Cast
    ) -> None:
        other = found_fund(api, code="industry", name="产业基金", tier="industry", manager="industry-manager")
        for kind in ("commitment", "call", "contribution"):
            made(other.event(kind, "90000000.00", "2022-06-01", investor="市财政局"))
        made(other.invest("60000000.00", "2023-01-01"))
        snapshot = taken()
        everything = firm_text(FIRM, snapshot)
        assert "产业基金" in everything
        said = firm_text(FIRM, snapshot, scope=own(cast, "angel-manager"))
        for foreign in ("产业基金", "bank-a", "0.07", "8,000", "敞口", "专项贷款（", "首笔专项贷款"):
            assert foreign not in said, foreign
        assert "青桐天使基金 2,000.00万元" in said
        assert "本表只含本机构所管基金" in said
        assert "不表示没有" in said

    def test_shows_entries_without_what_was_taken_back(self, worked: tuple[Ledger, str]) -> None:
        desk, _ = worked
        wrong = made(desk.invest("1230000.00", "2024-01-01"))["id"]
        made(desk.reverse_deal(wrong, "2024-01-02"))
        said = firm_text(FIRM, taken())
        assert "123.00" not in said
        assert "投资与退出 1 笔" in said
