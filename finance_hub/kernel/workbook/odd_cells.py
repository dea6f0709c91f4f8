"""What a sheet holds that its reader shows as an empty cell or as another number."""

from __future__ import annotations

from xml.parsers import expat

from finance_hub.kernel.workbook import limits
from finance_hub.kernel.workbook.places import column_of
from finance_hub.kernel.workbook.refused import Refused

#: Of a row, counted from 1: its odd columns, counted from 0, each with a code and the text it shows.
Oddities = dict[int, dict[int, tuple[str, str]]]

ERROR, NO_VALUE, PERCENT = "cell-error", "formula-without-value", "cell-percent"
_DIGITS, _DIGITS_OF_A_ROW = "0123456789", 9
#: An error is a word; nobody needs more of a text that is none.
_LONGEST = 40


class SheetWalk:
    """Told of the elements of a sheet; `found` is what is odd. Raises Refused beyond the limits.

    The handlers run for every cell of the file, so they do little.
    """

    def __init__(self, *, percentages: frozenset[str]) -> None:
        self.found: Oddities = {}
        self._percentages = percentages
        self._row, self._row_name, self._column = 0, "", -1
        self._filled_row = 0
        self._filled_rows = 0
        self._rows, self._last_column = range(0), -1
        self._kind = self._style = ""
        self._has_formula = self._has_value = False
        self._text: list[str] = []

    def attach(self, parser: expat.XMLParserType) -> None:
        self._parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name if ":" not in name else name.rpartition(":")[2]
        if local == "c":
            place = attributes.get("r")
            if place:
                name_of_column = place.rstrip(_DIGITS)
                if place != name_of_column + self._row_name:
                    raise Refused("damaged")  # it would stand in one row for us and in another for the reader
                self._column = column_of(name_of_column)
            else:
                self._column += 1
            self._kind, self._style = attributes.get("t", ""), attributes.get("s", "")
            self._has_formula = self._has_value = False
            self._text.clear()
        elif local == "v":
            self._has_value = True
            if self._has_formula or self._kind == "e":
                self._parser.CharacterDataHandler = self._text.append
        elif local == "f":
            self._has_formula = True
        elif local == "is":
            self._has_value = True
        elif local == "row":
            self._begin_row(attributes.get("r"))

    def _begin_row(self, place: str | None) -> None:
        if place is None:
            self._row += 1
        elif place.isascii() and place.isdigit() and len(place) < _DIGITS_OF_A_ROW:
            self._row = int(place)
        else:
            raise Refused("damaged")
        self._row_name, self._column = str(self._row), -1

    def _end(self, name: str) -> None:
        local = name if ":" not in name else name.rpartition(":")[2]
        if local == "c":
            if self._has_value or self._has_formula:
                self._judge()
        elif local == "v":
            self._parser.CharacterDataHandler = None

    def _judge(self) -> None:
        self._measure()
        if self._kind == "e":
            self._note(ERROR)
        elif self._has_formula and (not self._has_value or (not self._text and self._kind != "str")):
            self._note(NO_VALUE)
        elif self._style in self._percentages and self._kind in {"", "n"}:
            self._note(PERCENT)

    def _note(self, code: str) -> None:
        self.found.setdefault(self._row, {})[self._column] = (code, "".join(self._text)[:_LONGEST])

    def _measure(self) -> None:
        """The rectangle around the values is what the reader keeps in memory."""
        if self._row != self._filled_row:
            self._filled_row = self._row
            self._filled_rows += 1
            if self._filled_rows > limits.MOST_ROWS + 1:  # the header is no row
                raise Refused("too-many-rows", most=limits.MOST_ROWS)
            first = min(self._row, self._rows.start) if self._rows else self._row
            self._rows = range(first, max(self._row + 1, self._rows.stop))
        elif 0 <= self._column <= self._last_column:
            return
        if not 0 <= self._column < limits.MOST_COLUMNS:
            raise Refused("too-many-columns", most=limits.MOST_COLUMNS)
        self._last_column = max(self._column, self._last_column)
        if len(self._rows) * (self._last_column + 1) > limits.MOST_CELLS:
            raise Refused("too-many-cells", most=limits.MOST_CELLS)
