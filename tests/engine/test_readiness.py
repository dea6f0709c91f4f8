"""Listing standards against firms made by hand: what they meet, fail, and lack figures for."""

from datetime import date
from decimal import Decimal
from typing import Any

from listings import standards
from tasks.engine.readiness import (
    AllOf,
    Assessment,
    Financials,
    Gap,
    Kind,
    Limb,
    MarketCap,
    Missing,
    Standard,
    Verdict,
    Year,
    assess,
    nearest,
    read,
)  # fmt: skip

D = Decimal
M = 1_000_000
PUBLISHED = [read(row) for row in standards.published()]
MEETS, FAILS, UNKNOWN = Verdict


def firm(*years: Year, cap: int | None = None, **facts: Any) -> Financials:
    worth = None if cap is None else MarketCap(D(cap), date(2022, 1, 10), "round B, post-money")
    return Financials(years, worth, facts)


def year(number: int, *, profit: Any = None, **figures: Any) -> Year:
    both = {"net_profit": profit, "net_profit_less_non_recurring": profit} | figures
    return Year(
        year=number,
        **{
            name: D(value) if value is not None and name not in COUNTS else value
            for name, value in both.items()
        },
    )


COUNTS = ("staff", "rd_staff", "invention_patents", "unqualified_opinion")


def said(financials: Financials, *codes: str, on: date = date(2026, 7, 1), **more: Any) -> list[Assessment]:
    found = {each.standard: each for each in assess(financials, standards=PUBLISHED, as_of=on, **more)}
    return [found[code] for code in codes]


def verdicts(financials: Financials, *codes: str, on: date = date(2026, 7, 1)) -> list[Verdict]:
    return [each.verdict for each in said(financials, *codes, on=on)]


def test_a_star_firm_by_hand() -> None:
    """2 bn; profit 20 + 29 m before, 30 m of subsidies; revenue 120 + 160 + 210 m, R&D 20 + 25 + 28.5 m = 15 %."""
    found = said(
        firm(
            year(2023, revenue=120 * M, rd=20 * M),
            year(2024, profit=20 * M, revenue=160 * M, rd=25 * M),
            year(2025, profit=59 * M, net_profit_less_non_recurring=29 * M,
                 revenue=210 * M, rd="28500000", operating_cash_flow=-M),
            cap=2000 * M,
        ),
        "STAR-1", "STAR-2", "STAR-3", "STAR-4", "STAR-5",
    )  # fmt: skip
    # 49 m of profit in two years is too little; 29 m in the last with 210 m of revenue is enough.
    assert [each.verdict for each in found] == [MEETS, MEETS, FAILS, FAILS, FAILS]
    assert found[2].failing == (Gap("revenue_last", ">=", D(300 * M), D(210 * M), D(90 * M), False),)
    # The gap alone decides; what is missing besides stands in the way to it.
    assert (found[2].missing, found[2].way.undecided) == ((), 1)
    assert found[2].way.missing == (
        Missing("operating_cash_flow", 2024),
        Missing("operating_cash_flow", 2023),
    )
    assert [gap.distance for gap in found[3].failing] == [D(1000 * M), D(90 * M)]
    assert found[4].way.missing == (Missing("staged_results_with_large_market"),)


def test_one_fen_of_research_decides() -> None:
    """120 + 160 + 210 = 490 m of revenue ask for 73.5 m of R&D."""
    before = year(2023, revenue=120 * M, rd=20 * M), year(2024, revenue=160 * M, rd=25 * M)
    exact, less = (
        firm(*before, year(2025, revenue=210 * M, rd=rd), cap=1500 * M) for rd in ("28500000", "28499999.99")
    )
    assert verdicts(exact, "STAR-2") == [MEETS]
    (gap,) = said(less, "STAR-2")[0].failing
    assert gap == Gap("rd_sum_3y_over_revenue_sum_3y", ">=", D("0.15"), D("0.149999"), D("0.000001"), False)


