"""Who holds what behind the funds 穿透: a fund's firms attributed to those who own the fund, to the fen.

The definition. Funds are taken from the bottom upwards, each after all the funds it holds a stake in.
What a fund holds of a firm is its own holdings of it and what the funds below pass up to it. That sum,
whole fen, is split once over the fund's holders by their shares and the largest remainder; the part of a
holder is what it holds of the firm `via` this fund, whatever lies below. What the shares leave of 100 %
is one more party, the `rest`: outside investors, or holders whose share is not known. Equal remainders
go to the earlier holder (numbers before texts, each ascending), the rest comes last.

So over all holders and the rest nothing is lost or counted twice: of every fund, and hence over all who
are owned by nobody in the graph. An amount lies less than one fen off its exact share for each split on
its way. A firm is added up over leaves (`by_firm`), a fund over its edges, never both together.

The residual of a fund, cash and other, is its net assets less all it holds of firms, looked through. It
is split in the same way and shown, never spread over firms. What is not reported is never zero: it has a
reason (`tasks.engine.value`), and so has each residual that it would falsify.
"""

from tasks.engine.lookthrough.ascent import attribute
from tasks.engine.lookthrough.errors import CyclicOwnership, ShareAboveWhole, UnableToAttributeError
from tasks.engine.lookthrough.result import Amount, Attribution, Column, Exposure, Gap
from tasks.engine.lookthrough.rows import Basis, Holding, NetAssets, Node, Stake

__all__ = [
    "Amount",
    "Attribution",
    "Basis",
    "Column",
    "CyclicOwnership",
    "Exposure",
    "Gap",
    "Holding",
    "NetAssets",
    "Node",
    "ShareAboveWhole",
    "Stake",
    "UnableToAttributeError",
    "attribute",
]
