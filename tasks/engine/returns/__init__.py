"""Returns of cash-flow series: an investor's outflow is negative, an inflow positive."""

from tasks.engine.returns.batch import xirr_many
from tasks.engine.returns.dated import xirr, xnfv, xnpv
from tasks.engine.returns.multiples import Multiples, multiples
from tasks.engine.returns.periodic import irr, mirr, npv

__all__ = ["Multiples", "irr", "mirr", "multiples", "npv", "xirr", "xirr_many", "xnfv", "xnpv"]
