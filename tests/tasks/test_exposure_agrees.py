"""One firm asked for by itself is what the month's frames have of it, line by line and to the cent; so is a group."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import ControlGroup, Firm
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from loans import queries as loans
from loans.operations.terms import record_subsidy_scheme
from tasks import frames
from tasks.catalogue.exposure import city, facts_of, terms_of
from tasks.exposure import reading
from tasks.exposure.assembly import Exposures, assemble
from tasks.exposure.assumed import assumed
from tasks.exposure.lines import Code
from tasks.exposure.paths import BASES
from tasks.risk.parameters import Parameters
from tasks.risk.portfolio import build
from tasks.risk.shocks import Shock
from tests.cast import NOW, Api, Cast
from tests.funds.conftest import CITY, FIRM, OTHER_FIRM, found_fund, made
from tests.loans.bank import disbursement, send
from tests.loans.covered import agree_on_pool, cover, loss
from tests.tasks.exposing import hold, known, paid

Speak = Callable[[str], Api]
OCTOBER = Month(2026, 10)
THIRD = "91330483MA2CU2609U"


@pytest.fixture
def varied(api: Speak, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The firm of the paper, one behind a pool with an insurer in the same group, and one held by a sub-fund's fund."""
    scene = known(api, monkeypatch)
    record_subsidy_scheme(
        products=["rd"], rate_pct=2, share_pct=100, firm_year_cap=None, document="贴息办法",
        valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1), by=cast["maker"], now=NOW,
    )  # fmt: skip
    below = found_fund(api, code="sub-b", tier="sub")
    made(
        below.api.post("/funds/sub-b/investors", {"name": "子基金甲", "capital": "social", "holder": "sub-a"})
    )
    paid(below, "子基金甲", committed="700.00", amount="333.33")
    paid(below, CITY, committed="800.00", amount="666.68")
    hold(below, "500.01", worth="777.77", uscc=THIRD)
    hold(scene.mother, "100000.01", worth="99999.99", uscc=OTHER_FIRM)
    agree_on_pool(api)
    insurer, firm = api("insurer_a"), {"uscc": OTHER_FIRM, "firm_name": "乙"}
    lost = cover(insurer, "BD-1", principal="300000.00", agreement="ip-pool", **firm)
    made(insurer.post(f"{lost}/claims", loss("100000.01")))
    cover(insurer, "BD-2", principal="400000.00", agreement="ip-pool", contract_no="HT-2", **firm)
    cover(api("guarantor_a"), "DB-3", principal="90000.00", contract_no="HT-2", **firm)
    lent = disbursement(
        "E-5", "450000.00", interest_subsidy_pct="1.0000", contract_no="HT-2", drawdown_no="JJ-2", **firm
    )
    assert send(api("bank_b"), [lent]).result["accepted"] == 1
    group = ControlGroup.objects.create(name="示例集团")
    Firm.objects.filter(uscc__in=[FIRM, OTHER_FIRM]).update(control_group=group)


@pytest.mark.usefixtures("varied")
def test_every_firm_every_line_on_every_basis_and_the_group() -> None:
    now = timezone.now()
    with within(EVERYTHING):
        read = frames.read(OCTOBER, known_at=now)
        terms, firms = terms_of(read), Firm.objects.in_bulk()
        for basis in BASES:
            facts = facts_of(read, basis=basis)
            found = Exposures(facts, terms, unit=lambda firm: firm)
            assert len(found.units) == 3
            for pk in found.units:
                alone = reading.read([firms[pk]], as_of=OCTOBER.end, known_at=now, basis=basis)
                assert alone.exposure == found.of(pk) == assemble(facts.of({pk}), terms), (
                    firms[pk].uscc,
                    basis,
                )
        (group,) = ControlGroup.objects.all()
        members = reading.group(str(group.pk))
        whole = reading.read(members.firms, as_of=OCTOBER.end, known_at=now).exposure
        assert whole == city(read).groups.of(group.pk)
        assert city(read).groups.units == [group.pk]
        assert {firms[pk].uscc for pk in city(read).firms.units} == {FIRM, OTHER_FIRM, THIRD}
        something_stands_in_every_line(read)
        what_a_failure_costs_is_the_same_in_the_joint_loss(read, now)
        claims_are_those_of_the_guarantees(read, now)


def something_stands_in_every_line(read: frames.Frames) -> None:
    found = city(read).firms
    for code in Code:
        assert found.public[code].total.cost + found.finance[code].total.cost, code


def what_a_failure_costs_is_the_same_in_the_joint_loss(read: frames.Frames, now: datetime) -> None:
    """But for the half fen that each stake, loan, guarantee and claim is rounded by."""
    held = assumed(as_of=OCTOBER.end, known_at=now)
    assert held is not None
    assert [row.type for row in read.pledged] == ["patent"]
    joint = build(read, by=Parameters.of(held.parameters.all()), shock=Shock())
    losses = dict(zip(joint.firms, joint.total, strict=True))
    found = city(read).firms
    assert set(losses) == set(found.units)
    for firm, cost in losses.items():
        assert cost == pytest.approx(found.of(firm).finance.loss, abs=4), firm


def claims_are_those_of_the_guarantees(read: frames.Frames, now: datetime) -> None:
    """Two roads to what was compensated and not recovered: the parties' parts, and the events."""
    by_event = sum(row.claim for row in loans.guarantee_frame(OCTOBER.end, now))
    assert by_event == city(read).firms.finance[Code.COMPENSATION].total.cost > 0


@pytest.mark.usefixtures("varied")
def test_the_number_of_queries_does_not_grow_with_the_records(api: Speak) -> None:
    firm, now = Firm.objects.get(uscc=OTHER_FIRM), timezone.now()

    def asked() -> int:
        with within(EVERYTHING), CaptureQueriesContext(connection) as seen:
            reading.read([firm], as_of=OCTOBER.end, known_at=now, basis="nav")
        return len(seen)

    before = asked()
    for number in range(4):
        cover(api("guarantor_a"), f"DB-9{number}", principal="1000.00", uscc=OTHER_FIRM, firm_name="乙")
        row: dict[str, Any] = {
            "contract_no": f"HT-9{number}",
            "drawdown_no": "J",
            "uscc": OTHER_FIRM,
            "firm_name": "乙",
        }
        assert send(api("bank_a"), [disbursement(f"E-9{number}", "10.00", **row)]).state == "applied"
    now = timezone.now()
    assert asked() == before <= 20
