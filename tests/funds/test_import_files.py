"""Rows in files: the template, the export and back again, CSV, and files that would do harm."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
import python_calamine

from funds import limits
from tests.cast import Api
from tests.funds.conftest import CITY, FIRM, Desk, made, refused
from tests.funds.rows import NAME, SUB, enter, faults, founded_sub, invested, outcomes
from tests.loans import workbooks

SHEETS = ("ledger", "investments", "exits", "valuations", "deals")
EVIL = "=HYPERLINK(\"http://evil.example\",\"x\")"  # fmt: skip


def hand_in(
    desk: Desk, content: bytes, sheet: str, *, fingerprint: str = "", language: str = "zh-hans"
) -> Any:
    query = f"sheet={sheet}" + (f"&fingerprint={fingerprint}" if fingerprint else "")
    path = f"/api/v1/funds/{desk.fund}/imports/file?{query}"
    return desk.api.client.post(
        path, content, content_type="application/octet-stream",
        headers={**desk.api.headers, "Idempotency-Key": f"{abs(hash((content, query)))}-{sheet}",
                 "Accept-Language": language},
    )  # fmt: skip


def book(content: bytes) -> dict[str, list[list[Any]]]:
    opened = python_calamine.load_workbook(io.BytesIO(content))
    return {name: opened.get_sheet_by_name(name).to_python() for name in opened.sheet_names}


@pytest.fixture
def lived(angel: Desk, api: Any) -> Desk:
    """A fund with something of everything: a sub-fund, a reversal, a transfer, values of one day, notes."""
    founded_sub(angel, api("maker"))
    holding = invested(angel)
    fee = made(angel.event("fee", "5.00", "2024-02-01", note=EVIL))["id"]
    made(angel.reverse(fee, "2024-02-02"))
    made(angel.transfer("10000000.00", "2024-03-01", seller=CITY, buyer="城投集团"))
    enter(angel, "investments", [{"sub_fund": SUB, "amount": "5000000.00", "effective_date": "2023-04-01"}])
    made(angel.exit(holding, cash="7000000.10", cost="5000000.00", on="2024-01-15"))
    made(angel.write_off(holding, cost="1000000.00", on="2024-02-15"))
    for amount in ("26000000.00", "26000000.55"):
        made(angel.value(holding, at=amount, on="2023-12-31"))
    enter(angel, "deals", [{
        "uscc": FIRM, "title": "A 轮", "source": "referral", "referred_by": "@高校", "instrument": "equity",
        "planned_amount": "20000000.00", "lead": "陈某", "effective_date": "2022-12-01", "note": "+1",
    }])  # fmt: skip
    return angel


def exported(desk: Desk, query: str = "as_of=2026-10-31", *, language: str = "zh-hans") -> bytes:
    answer = desk.api.get(f"/funds/{desk.fund}/export.xlsx?{query}", Accept_Language=language)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Disposition"] == 'attachment; filename="angel.xlsx"'
    return bytes(answer.content)


class TestTheExport:
    def test_has_numbers_dates_and_texts_and_says_what_they_are(self, lived: Desk) -> None:
        content = exported(lived)
        sheets = book(content)
        assert [*sheets] == ["持有项目", "资金流水", "退出与回款", "估值", "投资", "项目", "口径"]

        held = dict(zip(*sheets["持有项目"][:2], strict=True))
        assert (held["企业名称"], held["投资成本（元）"], held["剩余成本（元）"]) == (
            NAME,
            20000000,
            14000000,
        )
        assert (held["公允价值（元）"], held["估值日"], held["计入净资产（元）"]) == (
            26000000.55, date(2023, 12, 31), 14000000,
        )  # fmt: skip
        header, *rows = sheets["资金流水"]
        fees = [dict(zip(header, row, strict=True)) for row in rows if row[0] == "管理费"]
        assert [(fee["金额（元）"], fee["净额（元）"], fee["日期"], fee["状态"]) for fee in fees] == [
            (1000000.01, 1000000.01, date(2023, 1, 10), ""),
            (5, 5, date(2024, 2, 1), "已冲销"),
            (5, -5, date(2024, 2, 2), "冲销记录"),
        ]
        assert isinstance(fees[0]["登记时间"], datetime)
        position = lived.position(as_of="2026-10-31")
        by_kind: dict[str, float] = {}
        for row in rows:
            line = dict(zip(header, row, strict=True))
            by_kind[line["类型"]] = by_kind.get(line["类型"], 0) + line["净额（元）"]
        assert [f"{by_kind[kind]:.2f}" for kind in ("认缴", "实缴", "管理费", "分配")] == [
            position[name] for name in ("committed", "contributed", "fees", "distributed")
        ]
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.namelist():
                if part.startswith("xl/worksheets/sheet") and part != "xl/worksheets/sheet7.xml":
                    assert b'state="frozen"' in archive.read(part)

        # No cell is a formula or a link, whatever was typed.
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            pages = [archive.read(part) for part in archive.namelist() if "worksheets/" in part]
            assert not any(b"<f>" in page or b"hyperlink" in page for page in pages)
            assert b"HYPERLINK" in archive.read("xl/sharedStrings.xml")
        assert EVIL in [cell for row in sheets["资金流水"] for cell in row]
        said = {row[0]: row[1] for row in sheets["口径"]}
        assert (said["基金"], said["截至日"]) == ("青桐天使基金（angel）", "2026-10-31")
        assert said["导出人"] == "manager_angel 某（manager_angel）"
        english = {row[0]: row[1] for row in book(exported(lived, language="en"))["Notes"]}
        assert english["Fund"] == "Qingtong Angel Fund (angel)"

    def test_shows_a_day_as_it_was_known_then(self, lived: Desk) -> None:
        early = book(exported(lived, "as_of=2022-06-15"))
        assert [row[0] for row in early["资金流水"][1:]] == ["认缴", "认缴", "催缴", "催缴"]
        assert [len(early[name]) for name in ("持有项目", "投资", "估值", "项目")] == [1, 1, 1, 1]
        before = book(exported(lived, "as_of=2026-10-31&known_at=2020-01-01T00:00:00%2B08:00"))
        assert [len(rows) for name, rows in before.items() if name != "口径"] == [1] * 6

    def test_comes_back_unchanged_in_either_language_and_a_figure_changed_in_it_is_found(
        self, lived: Desk
    ) -> None:
        for sheet, language in zip(SHEETS * 2, [*["zh-hans"] * 5, *["en"] * 5], strict=True):
            content = exported(lived, language=language)
            answer = hand_in(lived, content, sheet)
            assert answer.status_code == 200, answer.content
            said = answer.json()
            assert said["counts"]["unchanged"] == len(said["rows"]) > 0, (sheet, faults(said))

        header, *rows = book(exported(lived))["资金流水"]
        rows[0][header.index("金额（元）")] += 1
        answer = hand_in(lived, workbooks.of_cells([header, *rows]), "ledger")
        assert faults(answer.json()) == {2: [("recorded-otherwise", "#/amount")]}

    @pytest.mark.parametrize(("query", "code"), [
        ("as_of=2026-13-01", "date-format"), ("known_at=2026-10-31", "time-format"), ("as_of=%00", "control-characters"),
    ])  # fmt: skip
    def test_a_moment_that_is_none_is_refused(self, angel: Desk, query: str, code: str) -> None:
        refused(angel.api.get(f"/funds/angel/export.xlsx?{query}"), 422, code)


class TestTheTemplate:
    def test_is_filled_in_and_taken(self, angel: Desk) -> None:
        sheets = book(angel.api.get("/funds/angel/template.xlsx").content)
        assert [*sheets] == ["项目", "投资", "估值", "退出与回款", "资金流水", "口径"]
        assert all(len(sheets[name]) == 1 for name in [*sheets][:-1])
        header = sheets["资金流水"][0]
        row = {"类型": "认缴", "出资人": CITY, "金额（元）": 1000.5, "日期": date(2022, 6, 1)}
        filled = workbooks.of_cells(
            [header, [row.get(name) for name in header]], before={"项目": sheets["项目"]}
        )
        shown = hand_in(angel, filled, "ledger").json()
        assert (shown["counts"]["new"], shown["totals"][0]["amount"]) == (1, "1000.50")
        hand_in(angel, filled, "ledger", fingerprint=shown["fingerprint"])
        assert angel.position()["committed"] == "1000.50"

    def test_is_the_same_bytes_each_time_and_has_drop_downs(self, angel: Desk, api: Any) -> None:
        first = angel.api.get("/funds/angel/template.xlsx", Accept_Language="en")
        again: Any = api("maker").get("/funds/angel/template.xlsx", Accept_Language="en")
        assert first.content == again.content
        assert first["Content-Type"].endswith("spreadsheetml.sheet")
        with zipfile.ZipFile(io.BytesIO(first.content)) as archive:
            assert b"Capital call" in archive.read("xl/worksheets/sheet5.xml")


class TestCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    @pytest.mark.parametrize("mark", [",", "\t"])
    def test_is_read_as_excel_writes_it(self, angel: Desk, encoding: str, mark: str) -> None:
        lines = [["类型", "出资人", "金额", "日期", "备注"], ["认缴", CITY, "1000", "2022/6/1", "首期"], [], ["", "", "", "", ""],
                 ["催缴", CITY, "1000.01", "2022/6/2", ""]]  # fmt: skip
        text = "\r\n".join(mark.join(line) for line in lines) + "\r\n"
        said = hand_in(angel, text.encode(encoding), "ledger").json()
        assert outcomes(said) == ["new", "refused"]
        assert faults(said) == {5: [("call-above-uncalled", "#/amount")]}

    @pytest.mark.parametrize(("content", "status", "code"), [
        (b"", 422, "wrong-columns"),
        ("类型,金额,日期,颜色\n".encode(), 422, "unknown-field"),
        ("类型,金额\n".encode(), 422, "required"),
        ("类型,金额,日期,Date\n".encode(), 422, "duplicate-name"),
        ('类型,金额,日期\n"管理费,1,2024-06-01\n'.encode(), 422, "malformed-csv"),
        ("类型,金额,日期\n管理费".encode() + b"\xff\xff,1,2024-06-01\n", 422, "undecodable-text"),
        ("类型,金额,日期\n".encode() + b"\x00\x00", 422, "unsupported-file"),
        ("类型,金额,日期\n".encode(), 422, "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, 422, "old-format"),
        (b"PK\x03\x04" + b"\x00" * 600, 422, "damaged"),
        ("类型,金额,日期\n".encode() + b"x" * limits.MOST_WORKBOOK_BYTES, 413, "body-too-large"),
        ("类型,金额,日期\n".encode() + "管理费,1,2024-06-01\n".encode() * 2001, 413, "too-many-rows"),
    ])  # fmt: skip
    def test_what_is_no_table_is_refused(self, angel: Desk, content: bytes, status: int, code: str) -> None:
        refused(hand_in(angel, content, "ledger"), status, code)

    def test_a_cell_under_no_heading_is_not_dropped_silently(self, angel: Desk) -> None:
        text = "类型,金额,日期\n管理费,1,2024-06-01,多\n"
        assert faults(hand_in(angel, text.encode(), "ledger").json()) == {
            2: [("wrong-number-of-cells", "#/amount")]
        }


class TestHostileWorkbooks:
    def test_a_document_type_is_refused_with_its_reason(self, angel: Desk) -> None:
        bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'
        content = workbooks.pack(workbooks.parts() | {workbooks.SHEET: bomb})
        problem = refused(hand_in(angel, content, "ledger"), 422, "unsupported-file")
        assert problem["errors"][0]["code"] == "document-type"

    def test_macros_are_refused(self, angel: Desk) -> None:
        content = workbooks.pack(workbooks.parts() | {"xl/vbaProject.bin": "x"})
        refused(hand_in(angel, content, "ledger"), 422, "macros")

    def test_cells_that_hide_what_they_are_are_named(self, angel: Desk) -> None:
        header = ["类型", "金额（元）", "日期", "企业统一社会信用代码"]
        row = ["类型", '<c r="REF" t="e"><v>#DIV/0!</v></c>', '<c r="REF"><f>TODAY()</f></c>']
        parts = workbooks.parts(
            f"<sheetData>{workbooks.row_of(header[:3])}{workbooks.row_of(row, row=2)}</sheetData>"
        )
        said = hand_in(angel, workbooks.pack(parts), "ledger").json()
        assert faults(said) == {
            2: [
                ("cell-error", "#/amount"),
                ("formula-without-value", "#/effective_date"),
                ("invalid_choice", "#/kind"),
            ]
        }

    def test_a_code_that_became_a_number_and_an_amount_of_too_many_digits(self, angel: Desk) -> None:
        heading = ["企业统一社会信用代码", "投资金额（元）", "日期"]
        row = [913304832, 1234567890123456.0, datetime(2024, 6, 1, 9, 30)]  # noqa: DTZ001 - as cells have it
        said = hand_in(angel, workbooks.of_cells([heading, row]), "investments").json()
        assert faults(said) == {
            2: [
                ("cell-not-text", "#/uscc"),
                ("cell-not-exact", "#/amount"),
                ("date-with-time", "#/effective_date"),
            ]
        }


def test_a_file_of_another_manager_s_fund_is_not_taken(angel: Desk, api: Any) -> None:
    other: Api = api("manager_industry")
    assert hand_in(Desk(other, "angel"), b"x", "ledger").status_code == 404
    refused(hand_in(angel, b"x", "loans"), 422, "invalid_choice")
