"""The page of rows without its script: what it sends, what it answers, and whose it is."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from funds import limits
from funds.models import FundEvent
from funds.workbook import SHEETS
from tests.funds.conftest import FIRM, Desk
from tests.loans import workbooks
from tests.web.conftest import Browse
from tests.web.funding import PAGE

IMPORT = f"{PAGE}/import"
FEE = {"kind": "管理费", "amount": "1,000.00", "effective_date": "2024/6/1"}


def typed(*rows: dict[str, str], sheet: str = "ledger") -> str:
    """What the script of the grid sends."""
    codes = [column.code for column in SHEETS[sheet].taken]
    return json.dumps(
        [{"n": at, "c": [row.get(code, "") for code in codes]} for at, row in enumerate(rows, 1)]
    )


def send(client: Client, rows: str, *, step: str = "check", sheet: str = "ledger", **more: str) -> Any:
    return client.post(IMPORT, {"sheet": sheet, "rows": rows, "step": step, **more})


def hidden(text: str) -> dict[str, str]:
    form = next(part for part in re.findall(r"<form.*?</form>", text, re.DOTALL) if 'name="rows"' in part)
    return {
        name: unescape(value)
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    }


def fees() -> int:
    with within(EVERYTHING):
        return FundEvent.objects.filter(kind="fee").count()


def test_a_preview_is_confirmed_and_entered_once_however_often_it_is_sent(manager: Client) -> None:
    shown = send(manager, typed(FEE, {}, {**FEE, "amount": "2"}))
    text = shown.content.decode()
    assert (shown.status_code, fees()) == (200, 1)
    assert "新增 2 行，无变化 0 行，未受理 0 行。尚未登记。" in text
    assert "登记 2 行" in text
    assert "1,002.00" in text

    form = {**hidden(text), "step": "enter"}
    for _ in range(2):
        answer = manager.post(IMPORT, form)
        assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert fees() == 3
    assert "新增的行已登记" in manager.get(PAGE).content.decode()

    again: Any = manager.post(IMPORT, {**form, "rows": typed({**FEE, "amount": "9"})})
    assert (again.status_code, fees()) == (409, 3)
    assert "这张表单已经登记过" in again.content.decode()


def test_a_fault_is_listed_with_the_way_to_its_cell_and_nothing_can_be_entered(manager: Client) -> None:
    shown = send(manager, typed(FEE, {**FEE, "amount": "900000000"}, {**FEE, "kind": "?"}))
    text = shown.content.decode()
    assert shown.status_code == 422
    assert re.findall(r'<li><a href="#(r\d+-\w+)">(.*?)</a>', text)[0][0] == "r2-amount"
    assert '<a href="#r3-kind">第 3 行，类型：不在允许的取值之内</a>' in text
    assert "data-enter" not in text
    form = {**hidden(text), "step": "enter"}
    refused: Any = manager.post(IMPORT, form)
    assert (refused.status_code, fees()) == (422, 1)
    assert "2 行未受理" in refused.content.decode()


def test_what_changed_between_preview_and_confirmation_is_shown_anew(
    manager: Client, worked: tuple[Desk, str]
) -> None:
    form = hidden(send(manager, typed(FEE)).content.decode())
    worked[0].event("fee", "1000.00", "2024-06-01")
    answer: Any = manager.post(IMPORT, {**form, "step": "enter"})
    text = answer.content.decode()
    assert (answer.status_code, fees()) == (409, 2)
    assert "请重新预览" in text
    assert "无变化 1 行" in text


@pytest.mark.parametrize("rows", [
    "x", "[1]", '[{"n":1}]', '[{"n":"1","c":[]}]', '[{"n":1,"c":["a"]}]', '[{"n":1,"c":[1,2,3,4,5,6,7,8,9]}]',
    '[{"n":0,"c":["","","","","","","","",""]}]', '[{"n":true,"c":["","","","","","","","",""]}]', "[" * 100_000,
])  # fmt: skip
def test_what_no_grid_sends_is_refused(manager: Client, rows: str) -> None:
    answer: Any = send(manager, rows)
    assert answer.status_code == 422
    assert "表格内容未完整送达" in answer.content.decode()


def test_half_a_character_is_a_fault_of_its_cell(manager: Client) -> None:
    rows = typed({**FEE, "note": "NOTE"}).replace("NOTE", "\\ud800")
    answer: Any = send(manager, rows)
    assert (answer.status_code, "备注：含有控制字符" in answer.content.decode()) == (422, True)


def test_an_empty_grid_is_refused_beside_the_grid(manager: Client) -> None:
    answer: Any = send(manager, typed({}, {}))
    assert (answer.status_code, '<a href="#grid">没有填写任何一行</a>' in answer.content.decode()) == (
        422,
        True,
    )


class TestAFile:
    def sent(self, client: Client, content: bytes, name: str = "rows.csv", *, sheet: str = "ledger") -> Any:
        file = SimpleUploadedFile(name, content)
        return client.post(IMPORT, {"sheet": sheet, "step": "upload", "file": file})

    def test_is_previewed_with_its_own_line_numbers(self, manager: Client) -> None:
        text = self.sent(manager, "类型,金额,日期\n\n管理费,1,2024-06-01\n".encode()).content.decode()
        assert "新增 1 行" in text
        assert json.loads(hidden(text)["rows"])[0]["n"] == 3

    def test_of_excel_is_read_in_its_own_types(self, manager: Client) -> None:
        header = ["企业统一社会信用代码", "公允价值（元）", "估值方法", "日期"]
        content = workbooks.of_cells([header, [FIRM, 1.5, "成本法", "2024-06-30"]])
        text = self.sent(manager, content, "x.xlsx", sheet="valuations").content.decode()
        assert "新增 1 行" in text
        assert "1.50" in text

    @pytest.mark.parametrize(("content", "said"), [
        (workbooks.pack(workbooks.parts() | {"xl/vbaProject.bin": "x"}), "文件含有宏"),
        ("类型,颜色\n".encode(), "没有这个字段"),
        (b"x" * (limits.MOST_WORKBOOK_BYTES + 1), "文件最大 5 MiB"),
    ])  # fmt: skip
    def test_that_cannot_be_taken_is_refused_beside_its_field(
        self, manager: Client, content: bytes, said: str
    ) -> None:
        answer = self.sent(manager, content)
        assert answer.status_code in (422, 413)
        assert re.search(rf'<p class="field-error" id="file-error">.*?{said}', answer.content.decode())

    def test_has_to_be_chosen(self, manager: Client) -> None:
        answer: Any = manager.post(IMPORT, {"sheet": "ledger", "step": "upload"})
        assert (answer.status_code, "文件：必填" in answer.content.decode()) == (422, True)


def test_whose_it_is_and_what_readers_may_take_out(browse: Browse, worked: tuple[Desk, str]) -> None:
    other, maker = browse("manager_industry"), browse("maker")
    for address in (IMPORT, f"{PAGE}/template.xlsx", f"{PAGE}/export.xlsx"):
        assert (
            other.get(address).status_code == other.get(address.replace("angel", "none")).status_code == 404
        )
    assert maker.get(IMPORT).status_code == 403
    assert send(maker, typed(FEE)).status_code == 403
    assert send(other, typed(FEE)).status_code == 404
    exported: Any = maker.get(f"{PAGE}/export.xlsx?as_of=2024-12-31")
    assert exported["Content-Disposition"] == 'attachment; filename="angel-2024-12-31.xlsx"'
    assert exported.content.startswith(b"PK")
    assert browse("manager_angel").get(f"{IMPORT}?sheet=loans").status_code == 404
    page = maker.get(f"{PAGE}?as_of=2024-12-31").content.decode()
    assert f"{PAGE}/export.xlsx?as_of=2024-12-31" in page
    assert IMPORT not in page
    wrong: Any = maker.get(f"{PAGE}/export.xlsx?as_of=x")
    assert (wrong.status_code, wrong["Location"]) == (302, f"{PAGE}?as_of=x")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_sheet_has_its_page_and_its_template(
    browse: Browse, worked: tuple[Desk, str], language: str
) -> None:
    client = browse("manager_angel", language=language)
    for sheet in SHEETS.values():
        text = client.get(f"{IMPORT}?sheet={sheet.code}").content.decode()
        assert sheet.title.say(language) in text
        assert f'"code": "{sheet.taken[0].code}"' in text
    template: Any = client.get(f"{PAGE}/template.xlsx")
    assert template.content.startswith(b"PK")
