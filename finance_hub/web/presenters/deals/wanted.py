"""What the address of the board asks: which deals, as a board or as a list, and which page of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from finance_hub.web import paging, words
from finance_hub.web.contexts.deals import Filter, Views
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.presenters.deals import wording
from finance_hub.web.presenters.funds import wording as of_funds
from funds import codes, queries
from funds.models import Fund
from funds.models.deals import Instrument, Standing
from funds.queries import boards
from funds.queries.boards import Sought


@dataclass(frozen=True)
class Wanted:
    """`oldest` turns the order of the list round: those that wait longest come first."""

    sought: Sought
    as_list: bool
    oldest: bool
    place: paging.Place

    @classmethod
    def read(cls, params: QueryDict) -> Wanted:
        """What is no instrument or stage is not asked; a fund or a lead that is not there has no deals."""

        def said(name: str) -> str:
            return params.get(name, "").replace("\0", "").strip()[:100]

        stage, instrument = said("stage"), said("instrument")
        asked = Sought(
            fund=said("fund"),
            lead=said("lead"),
            instrument=instrument if instrument in Instrument.values else "",
            text=said("q"),
            standing=stage if stage in Standing.values else "",
        )
        as_list = said("view") == "list" or bool(asked.standing)
        return cls(asked, as_list, said("sort") == "oldest", paging.read(params))

    def url(self, *, place: str = "") -> str:
        order = "oldest" if self.as_list and self.oldest else ""
        asked = {**self._filters(), "stage": self.sought.standing, "sort": order}
        if self.as_list and not self.sought.standing:
            asked["view"] = "list"
        tail = "&".join(part for part in (urlencode({k: v for k, v in asked.items() if v}), place) if part)
        return reverse("web:deals") + (f"?{tail}" if tail else "")

    def _filters(self) -> dict[str, str]:
        of = self.sought
        return {"fund": of.fund, "lead": of.lead, "instrument": of.instrument, "q": of.text}

    def listed(self, standing: str = "") -> Wanted:
        """The same deals as a list, or those of them that stand somewhere."""
        return replace(
            self, as_list=True, sought=replace(self.sought, standing=standing), place=paging.Place()
        )

    def turned(self) -> Wanted:
        return replace(self, oldest=not self.oldest, place=paging.Place())

    def board(self) -> Wanted:
        return replace(self, as_list=False, sought=replace(self.sought, standing=""), place=paging.Place())

    def views(self, *, may_record: bool) -> Views:
        return Views(
            board_url=self.board().url() if self.as_list else None,
            list_url=None if self.as_list else self.listed().url(),
            new_url=_new_url(self.sought.fund) if may_record else None,
        )

    def filter(self, funds: Sequence[Fund]) -> Filter:
        of = self.sought
        named = [(one.code, of_funds.name(one)) for one in funds]
        leads = [(name, name) for name in boards.leads()]
        instruments = [(code, words.say(codes.INSTRUMENTS[code])) for code in Instrument.values]
        stages = [(code, wording.standing(code)) for code in Standing.values]
        is_asked = any(self._filters().values()) or bool(of.standing)
        empty = replace(self, sought=Sought(), place=paging.Place())
        return Filter(
            url=reverse("web:deals"),
            text=of.text,
            funds=_choices(_("All funds"), named, of.fund),
            leads=_choices(_("All leads"), leads, of.lead),
            instruments=_choices(_("All instruments"), instruments, of.instrument),
            stages=_choices(_("All stages"), stages, of.standing) if self.as_list else (),
            view="list" if self.as_list else "",
            clear_url=empty.url() if is_asked else None,
        )


def funds() -> list[Fund]:
    """Those in scope, in the order of their codes."""
    return list(queries.funds().order_by("code"))


def _new_url(fund: str) -> str:
    return reverse("web:deal_new") + (f"?{urlencode({'fund': fund})}" if fund else "")


def _choices(every: str, named: Sequence[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    """With the one that is asked for, though nothing has that name."""
    unknown = [(chosen, chosen)] if chosen and chosen not in {code for code, _label in named} else []
    all_of_them = Choice("", every, not chosen)
    return (all_of_them, *(Choice(code, label, code == chosen) for code, label in (*named, *unknown)))
