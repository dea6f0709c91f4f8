"""How many firms will be listed by a deadline 上市预测: the pipeline's own history, carried on.

A listing is a road of stages. A firm stays in a stage for a time that is drawn from how long firms have
stayed there, and then goes on, or drops out, with the share that has; both depend on the stage alone, and
the time on what was spent there already (a semi-Markov chain). Firms are independent of each other: a window
that closes for all of them makes both ends of the distribution more likely than it says.

A worked example is in `docs/listing-forecast.md`.
"""

from tasks.engine.forecast.distribution import Chance, Distribution, poisson_binomial
from tasks.engine.forecast.history import Entry, candidates_from, stages_from
from tasks.engine.forecast.listings import BEYOND_HISTORY, THIN_HISTORY, Candidate, listings_by
from tasks.engine.forecast.stages import LISTED, OUT, SUSPENDED, Prior, Spell, Stage, Stages

__all__ = [
    "BEYOND_HISTORY",
    "LISTED",
    "OUT",
    "SUSPENDED",
    "THIN_HISTORY",
    "Candidate",
    "Chance",
    "Distribution",
    "Entry",
    "Prior",
    "Spell",
    "Stage",
    "Stages",
    "candidates_from",
    "listings_by",
    "poisson_binomial",
    "stages_from",
]