PROFITABLE = firm(year(2020, profit=20 * M), year(2021, profit=30 * M, revenue=100 * M), cap=1000 * M)


def test_the_rule_in_force_on_the_day_decides() -> None:
    """50 m of profit in two years and a value of 1 bn: enough for ChiNext until 2024-04-29, and no more then."""
    assert verdicts(PROFITABLE, "CX-1", "CX-2", on=date(2022, 6, 1)) == [MEETS, MEETS]
    later = Financials(
        (year(2022, profit=20 * M), year(2023, profit=30 * M, revenue=100 * M)), PROFITABLE.market_cap
    )
    assert verdicts(later, "CX-1", "CX-2", on=date(2024, 4, 29)) == [MEETS, MEETS]
    first, second = said(later, "CX-1", "CX-2", on=date(2024, 4, 30))
    assert [(gap.metric, gap.distance) for gap in first.failing] == [
        ("net_profit_sum_2y", D(50 * M)), ("net_profit_last", D(30 * M)),
    ]  # fmt: skip
    assert [(gap.metric, gap.distance) for gap in second.failing] == [
        ("expected_market_cap", D(500 * M)), ("revenue_last", D(300 * M)),
    ]  # fmt: skip


def test_a_standard_that_is_not_in_force_says_nothing() -> None:
    def of(*day: int) -> list[str]:
        return [each.standard for each in assess(firm(), standards=PUBLISHED, as_of=date(*day))]

    assert of(2019, 2, 28) == []
    assert of(2019, 3, 1) == [*(f"STAR-{n}" for n in range(1, 6)), "STAR-WVR", "STAR-STRUCTURE"]
    assert set(of(2026, 4, 24)) - set(of(2026, 4, 23)) == {"CX-4"}


def test_the_lower_profit_counts_and_one_loss_is_enough_to_fail() -> None:
    loss = firm(year(2024), year(2025, profit=90 * M, net_profit_less_non_recurring=-1))
    (found,) = said(loss, "CX-1")
    assert found.failing[0] == Gap("net_profit_each_of_2y", ">", D(0), D(-1), D(1), True)
    # A profit before non-recurring items alone decides nothing: what is left of it may be anything.
    (found,) = said(firm(year(2024, profit=90 * M), Year(year=2025, net_profit=D(90 * M))), "CX-1")
    assert (found.verdict, found.missing) == (UNKNOWN, (Missing("net_profit_less_non_recurring", 2025),))
    # Unless it is too little by itself.
    (found,) = said(firm(year(2024, profit=90 * M), Year(year=2025, net_profit=D(59 * M))), "CX-1")
    assert [(gap.metric, gap.had, gap.at_most) for gap in found.failing] == [
        ("net_profit_last", D(59 * M), True)
    ]


def test_no_profit_is_not_above_zero() -> None:
    (found,) = said(firm(year(2025, profit=0, revenue=1000 * M), cap=10_000 * M), "MB-3")
    assert found.failing == (Gap("net_profit_last", ">", D(0), D("0.00"), D("0.00"), False),)


GROWN = firm(
    year(2023, revenue=200 * M, rd=30 * M),
    year(2024, revenue=250 * M),
    year(2025, revenue=338 * M),
    cap=3000 * M,
)


def test_a_compound_rate_has_two_intervals_or_as_many_as_asked() -> None:
    """338 / 200 = 1.69 = 1.3²: just 30 % a year. Over three intervals the year before is needed."""
    assert verdicts(GROWN, "CX-4") == [MEETS]
    (three,) = said(GROWN, "CX-4", cagr_intervals=3)
    assert (three.verdict, three.missing) == (UNKNOWN, (Missing("revenue", 2022),))
    before = Financials((*GROWN.years, year(2022, revenue=150 * M)), GROWN.market_cap)
    (three,) = said(before, "CX-4", cagr_intervals=3)  # (338 / 150)^(1/3) = 1.31100…
    assert three.verdict is MEETS
    slower = Financials((*GROWN.years[:2], year(2025, revenue="337999999.99")), GROWN.market_cap)
    (gap,) = said(slower, "CX-4")[0].failing
    assert (gap.metric, gap.had, gap.distance) == ("revenue_cagr_3y", D("0.299999"), D("0.000001"))


