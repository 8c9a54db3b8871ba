"""Tags that components draw with: sparklines, code with colours, figures. All of it works without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from pygments import highlight as pygmentize
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from parley.core.ui import charts

register = template.Library()

SPARK_WIDTH, SPARK_HEIGHT = 120, 32


NARROWS_NOTHING = {"page", "sort", "order", "format", "month"}


@register.simple_tag(takes_context=True)
def narrowed(context: dict[str, Any], **usual: str) -> int:
    """How many fields of the address narrow a list; one with its `usual` value does not."""
    asked = context["request"].GET
    return sum(
        bool(value.strip()) and name not in NARROWS_NOTHING and value != str(usual.get(name, ""))
        for name, value in asked.items()
    )


@register.simple_tag
def sparkline(values: Sequence[float | None], tone: str = "rep") -> SafeString:
    """A small line of `values`, oldest first, as inline SVG; the last one has a dot. Nothing where none is known.

    It is hidden from screen readers: the figure and its trend beside it say in words what it shows.
    """
    runs = charts.sparkline(values, width=SPARK_WIDTH, height=SPARK_HEIGHT)
    if not runs:
        return SafeString("")
    lines = format_html_join(
        "", '<polyline points="{}"/>', ((" ".join(f"{x},{y}" for x, y in run),) for run in runs if len(run) > 1)
    )
    x, y = runs[-1][-1]
    return format_html(
        '<svg class="sparkline" data-tone="{}" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}'
        '<circle cx="{}" cy="{}" r="2.5"/></svg>',
        tone,
        SPARK_WIDTH,
        SPARK_HEIGHT,
        lines,
        x,
        y,
    )


@register.filter
def figure(value: Any) -> str:
    """A number as people read it, one place after the point at most; a dash when there is none."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return "–"
    return f"{number:,.1f}".removesuffix(".0")


@register.filter
def highlight(code: Any, language: str) -> SafeString:
    """Code as HTML whose words carry classes of Pygments (`k`, `s`, `c1`); the colours are the tokens'.

    Raises pygments.util.ClassNotFound for a language that Pygments does not know.
    """
    marked: str = pygmentize(str(code).strip("\n"), get_lexer_by_name(language), HtmlFormatter(nowrap=True))
    # Pygments escapes what it marks.
    return SafeString(marked.rstrip("\n"))
