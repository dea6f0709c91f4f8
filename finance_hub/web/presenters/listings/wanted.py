"""What the address of the board asks: which attempts, as a board or as a list, and which page of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.web import paging
from finance_hub.web.contexts.deals import Views
from finance_hub.web.contexts.listings import Filter
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.presenters.listings import wording
from listings import queries
from listings.models import Board, ListingAttempt, Stage


@dataclass(frozen=True)
class Wanted:
    """What is empty is not asked. `oldest` turns the list round: those that wait longest come first."""

    board: str
    stage: str
    text: str
    as_list: bool
    oldest: bool
    place: paging.Place

    @classmethod
    def read(cls, params: QueryDict) -> Wanted:
        """What is no board or stage is not asked."""

        def said(name: str) -> str:
            return params.get(name, "").replace("\0", "").strip()[:100]

        board, stage = said("board"), said("stage")
        return cls(
            board=board if board in Board.values else "",
            stage=stage if stage in Stage.values else "",
            text=said("q"),
            as_list=said("view") == "list" or stage in Stage.values,
            oldest=said("sort") == "oldest",
            place=paging.read(params),
        )

    def found(self) -> QuerySet[ListingAttempt, Any]:
        return queries.attempts(board=self.board, stage=self.stage, text=self.text)

    def url(self, *, place: str = "") -> str:
        order = "oldest" if self.as_list and self.oldest else ""
        asked = {"board": self.board, "q": self.text, "stage": self.stage, "sort": order}
        if self.as_list and not self.stage:
            asked["view"] = "list"
        tail = "&".join(part for part in (urlencode({k: v for k, v in asked.items() if v}), place) if part)
        return reverse("web:listings") + (f"?{tail}" if tail else "")

    def listed(self, stage: str = "") -> Wanted:
        """The same attempts as a list, or those of them in a stage."""
        return replace(self, as_list=True, stage=stage, place=paging.Place())

    def turned(self) -> Wanted:
        return replace(self, oldest=not self.oldest, place=paging.Place())

    def views(self, *, may_record: bool) -> Views:
        as_board = replace(self, as_list=False, stage="", place=paging.Place())
        return Views(
            board_url=as_board.url() if self.as_list else None,
            list_url=None if self.as_list else self.listed().url(),
            new_url=reverse("web:listing_new") if may_record else None,
        )

    def filter(self) -> Filter:
        boards = [(code, wording.board(code)) for code in Board.values]
        stages = [(code, wording.stage(code)) for code in Stage.values]
        empty = replace(self, board="", stage="", text="", place=paging.Place())
        return Filter(
            url=reverse("web:listings"),
            text=self.text,
            boards=_choices(_("All boards"), boards, self.board),
            stages=_choices(pgettext("listing", "All stages"), stages, self.stage) if self.as_list else (),
            view="list" if self.as_list else "",
            clear_url=empty.url() if self.board or self.stage or self.text else None,
        )


def _choices(every: str, named: Sequence[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    return (Choice("", every, not chosen), *(Choice(code, label, code == chosen) for code, label in named))
