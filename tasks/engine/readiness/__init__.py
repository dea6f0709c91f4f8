"""Which listing standards a firm meets, fails, or cannot be judged by yet, and what each still asks for.

A condition is a tree of limbs under `AllOf` and `AnyOf`, and has one of three verdicts. `AllOf` fails where
a part surely fails, is unknown where one is undecided, and is met otherwise; `AnyOf` is met where a part is,
fails where all do, and is unknown otherwise. Each limb is judged on its own: a figure that is missing never
fails one, but what is known may, as one year of loss fails "a profit in each of two years", and a loss after
non-recurring items fails "a profit", whatever the figure before them.
"""

from tasks.engine.readiness.assessment import Assessment, Gap, Verdict, Way, assess, nearest
from tasks.engine.readiness.conditions import AllOf, AnyOf, Condition, Kind, Limb, Standard
from tasks.engine.readiness.figures import Missing
from tasks.engine.readiness.financials import FACTS, Financials, MarketCap, Unit, Year
from tasks.engine.readiness.metrics import METRICS
from tasks.engine.readiness.reading import read

__all__ = [
    "FACTS",
    "METRICS",
    "AllOf",
    "AnyOf",
    "Assessment",
    "Condition",
    "Financials",
    "Gap",
    "Kind",
    "Limb",
    "MarketCap",
    "Missing",
    "Standard",
    "Unit",
    "Verdict",
    "Way",
    "Year",
    "assess",
    "nearest",
    "read",
]