def test_without_revenue_there_is_no_share_of_it() -> None:
    (found,) = said(
        firm(*(year(number, revenue=0, rd=60 * M) for number in (2024, 2025)), cap=1000 * M), "BSE-3"
    )
    assert [gap.metric for gap in found.failing] == ["revenue_last"]
    assert found.way.missing == (Missing("revenue", 2025, "no-denominator"),)


def test_years_that_have_not_ended_and_later_estimates_do_not_count() -> None:
    known = firm(year(2021, profit=30 * M, revenue=100 * M), year(2022, profit=-M, revenue=0), cap=1000 * M)
    assert verdicts(known, "CX-2", on=date(2022, 6, 1)) == [MEETS]
    (found,) = said(known, "CX-2", on=date(2022, 1, 9))
    assert (found.verdict, found.missing) == (UNKNOWN, (Missing("expected_market_cap"),))


def test_a_year_may_be_late_until_the_end_of_june() -> None:
    old = firm(year(2020, profit=30 * M, revenue=100 * M), cap=1000 * M)
    assert verdicts(old, "CX-2", on=date(2022, 6, 30)) == [MEETS]
    (found,) = said(old, "CX-2", on=date(2022, 7, 1))
    assert found.missing == tuple(
        Missing(name, 2021) for name in ("net_profit", "net_profit_less_non_recurring", "revenue")
    )


ATTRIBUTES = {"rd_staff": 10, "staff": 100, "invention_patents": 7}
STAR_FIRM = (
    year(2023, revenue=100 * M, rd=5 * M), year(2024, revenue=125 * M, rd=6 * M),
    year(2025, revenue="156250000", rd="8062500", **ATTRIBUTES),
)  # fmt: skip


def test_the_attributes_of_a_star_firm() -> None:
    """R&D 19.0625 of 381.25 m is just 5 %; 156.25 / 100 = 1.25²; one tenth of the staff; seven patents."""
    plain = {"software": False, "technology_recognised_by_state": False, "state_science_award": False}
    plain |= {"state_major_project": False, "import_substitution": False}
    code = "STAR-ATTRIBUTES"
    assert verdicts(firm(*STAR_FIRM, **plain), code) == [MEETS]
    few = (
        *STAR_FIRM[:2],
        year(2025, revenue="156250000", rd="8062500", **ATTRIBUTES | {"invention_patents": 6}),
    )
    (found,) = said(firm(*few, **plain), code)
    assert found.failing[0] == Gap("invention_patents_main_business", ">=", D(7), D(6), D(1), False)
    assert verdicts(firm(*few, **plain | {"import_substitution": True}), code) == [MEETS]
    # Software needs no patents and twice the R&D; whether 80 m of R&D would help it, a person has to say.
    (found,) = said(firm(*few, **plain | {"software": True, "software_may_count_rd_amount": False}), code)
    assert found.verdict is FAILS
    (found,) = said(firm(*few), code)
    assert (found.verdict, Missing("software") in found.missing) == (UNKNOWN, True)


def test_the_attributes_before() -> None:
    """Until 2024-04-29 five patents and 20 % were enough; the share of staff was asked for from 2021-04-16."""
    years = (
        year(2018, revenue=100 * M, rd=20 * M), year(2019, revenue=100 * M, rd=20 * M),
        year(2020, revenue=144 * M, rd=20 * M, invention_patents=5, rd_staff=9, staff=100),
    )  # fmt: skip
    facts = dict.fromkeys(("software", "applies_under_star_5", "technology_recognised_by_state"), False)
    facts |= dict.fromkeys(("state_science_award", "state_major_project", "import_substitution"), False)
    known = firm(*years, **facts)
    assert verdicts(known, "STAR-ATTRIBUTES", on=date(2021, 4, 15)) == [MEETS]
    (found,) = said(known, "STAR-ATTRIBUTES", on=date(2021, 4, 16))
    assert (found.verdict, [gap.metric for gap in found.failing]) == (FAILS, ["rd_staff_share"])


