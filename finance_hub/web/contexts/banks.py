"""`/banks/<code>`."""

from dataclasses import dataclass

from finance_hub.web.contexts.sheets import Asking


@dataclass(frozen=True, slots=True)
class Bank:
    name: str
    code: str
    asking: Asking
