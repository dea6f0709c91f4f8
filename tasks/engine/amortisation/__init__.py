"""Repayment of loans: schedules to the cent, and the annuity functions that spreadsheets have."""

from tasks.engine.amortisation.annuity import cumipmt, cumprinc, ipmt, pmt, ppmt, rate
from tasks.engine.amortisation.periods import Period, period_factors
from tasks.engine.amortisation.plan import Terms, TooManyInstalments, plan
from tasks.engine.amortisation.schedule import Instalment, schedule

__all__ = [
    "Instalment",
    "Period",
    "Terms",
    "TooManyInstalments",
    "cumipmt",
    "cumprinc",
    "ipmt",
    "period_factors",
    "plan",
    "pmt",
    "ppmt",
    "rate",
    "schedule",
]
