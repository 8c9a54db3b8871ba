"""Every pair of colours that carries words or meaning can be told apart, in light and in dark (WCAG 2.2, AA)."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "frontend" / "css" / "tokens.css"
WORDS, SIGNS = 4.5, 3.0
"""The least contrast of text (1.4.3), and of what is not text but means something (1.4.11)."""

PAIRS = [
    *[("foreground", ground, WORDS) for ground in ("background", "card", "popover", "muted", "accent")],
    *[("muted-foreground", ground, WORDS) for ground in ("background", "card", "popover", "muted", "secondary")],
    ("primary-foreground", "primary", WORDS),
    ("secondary-foreground", "secondary", WORDS),
    ("accent-foreground", "accent", WORDS),
    ("sidebar-foreground", "sidebar", WORDS),
    ("sidebar-accent-foreground", "sidebar-accent", WORDS),
    *[("primary", ground, WORDS) for ground in ("background", "card")],
    *[("destructive", ground, WORDS) for ground in ("background", "card")],
    *[(f"{tone}-ink", f"{tone}-soft", WORDS) for tone in ("rep", "buyer", "good", "watch", "poor")],
    *[(f"{tone}-ink", "card", WORDS) for tone in ("rep", "buyer", "good", "watch", "poor")],
    *[("input", ground, SIGNS) for ground in ("background", "card", "popover")],
    *[("ring", ground, SIGNS) for ground in ("background", "card")],
    *[(tone, "card", SIGNS) for tone in ("rep", "buyer", "good", "poor")],
    *[(f"code-{part}", "code", WORDS) for part in ("foreground", "quiet", "word", "string", "name")],
]


def _themes() -> dict[str, dict[str, str]]:
    text = re.sub(r"/\*.*?\*/", "", TOKENS.read_text(), flags=re.DOTALL)
    light_block, dark_block = re.search(r":root,\s*\.light \{(.*?)\n\}\s*\.dark \{(.*?)\n\}", text, re.DOTALL).groups()  # type: ignore[union-attr]
    light = dict(re.findall(r"--([\w-]+):\s*([^;]+);", light_block))
    return {"light": light, "dark": {**light, **dict(re.findall(r"--([\w-]+):\s*([^;]+);", dark_block))}}


def _luminance(tokens: dict[str, str], name: str) -> float:
    """Relative luminance of an oklch token, clipped into sRGB (Ottosson 2020; WCAG 2.2)."""
    value = tokens[name]
    while alias := re.fullmatch(r"var\(--([\w-]+)\)", value):
        value = tokens[alias[1]]
    lightness, chroma, hue = map(float, re.fullmatch(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", value).groups())  # type: ignore[union-attr]
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long, medium, short = (
        (lightness + x * a + y * b) ** 3
        for x, y in ((0.3963377774, 0.2158037573), (-0.1055613458, -0.0638541728), (-0.0894841775, -1.2914855480))
    )
    rgb = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    red, green, blue = (min(1.0, max(0.0, part)) for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(tokens: dict[str, str], one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(tokens, one), _luminance(tokens, other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_can_be_told_apart(theme: str) -> None:
    tokens = _themes()[theme]
    weak = [
        f"{theme}: {ink} on {ground} is {found:.2f}, wanted {least}"
        for ink, ground, least in PAIRS
        if (found := _contrast(tokens, ink, ground)) < least
    ]
    assert not weak, "\n".join(weak)


def test_the_measure_itself_is_right() -> None:
    tokens = {"white": "oklch(1 0 0)", "black": "oklch(0 0 0)", "grey": "oklch(0.5999 0 0)"}
    assert _contrast(tokens, "white", "black") == pytest.approx(21, abs=0.01)
    assert _contrast(tokens, "white", "grey") == pytest.approx(1.05 / (0.5999**3 + 0.05), abs=0.01)


def test_no_stylesheet_beside_the_tokens_invents_a_dark_theme() -> None:
    """Components take colours by name; only the faces of people tint themselves."""
    folder = TOKENS.parent / "components"
    guilty = [
        path.name
        for path in folder.glob("*.css")
        if path.name != "persona.css" and re.search(r"^\s*\.dark ", path.read_text(), re.MULTILINE)
    ]
    assert guilty == []
