"""A fund's quarter as ILPA's templates show it: the Reporting Template and the Performance Template, as workbooks."""

from collections.abc import Callable, Mapping

from tasks.ilpa import performance_book, reporting_book
from tasks.ilpa.performance import Performance, performance
from tasks.ilpa.reporting import Reporting, reporting
from tasks.ilpa.subject import Subject

#: The workbook of each template.
WORKBOOKS: Mapping[str, Callable[[Subject], bytes]] = {
    "reporting": lambda of: reporting_book.workbook(reporting(of)),
    "performance": lambda of: performance_book.workbook(performance(of)),
}

__all__ = ["WORKBOOKS", "Performance", "Reporting", "Subject", "performance", "reporting"]
