"""The content tree of an issue as JSON, and back: what is kept of an edition beside its file.

A tree that was kept is set again byte for byte, whatever the database has learned since.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from tasks.briefing import layout
from tasks.briefing.origin import Form, Printed, Ref, Rule, Term

KINDS = {
    kind.__name__: kind
    for kind in (
        layout.Chart, layout.Colophon, layout.Column, layout.Issue, layout.Limit, layout.Paragraph, layout.Section,
        layout.Series, layout.Subheading, layout.Table, layout.Tile,
    )
}  # fmt: skip


def kept(node: Any) -> Any:
    """A node of the tree as JSON. Texts and numbers are themselves, tuples lists, all else objects that say what
    they are: {"is": "Table", …}, {"is": "Printed", "text": "3.50%", "of": [["2026-10", "loans.npl_ratio", "", ""]], …}.
    """
    match node:
        case Printed():
            value = None if node.value is None else str(node.value)
            return {
                "is": "Printed", "text": str(node), "of": [list(ref) for ref in node.of], "rule": node.rule.value,
                "form": node.form.value, "unit": str(node.unit), "value": value, "places": node.places,
            }  # fmt: skip
        case Term():
            return {"is": "Term", "text": str(node), "code": node.code}
        case layout.ChartKind():
            return {"is": "ChartKind", "text": node.value}
        case date():
            return {"is": "date", "text": node.isoformat()}
        case tuple():
            return [kept(one) for one in node]
        case str() | int() | float() | None if not isinstance(node, Enum):
            return node
        case _ if is_dataclass(node) and type(node).__name__ in KINDS:
            said = {field.name: kept(getattr(node, field.name)) for field in fields(node)}
            return {"is": type(node).__name__, **said}
    raise TypeError(f"{type(node).__name__} is no part of an issue")


def revived(said: Any) -> Any:
    """The node that `kept` made this of."""
    if isinstance(said, list):
        return tuple(revived(one) for one in said)
    if not isinstance(said, dict):
        return said
    named = {name: value for name, value in said.items() if name != "is"}
    match said["is"]:
        case "Printed":
            value = named["value"]
            return Printed(
                named["text"], of=(Ref(*ref) for ref in named["of"]), rule=Rule(named["rule"]), unit=named["unit"],
                form=Form(named["form"]), value=None if value is None else Decimal(value), places=named["places"],
            )  # fmt: skip
        case "Term":
            return Term(named["text"], code=named["code"])
        case "ChartKind":
            return layout.ChartKind(named["text"])
        case "date":
            return date.fromisoformat(named["text"])
        case kind:
            return KINDS[kind](**{name: revived(value) for name, value in named.items()})
