"""The two workbooks on a fund's page: of the last quarter that is over, as known at the moment that is shown."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape

import python_calamine
from django.test import Client

from tests.cast import Api
from tests.funds.conftest import found_fund
from tests.web.conftest import Browse
from tests.web.funding import PAGE, worked_fund

LINK = re.compile(rf'href="({PAGE}/ilpa/(\w+)\.xlsx\?[^"]*)"')


def offered(client: Client, query: str) -> dict[str, str]:
    """{template: address} on the page."""
    page = client.get(f"{PAGE}{query}").content.decode()
    return {name: unescape(address) for address, name in LINK.findall(page)}


def test_the_page_offers_what_opens(api: Callable[[str], Api], browse: Browse) -> None:
    worked_fund(api)
    reader = browse("auditor")
    addresses = offered(reader, "?as_of=2024-05-20&known_at=2026-11-05+09:30")
    assert set(addresses) == {"reporting", "performance"}
    for name, address in addresses.items():
        assert "quarter=2024-Q1" in address
        assert "known_at=2026-11-05" in address
        got = reader.get(address)
        assert got.status_code == 200
        assert f"ilpa-{name}-angel-2024-Q1.xlsx" in got["Content-Disposition"]
        assert python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(got.content)).sheet_names
        assert reader.get(address, headers={"If-None-Match": got["ETag"]}).status_code == 304
    assert "ILPA 报告模板 2024-Q1（XLSX）" in reader.get(f"{PAGE}?as_of=2024-05-20").content.decode()
    assert (
        "quarter=2023-Q4" in offered(reader, "?as_of=2023-12-31")["reporting"]
    )  # over at the end of the day
    assert offered(reader, "?as_of=2022-06-20") == {}  # younger than any quarter that is over


def test_what_is_none_is_not_found(api: Callable[[str], Api], browse: Browse) -> None:
    found_fund(api)
    manager, stranger = browse("manager_angel"), browse("manager_industry")
    whole = f"{PAGE}/ilpa/reporting.xlsx?quarter=2023-Q3"
    assert manager.get(whole).status_code == 200
    assert stranger.get(whole).status_code == 404
    assert browse("bank_a").get(whole).status_code == 403
    for address in (
        "reporting.xlsx",
        "reporting.xlsx?quarter=2999-Q1",
        "reporting.xlsx?quarter=x",
        "nav.xlsx?quarter=2023-Q3",
    ):
        assert manager.get(f"{PAGE}/ilpa/{address}").status_code == 404
