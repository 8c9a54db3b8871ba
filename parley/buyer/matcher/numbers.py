"""Numbers as reps say them: `six point three seven five`, `six and a half`, `four twenty-five thousand`, `$425k`."""

from __future__ import annotations

import re

_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: n for n, word in enumerate(_SMALL.split())}
_TENS = {word: 10 * n for n, word in enumerate(_ROUND.split(), start=2)}
_SCALES = {"thousand": 1_000, "grand": 1_000, "million": 1_000_000}
_FRACTIONS = {"half": 0.5, "quarter": 0.25, "eighth": 0.125, "eighths": 0.125, "quarters": 0.25}
_DIGITS = {**{w: i for w, i in _UNITS.items() if i < 10}, "oh": 0, "o": 0}
_NUMERAL = re.compile(r"^\$?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(k|m)?%?$")

_CLASSES = ("<rate>", "<money>", "<number>")


def classify(value: float, *, percent: bool = False) -> str:
    """The kind of number: an interest rate (2..15 with a fraction), money (1,000 and up), or another number."""
    if 2 <= value <= 15 and (value != int(value)):
        return "<rate>"
    if value >= 1000 and not percent:
        return "<money>"
    return "<number>"


def is_number_class(token: str) -> bool:
    return token in _CLASSES


def read_numbers(tokens: list[str]) -> list[str]:
    """The tokens with each spoken or written number replaced by its value, as text: `6.375`, `425000`.

    Single small numbers in words (`one`, `two`) stay words, since they are seldom figures.
    """
    out: list[str] = []
    i = 0
    while i < len(tokens):
        value, used = _number_at(tokens, i)
        if used == 0 or (used == 1 and tokens[i] in ("one", "oh", "o", "a", "point", "second")):
            out.append(tokens[i])
            i += 1
            continue
        out.append(_as_text(value))
        i += used
    return out


def _as_text(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.4f}".rstrip("0")


def _number_at(tokens: list[str], i: int) -> tuple[float, int]:
    """The number that begins at `i` and how many tokens it takes; 0 tokens means there is none."""
    numeral = _NUMERAL.match(tokens[i])
    if numeral:
        value = float(numeral.group(1).replace(",", "") + (numeral.group(2) or ""))
        value *= {"k": 1_000, "m": 1_000_000, None: 1}[numeral.group(3)]
        if i + 1 < len(tokens) and tokens[i + 1] in _SCALES:
            return value * _SCALES[tokens[i + 1]], 2
        return value, 1
    whole, used = _whole_at(tokens, i)
    if used == 0:
        return 0.0, 0
    after = i + used
    if after < len(tokens) and tokens[after] == "point":
        digits, more = _digits_at(tokens, after + 1)
        if more:
            return float(f"{int(whole)}.{digits}"), used + 1 + more
    fraction, more = _fraction_at(tokens, after)
    return whole + fraction, used + more


def _whole_at(tokens: list[str], i: int) -> tuple[float, int]:
    """A whole number, also in the telephone way: `seven sixty-two` is 762, `twenty-two forty-six` is 2246."""
    total, used = _below_hundred(tokens, i)
    if used == 0:
        return 0.0, 0
    while i + used < len(tokens):
        word = tokens[i + used]
        if word == "hundred" and total < 100:
            total, used = total * 100, used + 1
            if i + used + 1 < len(tokens) and tokens[i + used] == "and" and _below_hundred(tokens, i + used + 1)[1]:
                used += 1
            rest, more = _below_hundred(tokens, i + used)
            total, used = total + rest, used + more
        elif word in _SCALES:
            total, used = total * _SCALES[word], used + 1
            below, more = _whole_at(tokens, i + used)
            return (total + below, used + more) if more and below < total else (total, used)
        elif word in ("oh", "o") and total < 100 and i + used + 1 < len(tokens) and tokens[i + used + 1] in _DIGITS:
            total, used = total * 100 + _DIGITS[tokens[i + used + 1]], used + 2
        else:
            rest, more = _below_hundred(tokens, i + used)
            if more and rest >= 10 and total < 100:
                total, used = total * 100 + rest, used + more
            else:
                break
    return float(total), used


def _below_hundred(tokens: list[str], i: int) -> tuple[int, int]:
    if i >= len(tokens):
        return 0, 0
    word = tokens[i]
    if word in _TENS:
        if i + 1 < len(tokens) and 0 < _UNITS.get(tokens[i + 1], 99) < 10:
            return _TENS[word] + _UNITS[tokens[i + 1]], 2
        return _TENS[word], 1
    if word in _UNITS:
        return _UNITS[word], 1
    if word == "a" and i + 1 < len(tokens) and tokens[i + 1] in ("hundred", "thousand"):
        return 1, 1
    return 0, 0


def _digits_at(tokens: list[str], i: int) -> tuple[str, int]:
    digits, used = "", 0
    while i + used < len(tokens) and len(digits) < 5:
        word = tokens[i + used]
        if word in _DIGITS:
            digits += str(_DIGITS[word])
        elif word in _TENS or word in _UNITS:
            value, more = _below_hundred(tokens, i + used)
            return digits + str(value), used + more
        elif word.isdigit():
            digits += word
        else:
            break
        used += 1
    return digits, used


def _fraction_at(tokens: list[str], i: int) -> tuple[float, int]:
    """`and a half`, `and three eighths`, `and an eighth` after a whole number."""
    if i + 2 < len(tokens) + 0 and tokens[i] == "and" and tokens[i + 2] in _FRACTIONS:
        count = 1 if tokens[i + 1] in ("a", "an") else _UNITS.get(tokens[i + 1], 0)
        if 0 < count < 8:
            return count * _FRACTIONS[tokens[i + 2]], 3
    return 0.0, 0
