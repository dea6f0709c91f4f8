"""A small city as the command loads it: it holds what the plan promises and no impossible state."""

from __future__ import annotations

import html
import json
import re
import stat
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from finance_hub.demo import calendar, issues
from finance_hub.demo.people import DEMO_PEOPLE, KEY_HOLDERS
from finance_hub.kernel import keys, login, uscc
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import ApiKey, AuditEntry, Firm, Job, MonthState, Organisation, Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import SelfApproval
from finance_hub.kernel.scoping import within
from funds.models import Deal, Fund
from funds.queries import pipeline as deals
from listings import queries as listings
from loans.models import LoanReportBatch, RowOutcome
from tasks import entered, frames, invariants, publication, queries
from tasks.briefing import editions, points, tree
from tasks.briefing.content.bank_tables import ByBank
from tasks.briefing.content.guarantor_tables import ByGuarantor
from tasks.briefing.content.reading import desk_of
from tasks.briefing.origin import SET, Ref, Rule, plain
from tasks.catalogue import exposure
from tasks.exposure import reading as exposures
from tasks.exposure.assembly import Exposures
from tasks.exposure.paths import BASES
from tasks.models import Briefing, Figure, LossResult, Snapshot, Target, TargetReport, ToleranceRule
from tasks.publication import reading
from tasks.risk import entered as scenarios_of
from tasks.risk import runs
from tests.briefing import walk
from tests.database import wipe
from tests.demo.conftest import SMALL, Terminal, seed
from tests.demo.holds import HOLDS
from tests.tasks import issuing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(empty: None, room: Path) -> Iterator[str]:
    """What the command printed."""
    from django.conf import settings

    settings.BASE_DIR, settings.VAR_DIR = room, room / "var" / "city"
    settings.FILES_DIR = settings.VAR_DIR / "files"
    yield seed(inline=True)
    wipe()


@pytest.fixture(autouse=True)
def _everything(city: str) -> Iterator[None]:
    with within(EVERYTHING):
        yield


