"""Trends read as words, sparklines fit their box, and a chart and its table say the same."""

from __future__ import annotations

from typing import Literal

import pytest

from parley.core.ui.charts import Chart, Series, Trend, sparkline


@pytest.mark.parametrize(
    ("delta", "better", "words", "tone"),
    [
        (4.2, "up", "up 4.2 points since May", "good"),
        (-3.0, "up", "down 3 points since May", "poor"),
        (-3.0, "down", "down 3 points since May", "good"),
        (0.04, "up", "no change since May", "quiet"),
        (5, "none", "up 5 points since May", "quiet"),
    ],
)
def test_a_trend_says_where_it_goes(delta: float, better: Literal["up", "down", "none"], words: str, tone: str) -> None:
    trend = Trend(delta, "points", "since May", better)
    assert (trend.words, trend.tone) == (words, tone)


def test_a_sparkline_rises_with_its_values_and_breaks_where_one_is_missing() -> None:
    runs = sparkline([0, 50, None, 100], width=100, height=20)
    assert [len(run) for run in runs] == [2, 1]
    assert runs[0][0] == (2.0, 18.0)
    assert runs[1][0] == (98.0, 2.0)
    assert sparkline([None, None]) == []
    assert sparkline([7], width=100, height=20) == [[(50.0, 10.0)]]


def test_the_table_of_a_chart_has_every_point() -> None:
    chart = Chart("line", "Score", ["Mon", "Tue"], [Series("Me", [1, None]), Series("Team", [2])], hrefs=["/a/"])
    assert chart.rows == [("Mon", "/a/", [1, 2]), ("Tue", "", [None, None])]
    assert Chart("line", "Score", ["Mon"], [Series("Me", [None])]).is_empty
