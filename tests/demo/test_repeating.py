"""The same seed records the same city, however often it is interrupted; another seed records another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from finance_hub.demo import city, closing
from finance_hub.demo.city import AnotherCity, Size
from finance_hub.demo.timeline import Timeline, moment
from finance_hub.kernel.models import AuditEntry
from tests.database import wipe
from tests.demo.conftest import SMALL
from tests.demo.digest import business_rows

#: Long enough for funds, deals, two months of reports and a close.
UNTIL = moment(date(2025, 1, 9), hour=12)
SIZE = Size(**SMALL)
CLOSE = closing.close


class PowerCut(Exception):
    pass


def _cut(_now: datetime) -> None:
    raise PowerCut


@pytest.fixture(scope="module")
def digests(empty: None) -> dict[str, Any]:
    """Of a city built in one go, and of one whose loading was cut twice."""
    found: dict[str, Any] = {"acts": city.build(seed=42, size=SIZE, until=UNTIL)}
    found["straight"] = business_rows(known_by=UNTIL)
    wipe()
    with pytest.MonkeyPatch.context() as patched:
        for day in (date(2024, 3, 13), date(2024, 12, 20)):
            patched.setattr(closing, "close", _closing_cut_on(day))
            with pytest.raises(PowerCut):
                city.build(seed=42, size=SIZE, until=UNTIL)
    found["entries when cut"] = AuditEntry.objects.count()
    found["rest"] = city.build(seed=42, size=SIZE, until=UNTIL)
    found["cut"] = business_rows(known_by=UNTIL)
    return found


def _closing_cut_on(day: date) -> Any:
    def cut(*, people: Any, timeline: Timeline) -> None:
        timeline.add(moment(day, hour=12), _cut)
        CLOSE(people=people, timeline=timeline)

    return cut


@pytest.mark.django_db
class TestTheSameSeed:
    def test_gives_the_same_rows_with_the_same_times(self, digests: dict[str, Any]) -> None:
        assert digests["straight"] == digests["cut"]

    def test_and_rows_there_are(self, digests: dict[str, Any]) -> None:
        empty = {name for name, said in digests["straight"].items() if said.startswith("0 rows")}
        facts = {
            "funds_fundevent",
            "funds_holdingevent",
            "loans_loanevent",
            "loans_loanposition",
            "loans_guarantee",
        }
        assert empty.isdisjoint(facts | {"kernel_firmclass", "kernel_monthstate", "listings_stageevent"})

    def test_an_interrupted_loading_goes_on_where_it_stopped(self, digests: dict[str, Any]) -> None:
        assert 0 < digests["rest"] < digests["acts"] // 4
        assert digests["entries when cut"] > 100

    def test_another_seed_is_refused_where_this_one_was_begun(self, digests: dict[str, Any]) -> None:
        with pytest.raises(AnotherCity):
            city.build(seed=43, size=SIZE, until=UNTIL)
