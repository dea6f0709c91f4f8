"""Pour strips into pages: from the top down, breaking only where a strip lets go of the next one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tasks.briefing import sheet
from tasks.briefing.pen import Pen

Draw = Callable[[Pen, float, float], None]
HAIRBREADTH = 0.01  # forgives the rounding of sums


@dataclass(frozen=True, slots=True)
class Strip:
    """A horizontal piece of the type area that is never cut.

    `draw(pen, top, height)` sets it below `top`. `space` is the white above it, dropped at the head of a
    page. `keep` ties it to the next strip. `least`, when given, is how low it may be pressed to stay on
    a page. `running` is set again above it if it is the first of a page. `fresh` asks for a new page,
    `sink` for the foot of the page. `ends` is False for a piece of a table row that goes on in the next.
    """

    height: float
    draw: Draw
    space: float = 0.0
    keep: bool = False
    least: float | None = None
    running: "Strip | None" = None
    fresh: bool = False
    sink: bool = False
    ends: bool = True


@dataclass(slots=True)
class Pages:
    """The pages being filled. `mark` is drawn under the content of each (a draft's watermark)."""

    pen: Pen
    mark: str | None = None
    page: int = 0
    cursor: float = 0.0
    used: bool = field(default=False)

    def turn(self) -> None:
        """Finish the page, if there is one, and begin the next."""
        if self.page:
            self.pen.canvas.showPage()
        self.page += 1
        if self.mark:
            sheet.watermark(self.pen, self.mark)
        sheet.number(self.pen, self.page)
        self.cursor, self.used = sheet.TOP, False

    def room(self) -> float:
        """The height left in the type area."""
        return self.cursor - sheet.BOTTOM + HAIRBREADTH

    def set(self, strip: Strip, height: float) -> None:
        """Draw a strip at the cursor and move below it."""
        if self.used:
            self.cursor -= strip.space
        if strip.sink:
            self.cursor = sheet.BOTTOM + height
        strip.draw(self.pen, self.cursor, height)
        self.cursor -= height
        self.used = True

    def place(self, group: list[Strip]) -> None:
        """Set strips that belong together, on a new page if this one has no room for all of them."""
        if self.used and (group[0].fresh or self.wanted(group, pressed=True) > self.room()):
            self.turn()
        if not self.used and group[0].running:
            self.set(group[0].running, group[0].running.height)
        excess = max(0.0, self.wanted(group, pressed=False) - self.room())
        for strip in group:
            give = min(excess, strip.height - strip.least) if strip.least is not None else 0.0
            excess -= give
            self.step(strip, strip.height - give)

    def step(self, strip: Strip, height: float) -> None:
        """Set one strip of a group; a group higher than a page goes over, strip by strip."""
        if self.used and height + strip.space > self.room():
            self.turn()
            if strip.running:
                self.set(strip.running, strip.running.height)
        self.set(strip, height)

    def wanted(self, group: list[Strip], *, pressed: bool) -> float:
        """The height of a group below the cursor, with pressable strips at their lowest or in full."""
        first = group[0].space if self.used else 0.0
        heights = (s.least if pressed and s.least is not None else s.height for s in group)
        return first + sum(heights) + sum(strip.space for strip in group[1:])


def pour(strips: Iterable[Strip], pages: Pages) -> None:
    """Set every strip in order. Strips are taken as they are needed, so a long table costs no memory."""
    pages.turn()
    group: list[Strip] = []
    for strip in strips:
        group.append(strip)
        if not strip.keep:
            pages.place(group)
            group = []
    if group:
        pages.place(group)
    pages.pen.canvas.showPage()
