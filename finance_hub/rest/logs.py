"""One line an event: JSON, so that nothing a stranger sends can forge a second line."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import orjson

from finance_hub.kernel.text import printable


class OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": printable(record.getMessage()),
        }
        if record.exc_info:
            said["error"] = printable(self.formatException(record.exc_info))
        return orjson.dumps(said).decode()