def _rows(query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


class TestPublicMoney:
    def test_of_every_firm_and_group_by_itself_is_that_of_the_months_frames(self) -> None:
        """The last month with every line, basis by basis, to the cent."""
        now = timezone.now()
        read = frames.read(calendar.LAST, known_at=now)
        terms, firms = exposure.terms_of(read), Firm.objects.in_bulk()
        for basis in BASES:
            found = Exposures(exposure.facts_of(read, basis=basis), terms, unit=lambda firm: firm)
            assert len(found.units) > 20
            for pk in found.units:
                alone = exposures.read([firms[pk]], as_of=calendar.LAST.end, known_at=now, basis=basis)
                assert alone.exposure == found.of(pk), (firms[pk].uscc, basis)
        groups = exposure.city(read).groups
        for pk in groups.units:
            members = exposures.group(str(pk)).firms
            assert exposures.read(members, as_of=calendar.LAST.end, known_at=now).exposure == groups.of(pk)

    def test_is_limited_and_each_limit_is_measured(self) -> None:
        limits = frames.read(calendar.LAST, known_at=timezone.now()).concentration_limits
        assert len(limits) == 4
        snapshot = Snapshot.objects.filter(month=calendar.LAST.first).latest("pk")
        measured = Figure.objects.filter(snapshot=snapshot, scope="limit", code__endswith="_value")
        assert set(measured.values_list("key", flat=True)) == {one.public_id for one in limits}


class TestWhatItHolds:
    def test_the_funds_of_the_plan_and_their_sub_funds(self) -> None:
        sizes = dict(Fund.objects.exclude(tier="sub").values_list("tier", "planned_size"))
        assert sizes == {"angel": Decimal(10**8), "mother": Decimal(10**9), "industry": Decimal(2 * 10**10)}
        assert Fund.objects.filter(tier="sub").count() == 4

    def test_every_fund_has_a_benchmark_with_levels_and_a_forecast(self) -> None:
        when = {"as_of": calendar.LAST.end, "known_at": calendar.TODAY}
        for fund in Fund.objects.all():
            index = entered.benchmark(fund, **when)
            assert index is not None
            level = entered.levels_on(index, days=[calendar.LAST.last], known_at=calendar.TODAY)[
                calendar.LAST.last
            ]
            assert level is not None
            assert (calendar.LAST.last - level.of).days <= 3
            assumed = entered.assumed(fund, **when)
            assert assumed is not None
            assert len(assumed.scenarios.all()) == 3

    def test_firms_with_valid_codes_of_the_city_and_none_twice(self) -> None:
        codes = list(Firm.objects.values_list("uscc", flat=True))
        assert SMALL["firms"] * 0.8 < len(codes) <= SMALL["firms"]
        assert {uscc.check(code) for code in codes} == {None}
        assert {code[2:8] for code in codes} == {"330483"}

    def test_as_many_drawdowns_as_were_asked_for(self) -> None:
        assert _rows("SELECT count(*) FROM loans_drawdown") == [(SMALL["loans"],)]

    def test_two_firms_have_been_listed_and_the_funds_hold_them(self) -> None:
        listed = listings.listed_frame(calendar.LAST.end, calendar.TODAY)
        assert [(row.board, row.entered_on.isoformat()) for row in listed] == [
            ("star", "2025-08-20"), ("chinext", "2026-06-18"),
        ]  # fmt: skip
        held = _rows("SELECT DISTINCT firm_id FROM funds_holding WHERE firm_id IS NOT NULL")
        assert {row.firm_id for row in listed} <= {firm for (firm,) in held}

    def test_deals_that_are_paid_open_and_given_up(self) -> None:
        angel = Fund.objects.get(tier="angel")
        standings = set(deals.deals().values_list("standing", flat=True))
        assert {"met", "held", "declined"} <= standings
        assert sum(rung.deals for rung in deals.board(angel)) == Deal.objects.filter(fund=angel).count() > 5

    def test_attempts_that_were_withdrawn_and_suspended(self) -> None:
        stages = {row.stage for row in listings.pipeline_frame(calendar.LAST.end, calendar.TODAY)}
        assert {"withdrawn", "suspended", "cultivation", "inquiry"} <= stages

    def test_tolerance_rules_that_two_people_made(self) -> None:
        rules = ToleranceRule.objects.filter(scope="fund").select_related(
            "fund", "proposed_by", "approved_by"
        )
        rules = rules.order_by("valid_from")
        assert [(r.fund.tier, r.proposed_by.username, r.approved_by.username) for r in rules] == [  # type: ignore[union-attr]
            ("angel", "maker", "approver"), ("industry", "maker", "approver"),
        ]  # fmt: skip

    def test_about_half_of_the_targets_reported_and_none_that_is_computed(self) -> None:
        reported = TargetReport.objects.values_list("target_id", flat=True).distinct()
        assert 20 <= len(reported) <= 30
        assert not any(code.startswith("S3-8") for code in reported)

    @pytest.mark.parametrize("name", HOLDS)
    def test_it_holds_that(self, name: str) -> None:
        assert _rows(HOLDS[name]) == []

    def test_every_invariant_of_the_product_holds(self) -> None:
        assert [(f.name, f.offenders) for f in invariants.check() if not f.holds] == []


class TestWhatIsNotInOrder:
    def test_stock_and_flow_differ_only_where_it_is_planned(self) -> None:
        differences = _rows("""
            WITH flow AS (
              SELECT b.code, p.period, sum(e.effect) AS balance
                FROM (SELECT DISTINCT bank_id, period FROM loans_loanreportbatch WHERE dataset = 'stock') p
                JOIN kernel_organisation b ON b.id = p.bank_id
                JOIN loans_loanevent e ON e.bank_id = p.bank_id AND e.value_date < p.period + interval '1 month'
               WHERE NOT EXISTS (SELECT FROM loans_loanevent n WHERE n.bank_id = e.bank_id
                      AND n.external_event_id = e.external_event_id AND n.revision > e.revision)
               GROUP BY 1, 2),
            stock AS (
              SELECT b.code, p.month AS period, sum(p.balance) AS balance
                FROM loans_loanposition p JOIN kernel_organisation b ON b.id = p.bank_id GROUP BY 1, 2)
            SELECT code, period::text, coalesce(stock.balance, 0) - flow.balance
              FROM flow LEFT JOIN stock USING (code, period)
             WHERE coalesce(stock.balance, 0) <> flow.balance""")
        assert differences == [("bank-shuishan", "2026-10-01", Decimal("-50000.00"))]

    def test_the_smallest_bank_has_not_sent_its_last_stock(self) -> None:
        draft = Briefing.objects.get(state="draft")
        silent = draft.snapshot.not_reported
        assert [(s["code"], s["dataset"]) for s in silent] == [("bank-cansang", "stock")]
        quiet = Snapshot.objects.exclude(pk=draft.snapshot_id).values_list("not_reported", flat=True)
        assert all(said == [] for said in quiet)

    def test_two_rows_of_the_second_bank_were_rejected(self) -> None:
        rejected = RowOutcome.objects.filter(outcome="rejected").select_related("bank")
        found = {(row.bank.code, row.errors[0]["code"]) for row in rejected}
        assert found == {("bank-wutong", "uscc-check-character"), ("bank-wutong", "contract-unknown")}

    def test_every_bank_has_sent_every_other_report(self) -> None:
        sent = LoanReportBatch.objects.values_list("bank__code", "period", "dataset").distinct()
        assert len(sent) == 6 * 24 * 2 - 1


class TestMonths:
    def test_all_but_the_last_are_closed(self) -> None:
        closed = MonthState.objects.order_by("month").values_list("month", flat=True)
        assert list(closed) == [month.first for month in calendar.closed()]

    def test_their_issues_are_published_with_numbers_without_gaps(self) -> None:
        published = Briefing.objects.filter(state="published").order_by("month")
        assert [b.month for b in published] == [month.first for month in calendar.closed()]
        assert [b.total_no for b in published] == list(range(1, 24))
        assert [b.issue_no for b in published] == [1, 2, *range(1, 13), *range(1, 10)]

    def test_the_open_month_has_a_draft_that_the_approver_can_approve(self) -> None:
        draft = Briefing.objects.get(state="draft")
        assert (draft.month, draft.drafted_by and draft.drafted_by.username) == (calendar.LAST.first, "maker")
        with pytest.raises(SelfApproval):
            publication.approve(draft.public_id, by=Person.objects.get(username="maker"), now=timezone.now())
        approver = Person.objects.get(username="approver")
        with pytest.raises(publication.NotReviewed):
            publication.approve(draft.public_id, by=approver, now=timezone.now())
        with pytest.raises(publication.ReasonsMissing) as missing:
            publication.review(draft.public_id, by=approver, now=timezone.now())
        names = [error.pointer.removeprefix("#/reasons/") for error in missing.value.errors]
        # In so small a city a guarantor has nothing to tell of the month.
        assert names == ["month-open", "not-reported|bank-cansang", "not-reported|guarantor-tongzhou"]
        reasons = [(name, "已约定补报") for name in names]
        maker = Person.objects.get(username="maker")
        job = publication.request_edit(draft.public_id, reasons=reasons, by=maker, now=timezone.now())
        edited = issuing.worked(job)
        publication.review(edited.public_id, by=approver, now=timezone.now())
        approved = publication.approve(edited.public_id, by=approver, now=timezone.now())
        assert (approved.issue_no, approved.total_no) == (10, 24)

    def test_the_points_of_every_edition_may_stay_as_they_stand(self) -> None:
        targets = [target.value for target in queries.targets()]
        for briefing in Briefing.objects.all():
            issues = {language: reading.tree_of(briefing, language) for language in points.LANGUAGES}
            known = {language: issue for language, issue in issues.items() if issue is not None}
            typed = {language: points.texts(issue) for language, issue in known.items()}
            kept = points.tied(typed, known, targets=targets)
            again = {language: [plain(point) for point in tree.revived(kept[language])] for language in known}
            assert again == typed

    def test_no_job_is_left(self) -> None:
        assert set(Job.objects.values_list("state", flat=True)) == {"succeeded"}

    def test_the_trail_of_the_acts_is_in_the_order_of_their_time(self) -> None:
        firms = AuditEntry.objects.filter(action__regex=r"^(firm|fund|holding|listing|guarantee)\.").order_by(
            "seq"
        )
        times = list(firms.values_list("at", flat=True))
        assert len(times) > 500
        assert times == sorted(times)


class TestLogins:
    @pytest.fixture
    def issued(self, room: Path) -> Any:
        return json.loads((room / "var" / "demo-credentials.json").read_text("utf-8"))

    def test_the_file_has_the_agreed_shape_and_is_private(self, issued: Any, room: Path) -> None:
        assert set(issued) == {"users", "api_keys"}
        assert list(issued["users"]) == list(DEMO_PEOPLE)
        assert all(set(login) == {"username", "password"} for login in issued["users"].values())
        assert list(issued["api_keys"]) == list(KEY_HOLDERS)
        mode = (room / "var" / "demo-credentials.json").stat().st_mode
        assert stat.S_IMODE(mode) == 0o600

    def test_a_password_opens_its_account_and_not_another(self, issued: Any) -> None:
        now, password = timezone.now(), issued["users"]["auditor"]["password"]
        found = login.check("auditor", password, code="", address="192.0.2.1", now=now)
        assert found.role == "auditor"
        with pytest.raises(login.WrongLogin):
            login.check("approver", password, code="", address="192.0.2.2", now=now)

    def test_every_key_acts_for_its_owner_for_a_year(self, issued: Any) -> None:
        now = timezone.now()
        for name, token in issued["api_keys"].items():
            assert token.startswith("fsk_test_")
            key = keys.authenticate(token, now=now, live=False)
            assert key.person.username == name
            assert 360 < (key.expires_at - now).days <= 366

    def test_no_secret_is_printed_into_a_log(self, city: str, issued: Any) -> None:
        assert "demo-credentials.json" in city
        assert not any(login_["password"] in city for login_ in issued["users"].values())
        assert not any(token in city for token in issued["api_keys"].values())


class TestASecondRun:
    def test_is_refused_without_if_empty(self) -> None:
        with pytest.raises(CommandError, match="loaded already"):
            seed(inline=True)

    def test_does_nothing_with_it(self, room: Path) -> None:
        file = room / "var" / "demo-credentials.json"
        before, entries = file.read_bytes(), AuditEntry.objects.count()
        assert seed(if_empty=True, wait=True) == ""
        assert (file.read_bytes(), AuditEntry.objects.count()) == (before, entries)

    def test_issues_new_logins_where_the_file_was_lost(self, room: Path) -> None:
        file = room / "var" / "demo-credentials.json"
        before = file.read_bytes()
        file.unlink()
        said = seed(if_empty=True, to=Terminal())
        now, old, new = timezone.now(), json.loads(before), json.loads(file.read_bytes())
        with pytest.raises(keys.InvalidKey):
            keys.authenticate(old["api_keys"]["bank_a"], now=now, live=False)
        assert keys.authenticate(new["api_keys"]["bank_a"], now=now, live=False)
        assert ApiKey.objects.filter(revoked_at=None).count() == len(KEY_HOLDERS)
        assert not Person.objects.get(username="maker").check_password(old["users"]["maker"]["password"])
        for login_ in new["users"].values():
            assert f"{login_['username']:17} {login_['password']}" in said
        # The rollback of this test brings the old ones back.
        file.write_bytes(before)

    def test_finishes_what_was_interrupted_before_the_last_step(self) -> None:
        Organisation.objects.update(reports_since=None)
        assert not issues.is_finished()
        seed(if_empty=True, inline=True)
        assert issues.is_finished()


def test_no_figure_of_the_city_is_missing_in_the_last_month_without_cause(city: str) -> None:
    snapshot = Snapshot.objects.get(month=calendar.LAST.first)
    missing = Figure.objects.filter(snapshot=snapshot, scope="", value=None)
    # In so small a city no firm has failed yet: nothing was compensated that could be recovered.
    assert list(missing.values_list("code", "reason")) == [("guarantees.recovery_ratio", "no-denominator")]
    assert snapshot.known_at == calendar.TODAY


def test_the_command_writes_the_briefing_of_the_last_month(city: str, tmp_path: Path) -> None:
    target = tmp_path / "brief.pdf"
    call_command("brief", str(calendar.LAST), output=target, verbosity=0)
    assert target.read_bytes().startswith(b"%PDF")


def test_the_figures_of_the_last_month_were_put_to_every_scenario(city: str) -> None:
    (run,) = scenarios_of.runs()
    assert (runs.state(run), Month.of(run.snapshot.month)) == ("succeeded", calendar.LAST)
    scenarios = scenarios_of.scenarios_in_force(as_of=calendar.LAST.end)
    assert [part.scenario for part in run.parts.all()] == [None, *scenarios]
    base, *worse = (part.result.content for part in run.parts.all() if part.result)
    assert len(worse) == len(scenarios)
    assert all(one["limits"] != base["limits"] for one in worse)


@pytest.mark.parametrize("state", ["draft", "published"])
def test_the_links_of_the_edition_on_the_screen_lead_to_records(city: str, state: str) -> None:
    client = Client()
    client.force_login(Person.objects.get(username="auditor"))
    edition = Briefing.objects.filter(state=state).order_by("-month")[0]
    said = client.get(f"/briefings/{edition.public_id}/read").content.decode()
    links = [html.unescape(link) for link in re.findall(r'<a class="num" href="([^"]+)"', said)]
    assert len(links) > 800
    asked = {link: parse_qs(urlsplit(link).query) for link in links}
    # One of each kind: of each figure, of what the plan sets, of the joint losses.
    kinds = {tuple(of.get("code", [link.split("/")[1]])): link for link, of in asked.items()}
    assert len(kinds) > 60
    answers = {link: client.get(link) for link in kinds.values()}
    assert {link: one.status_code for link, one in answers.items() if one.status_code != 200} == {}
    for link, answer in answers.items():
        assert asked[link].get("snapshot", [""])[0] in answer.content.decode(), link


def test_every_number_of_the_briefing_is_made_of_the_snapshots_figures(city: str) -> None:
    draft = Briefing.objects.get(state="draft")
    months = {Month.of(s.month): s.pk for s in Snapshot.objects.order_by("month", "known_at", "pk")}
    named = {pk: str(month) for month, pk in months.items()}
    rows = Figure.objects.filter(snapshot__in=named).values_list("snapshot", "code", "scope", "key", "value")
    values = {Ref(named[pk], code, scope, key): value for pk, code, scope, key, value in rows}
    values |= {Ref(str(calendar.LAST), SET, "target", t.code): t.value for t in Target.objects.all()}
    for result in LossResult.objects.filter(scenario=None).select_related("snapshot"):
        month = str(Month.of(result.snapshot.month))
        values |= walk.joint(result, month) | walk.joint(result, f"{month}@{result.snapshot.public_id}")
    for language in editions.LANGUAGES:
        issue = editions.issue_of(draft, language=language)
        found = walk.numbers(issue)
        said = [number for number in found if number.value is not None]
        assert len(said) > 900
        assert {n: walk.again(n, values, language=language) for n in said} == {n: str(n) for n in said}
        # What has no number has no figure to be made of, or one that says why.
        unsaid = [n for n in found if n.value is None and all(values.get(ref) is not None for ref in n.of)]
        assert [n for n in unsaid if n.rule is not Rule.CHANGE or values[n.of[1]]] == []
        assert walk.loose(issue) == []
        desk = desk_of(draft.snapshot, language=language, matters=None, carried=(), reasons=())
        hidden = ByBank(desk).hidden_refs() | ByGuarantor(desk).hidden_refs()
        assert hidden
        assert hidden.isdisjoint(ref for n in found for ref in n.of)