def test_structure_and_conditions() -> None:
    float_of_a_tenth = firm(share_capital_after_issue=D(400 * M), public_float_share=D("0.1"))
    assert verdicts(float_of_a_tenth, "MB-STRUCTURE") == [FAILS]  # above 400 m, not at it
    larger = firm(share_capital_after_issue=D(400 * M) + D("0.01"), public_float_share=D("0.1"))
    assert verdicts(larger, "MB-STRUCTURE", "CX-STRUCTURE", "BSE-STRUCTURE") == [MEETS, MEETS, UNKNOWN]
    opinions = [year(number, unqualified_opinion=True) for number in (2023, 2024, 2025)]
    known = firm(*opinions, years_in_operation=3, controller_unchanged_years=2)
    assert verdicts(known, "STAR-PRECONDITIONS", "MB-PRECONDITIONS") == [MEETS, FAILS]
    qualified = firm(
        year(2024, unqualified_opinion=False), years_in_operation=3, controller_unchanged_years=2
    )
    (found,) = said(qualified, "STAR-PRECONDITIONS")
    assert found.failing == (Gap("unqualified_opinion_each_of_3y", "=", True, False, None, True),)


def test_a_no_that_is_asked_for_waits_for_every_year() -> None:
    limb = Limb("unqualified_opinion_each_of_3y", "=", False)
    asked = [Standard("A", "star", Kind.STRUCTURAL, limb, date(2020, 1, 1))]
    known = firm(*(year(number, unqualified_opinion=True) for number in (2024, 2025)))
    (found,) = assess(known, standards=asked, as_of=date(2026, 7, 1))
    assert (found.verdict, found.missing) == (UNKNOWN, (Missing("unqualified_opinion", 2023),))


def test_the_nearest_standard_lacks_least() -> None:
    """One limb open is nearer than two, a smaller part of it is nearer than a larger one, the first of equals."""
    # STAR-1 lacks 100 m of 1 bn; STAR-2 half its value and half its revenue.
    small = firm(
        *(year(number, profit=30 * M, revenue=100 * M, rd=30 * M) for number in (2023, 2024, 2025)),
        cap=900 * M,
    )
    found = nearest(said(small, "STAR-4", "STAR-2", "STAR-1"))
    assert found is not None
    assert (found.standard, [gap.distance for gap in found.failing]) == ("STAR-1", [D(100 * M)])
    limbs = [Limb("revenue_last", ">=", D(value)) for value in (250 * M, 200 * M, 200 * M)]
    made = [
        Standard(code, "star", Kind.FINANCIAL, limb, date(2020, 1, 1))
        for code, limb in zip("abc", limbs, strict=True)
    ]
    found = nearest(assess(small, standards=made, as_of=date(2026, 7, 1)))
    assert found is not None
    assert found.standard == "b"
    # Two open gaps are further than one figure to find out.
    asked = (AllOf((limbs[0], limbs[1])), Limb("net_assets", ">=", D(1)))
    made = [
        Standard(code, "star", Kind.FINANCIAL, each, date(2020, 1, 1))
        for code, each in zip("ab", asked, strict=True)
    ]
    found = nearest(assess(small, standards=made, as_of=date(2026, 7, 1)))
    assert found is not None
    assert (found.standard, found.failing, found.way.missing) == ("b", (), (Missing("net_assets"),))
    assert nearest(said(GROWN, "CX-3", "CX-4")) == said(GROWN, "CX-4")[0]
    assert nearest([]) is None
