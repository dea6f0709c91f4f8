"""Why an ownership graph cannot be looked through at all."""

from collections.abc import Sequence


class UnableToAttributeError(ValueError):
    """A row contradicts itself or another one; the message names it."""


class CyclicOwnership(UnableToAttributeError):
    """Funds own each other in a circle; `funds` names them, each the holder of the next, the last of the first."""

    def __init__(self, funds: Sequence[int | str]) -> None:
        self.funds = tuple(funds)
        super().__init__("ownership runs in a circle: " + " -> ".join(map(str, [*funds, funds[0]])))


class ShareAboveWhole(UnableToAttributeError):
    """More than 100 % of `fund` is held, by one holder or by all of them together."""

    def __init__(self, fund: int | str, *, by: str) -> None:
        self.fund = fund
        super().__init__(f"more than 100 % of fund {fund} is held by {by}")
