"""A fund's quarter as ILPA's templates show it: the Reporting Template and the Performance Template, as workbooks."""

from tasks.ilpa.performance import Performance, performance
from tasks.ilpa.reporting import Reporting, reporting
from tasks.ilpa.subject import Subject

__all__ = ["Performance", "Reporting", "Subject", "performance", "reporting"]
