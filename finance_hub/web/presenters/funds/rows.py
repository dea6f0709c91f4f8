"""The page of rows: a grid to type or paste into, and what became of them when they were checked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.kernel.problems import FieldError as Fault
from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts import rows as contexts
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.funds import wording
from funds import limits
from funds.models import Fund
from funds.workbook import SHEETS, Import, Outcome, Row, Sheet
from funds.workbook.columns import Column
from funds.workbook.headings import names_of
from funds.workbook.totals import Total, totals

#: So few rows that whoever has only a keyboard is soon through, and how many errors are listed above them.
EMPTY, MOST_LISTED = 5, 50


def page(of: Fund, sheet: Sheet, *, token: str, rows: Sequence[Row] = (), judged: Import | None = None,
         errors: tuple[FieldError, ...] = (), refusal: str = "") -> contexts.Rows:  # fmt: skip
    """With the rows as they were typed; once they are `judged` each says what it would be."""
    here = reverse("web:fund_rows", args=[of.code])
    shown = [one.row for one in judged.rows] if judged else list(rows)
    faults = _faults(judged) if judged else ()
    enterable = judged is not None and not judged.count(Outcome.REFUSED) and judged.count(Outcome.NEW)
    return contexts.Rows(
        title=_("Enter rows from Excel"),
        back=Link(wording.name(of), reverse("web:fund", args=[of.code])),
        url=here,
        token=token,
        sheet=sheet.code,
        sheets=tuple(
            contexts.SheetLink(words.say(one.title), f"{here}?sheet={one.code}", one is sheet)
            for one in SHEETS.values()
        ),
        template_url=reverse("web:fund_template", args=[of.code]),
        hint=_hint(),
        most_bytes=limits.MOST_WORKBOOK_BYTES,
        too_large=_("The file is larger than %(most)s MiB.") % {"most": limits.MOST_WORKBOOK_BYTES // 2**20},
        grid=_grid(sheet, judged),
        rows=json.dumps([_typed(row, sheet) for row in shown]),
        errors=(*errors, *faults[:MOST_LISTED]),
        more=_more(len(faults) - MOST_LISTED),
        refusal=refusal,
        found=_found(judged) if judged else "",
        summary=_summary(judged) if judged else None,
        content=judged.fingerprint if judged else "",
        enter=_enter(judged.count(Outcome.NEW)) if judged and enterable else "",
    )


def outcome(code: str) -> str:
    return {"new": _("new"), "unchanged": _("unchanged"), "refused": _("refused")}[code]


def _hint() -> str:
    return _("Copy cells in Excel and paste them into a cell of the grid: they spread over the cells to its right and "
             "below, and rows are added. Headings in either language are known. Enter and the arrow keys move; a row "
             "left empty is passed over.")  # fmt: skip


def _typed(row: Row, sheet: Sheet) -> dict[str, Any]:
    return {"n": row.number, "c": [row.cells.get(column.code, "") for column in sheet.taken]}


def _grid(sheet: Sheet, judged: Import | None) -> dict[str, Any]:
    return {
        "columns": [_column(column) for column in sheet.taken],
        "passed": [name for column in sheet.columns if not column.taken for name in names_of(column)],
        "outcomes": {str(one.row.number): one.outcome.value for one in judged.rows} if judged else {},
        "faults": {
            _cell(one.row.number, fault): words.say(fault.message)
            for one in (judged.rows if judged else ())
            for fault in one.errors
        },
        "empty": EMPTY,
        "most": limits.MOST_ROWS,
        "words": {
            "row": _("Row"),
            "new": outcome("new"),
            "unchanged": outcome("unchanged"),
            "refused": outcome("refused"),
            "empty": _("Empty the row"),
            "pasted": _("Pasted: {rows} rows. Check them next."),
            "tooMany": _("That would be more than {most} rows: nothing was pasted. Paste fewer at once."),
            "unknown": _("A heading is not known: {heading}. Nothing was pasted."),
            "changed": _("The rows were changed: check them again before they are entered."),
        },
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "code": column.code,
        "heading": words.say(column.heading),
        "hint": words.say(column.hint),
        "names": names_of(column),
        "kind": column.kind.value,
        "required": column.required,
        "choices": [words.say(choice.text) for choice in column.choices],
    }


def _cell(number: int, fault: Fault) -> str:
    return f"r{number}-{fault.pointer.removeprefix('#/')}"


def _faults(judged: Import) -> tuple[FieldError, ...]:
    """One for each wrong cell, named by its row and heading, with the way to it."""
    return tuple(
        FieldError(_cell(one.row.number, fault), _said(one.row.number, fault, judged.sheet))
        for one in judged.rows
        for fault in one.errors
    )


def _said(number: int, fault: Fault, sheet: Sheet) -> str:
    where = _("Row %(row)s, %(column)s") % {
        "row": number,
        "column": words.say(sheet.column(fault.pointer.removeprefix("#/")).heading),
    }
    return where + words.say(words.COLON) + words.say(fault.message)


def _more(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext("One more cell is marked in the grid.", "%(count)s more cells are marked in the grid.", count) % {
        "count": words.count(count)
    }  # fmt: skip


def _found(judged: Import) -> str:
    counts = {one.value: words.count(judged.count(one)) for one in Outcome}
    return _("%(new)s new, %(unchanged)s unchanged, %(refused)s refused. Nothing is entered yet.") % counts


def _enter(count: int) -> str:
    return ngettext("Enter one row", "Enter %(count)s rows", count) % {"count": words.count(count)}


def _summary(judged: Import) -> Grid:
    """What the rows add up to, kind by kind, to compare with one's own books."""
    found = totals(judged)
    several = len(judged.sheet.moneys) > 1
    heads = [(total.kind, total.column) for total in found]
    by_head = {
        head: {total.outcome: total for total in found if (total.kind, total.column) == head}
        for head in dict.fromkeys(heads)
    }
    return Grid(
        key="found",
        title=_("What the rows would be"),
        headings=(
            Heading(
                words.say(judged.sheet.column("kind").heading if judged.sheet.ranks else judged.sheet.title)
            ),
            *(
                wording.number(f"{outcome(one)}{end}")
                for one in Outcome
                for end in (_(" (rows)"), _(" (sum)"))
            ),
        ),
        lines=tuple(
            Line((Cell(_head(*head, judged.sheet, several=several)), *_cells(of)))
            for head, of in by_head.items()
        ),
        unit=_("yuan"),
        notes=_unread(found),
    )


def _head(kind: str, column: str, sheet: Sheet, *, several: bool) -> str:
    named = (
        [choice.text for choice in sheet.column("kind").choices if choice.code == kind] if sheet.ranks else []
    )
    unread: Sequence[Text] = [Text("类型未识别", "kind not read")] if sheet.ranks else []
    parts = [words.say(text) for text in (named or unread)]
    if several or not parts:
        parts.append(words.say(sheet.column(column).heading))
    return words.listed(parts)


def _cells(of: dict[Outcome, Total]) -> Iterable[Cell]:
    for one in Outcome:
        total = of.get(one)
        yield Cell(words.count(total.rows) if total else "0", is_number=True)
        yield Cell(words.yuan(total.amount) if total else words.yuan(Decimal(0)), is_number=True)


def _unread(found: Iterable[Total]) -> tuple[str, ...]:
    count = sum(total.unread for total in found)
    if not count:
        return ()
    said = ngettext(
        "One amount of a refused row could not be read: the sum is without it.",
        "%(count)s amounts of refused rows could not be read: the sums are without them.",
        count,
    )
    return (said % {"count": words.count(count)},)
