"""What one method of an API view is: its action, wording, shapes and examples, declared once.

Permission, OpenAPI and the authorisation matrix all read this declaration.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rest_framework.serializers import BaseSerializer

from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text


@dataclass(frozen=True)
class Query:
    """One query parameter."""

    name: str
    text: Text
    required: bool = False
    choices: tuple[str, ...] = ()
    example: str = ""


@dataclass(frozen=True)
class Operation:
    """`status` is that of success. `example` is a request body that succeeds on its own `path`
    parameters where the tests can play it; `answer` an example of the response."""

    action: str
    summary: Text
    status: int = 200
    request: type[BaseSerializer[Any]] | None = None
    response: type[BaseSerializer[Any]] | None = None
    many: bool = False
    query: tuple[Query, ...] = ()
    example: dict[str, Any] | None = None
    answer: Any = None
    problems: tuple[type[Problem], ...] = ()
    #: POSTs carry an Idempotency-Key unless they are harmless to repeat by nature.
    idempotent: bool = True
    #: The handler opens its own scopes and transactions (streams in or out).
    own_transactions: bool = False
    needs_version: bool = False
    #: It answers 202 in the same shape where the work takes longer than a caller should wait.
    may_take_longer: bool = False
    #: Which rate of `rest.rates` it draws from; reads draw from `read` unless they name another.
    rate: str = ""
    #: Names of the answer that are secrets: null in the stored answer and so in every replay.
    shown_once: tuple[str, ...] = ()
    #: Media type of a body or answer that is no JSON.
    consumes: str = ""
    produces: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
