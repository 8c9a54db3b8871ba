"""Charts, sparklines and trends as data. The page draws them from a table, so that nobody needs the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["line", "bar", "stacked", "radar", "doughnut"]
Tone = Literal["rep", "buyer", "good", "watch", "poor", "quiet"]


@dataclass(frozen=True)
class Series:
    """One line or set of bars. `values` go with the chart's labels, None where nothing is known.

    `tone` picks a colour of the tokens; without one the series take them in order.
    """

    label: str
    values: Sequence[float | None]
    tone: Tone | Literal[""] = ""


@dataclass(frozen=True)
class Chart:
    """A chart and the table that says the same.

    `labels` name the points (days already in the reader's time zone), `unit` follows each number in words, `floor`
    and `ceiling` fix the axis, `mark` draws one level such as the pass mark. `hrefs` lead from a point to what it
    counts.
    """

    kind: Kind
    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    heading: str = "Date"
    unit: str = ""
    floor: float | None = None
    ceiling: float | None = None
    mark: float | None = None
    mark_label: str = ""
    hrefs: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        return not any(value is not None for one in self.series for value in one.values)

    @property
    def rows(self) -> list[tuple[str, str, list[float | None]]]:
        """Label, address and values of each point: the rows of the table."""
        width = len(self.labels)
        hrefs = [*self.hrefs, *[""] * width]
        return [
            (label, hrefs[i], [one.values[i] if i < len(one.values) else None for one in self.series])
            for i, label in enumerate(self.labels)
        ]


@dataclass(frozen=True)
class Trend:
    """How a figure moved. `better` says which way is good; `none` means neither is."""

    delta: float
    unit: str = ""
    since: str = ""
    better: Literal["up", "down", "none"] = "up"

    @property
    def way(self) -> str:
        return "flat" if round(self.delta, 1) == 0 else "up" if self.delta > 0 else "down"

    @property
    def tone(self) -> str:
        """good, poor or quiet."""
        if self.way == "flat" or self.better == "none":
            return "quiet"
        return "good" if self.way == self.better else "poor"

    @property
    def words(self) -> str:
        """`up 4.2 points since last month`; a screen reader hears this, the page shows an arrow besides."""
        if self.way == "flat":
            return f"no change {self.since}".strip()
        size = f"{abs(self.delta):.1f}".removesuffix(".0")
        return " ".join(part for part in (self.way, size, self.unit, self.since) if part)


def sparkline(values: Sequence[float | None], *, width: int = 120, height: int = 32) -> list[list[tuple[float, float]]]:
    """The runs of points (x, y) of a small line chart; a missing value breaks the line.

    Coordinates fit `width` x `height` with 2 units kept free at the edges; y grows downward as in SVG. A single
    value lies in the middle.
    """
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, span = min(known), max(known) - min(known)
    step = (width - 4) / max(1, len(values) - 1)
    runs: list[list[tuple[float, float]]] = [[]]
    for i, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        share = (value - low) / span if span else 0.5
        x = 2 + i * step if len(values) > 1 else width / 2
        runs[-1].append((round(x, 1), round(height - 2 - share * (height - 4), 1)))
    return [run for run in runs if run]
