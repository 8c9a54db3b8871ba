"""One spelling for what is said: lower case, contractions in full, numbers as digits, a bar for every stop."""

from __future__ import annotations

import re
from decimal import Decimal

_QUOTES = str.maketrans("’‘`´“”–—‑\t\r\f\x0b\n", "''''\"\"---     ")
_FULL = [
    ("won't", "will not"),
    ("can't", "can not"),
    ("n't", " not"),
    ("'re", " are"),
    ("'ve", " have"),
    ("'ll", " will"),
    ("'m", " am"),
    ("let's", "let us"),
]
_PLAIN = [
    ("cannot", "can not"),
    ("gonna", "going to"),
    ("wanna", "want to"),
    ("preapprov", "pre approv"),
    ("prequal", "pre qual"),
]
_SPELLED = ("apr", "nmls", "pmi", "fha")
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
SMALL = {w: n for n, w in enumerate(_ONES.split())} | {
    w: 10 * n
    for n, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2)
}
_PARTS = {"half": 4, "quarter": 2, "quarters": 2, "eighth": 1, "eighths": 1}
_SCALES = {"thousand": 1000, "million": 1_000_000}


def plain(said: str) -> str:
    """The words of one sentence in one spelling."""
    t = said.translate(_QUOTES).lower().replace("%", " percent ").replace("$", " ")
    t = re.sub(r"(\d),(?=\d{3})", r"\1", t)
    t = re.sub(r"(?<=\b[a-z]\.[a-z])\.(?= [a-z0-9])", "", t)
    t = re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", t)
    if "'" in t:
        for short, full in _FULL:
            t = t.replace(short, full)
        t = re.sub(r"\b(it|that|what|who|how|where|there|here|he|she|when|why)'s\b", r"\1 is", t)
        t = t.replace("'d", " would").replace("'", "")
    for short, full in _PLAIN:
        t = t.replace(short, full)
    t = re.sub(r"\bok\b", "okay", t)
    t = re.sub(r"(\d)\.(?=\d)", r"\1·", t)
    t = re.sub(r"(?: - |--+|[.,;:!?…]+ *)+", " | ", t)
    t = re.sub(r"[^\w\s|·]+", " ", t).replace("·", ".")
    t = re.sub(" +", " ", t).strip(" ")
    for letters in _SPELLED:
        t = re.sub(rf"\b{' '.join(letters)}\b", letters, t)
    return _with_digits(t)


def _with_digits(t: str) -> str:
    t = re.sub(r"\b(?:a|an) (hundred|thousand|million)\b", r"one \1", t)
    words, out, k = t.split(" "), [], 0
    while k < len(words):
        if words[k] in SMALL:
            number, k = _number(words, k)
            out.append(number)
        else:
            out.append(words[k])
            k += 1
    return " ".join(out)


def _number(words: list[str], k: int) -> tuple[str, int]:
    """The number that begins at word k, as digits, and where it ends."""
    total = 0
    part, k = _below_hundred(words, k)
    if k < len(words) and words[k] in SMALL and SMALL[words[k]] >= 10 and 1 <= part <= 99:
        more, k = _below_hundred(words, k)  # seven sixty two, twenty twenty one
        part = part * 100 + more
    while k < len(words):
        if words[k] == "hundred" and 1 <= part <= 99:
            part, k = part * 100, k + 1
            if k + 1 < len(words) and words[k] == "and" and words[k + 1] in SMALL:
                k += 1
            if k < len(words) and words[k] in SMALL:
                more, k = _below_hundred(words, k)
                part += more
        elif words[k] in _SCALES:
            total, part, k = (total + part) * _SCALES[words[k]], 0, k + 1
            if k < len(words) and words[k] in SMALL:
                part, k = _below_hundred(words, k)
        else:
            break
    digits = str(total + part)
    if words[k : k + 1] == ["point"] and words[k + 1 : k + 2] and words[k + 1] in SMALL:
        k += 1
        digits += "."
        while k < len(words) and (words[k] in SMALL or words[k] in ("o", "oh")):
            digits += str(SMALL.get(words[k], 0))
            k += 1
    elif len(words) > k + 2 and words[k] == "and" and words[k + 2] in _PARTS:
        if words[k + 1] in ("a", "an", "one"):
            digits, k = digits + _eighths(_PARTS[words[k + 2]]), k + 3
        elif words[k + 1] in ("three", "five", "seven") and words[k + 2] in ("quarters", "eighths"):
            digits, k = digits + _eighths(SMALL[words[k + 1]] * _PARTS[words[k + 2]]), k + 3
    return digits, k


def _below_hundred(words: list[str], k: int) -> tuple[int, int]:
    value, k = SMALL[words[k]], k + 1
    if value >= 20 and k < len(words) and 1 <= SMALL.get(words[k], 0) <= 9:
        value, k = value + SMALL[words[k]], k + 1
    return value, k


def _eighths(count: int) -> str:
    return "." + str(Decimal(count) / 8).split(".")[1]


_DATE = re.compile(
    r"\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tonight|tomorrow"
    r"|this (?:morning|afternoon|evening|week|weekend)|next week|by noon|at noon|right now"
    r"|end of (?:the )?(?:day|week)"
    r"|january|february|april|june|july|august|september|october|november|december|(?:march|may) \d+(?:st|nd|rd|th)?"
    r"|the \d+(?:st|nd|rd|th)|in (?:an|a|\d+) (?:hours?|minutes|days?)|within (?:an|a|\d+) (?:hours?|days?)"
    r"|at \d{1,2}(?:[. ]\d\d)?(?: (?:am|pm|a m|p m|o clock|oclock|sharp|tomorrow|today|your time))?"
    r"|\d{1,2} ?(?:am|pm|a m|p m|o clock))\b"
)


def names_a_date(words: str) -> bool:
    """A day or a time of day."""
    return bool(_DATE.search(words))


_NUMBER = r"(?<![\d.])(?:[2-9]|1[0-4])"
_NO_RATE = "down|of|equity|upfront|up front|premium|funding|seller|loan to value|ltv|dti|debt|back|cash"
_UNITS = "percent|years?|months?|weeks?|days?|times|hours?|million|thousand"
_FEES = r"\b(?:fees?|premium|mip|pmi|insurance|down payment|ltv|dti|debt|ratio|equity|costs?)\b"
_SAYS_RATE = (
    r"\b(?:rates?|apr|interest|fixed|it is|no points|30 year|15 year|today|right now|we are at|would be at"
    r"|you are at|looking at|get you"
    r"|got you|put you|lock you|lock|call it|call you|pencil you|squeeze you|comes? out at"
    r"|hovering (?:right )?(?:at|around))\b"
)
_ANY_RATE = [
    rf"{_NUMBER}\.(?:125|375|625|875|99|990|999)(?![\d.])(?! (?:{_UNITS}))",
    r"\b[2-9](?:00|12|25|37|38|50|62|63|75|87|88|99) percent\b",
    (
        r"\b(?:low|mid|middle|high|upper|lower)(?: to (?:low|mid|middle|high|upper))? "
        r"(?:fives|sixes|sevens|eights|[5-8] ?s)\b"
    ),
    (
        rf"{_NUMBER}\.\d{{1,3}}(?![\d.]) (?:\| )?(?:on|with|for|at) (?:a |an |the |0 |no |1 |2 |your )?"
        r"(?:va|fha|usda|conventional|\d+ year|1?5|30|arm|point|points|lock|zero)"
    ),
    (
        r"\brates? (?:today )?(?:is|are|would be|comes to|starts at|starting at|of|at) (?:about |around |roughly )?"
        r"(?:[2-9]|1[0-4])(?:\.\d+)?\b"
    ),
]
_OTHERS = (
    r"\b(?:they|he|she|him|his|her|their|other lenders?|other quote|competitor|you were quoted|you got|you said"
    r"|you mentioned|you heard"
    r"|you told|your current|current rate|your existing|existing rate|you are paying|you pay now|you have now"
    r"|your old|the 1 point"
    r"|that quote|your quote"
    r"|you took|you had|you locked in|you have been paying|your (?:1st|first|original|low)|old (?:rate|loan|mortgage)"
    r"|years ago|back then|is gone|in 20\d\d|keep(?:s|ing)? your"
    r"|(?:lose|loses|losing|give up|gives up|giving up|gave up|lost) (?:the|your|that|a))\b"
)
_OURS = r"\b(?:ours?|we can|we are|we have|we could|i can|i could|i have|i would quote|today our)\b"


def names_a_rate(words: str) -> bool:
    """Does the rep quote 2 to 15 percent as a rate of one's own?"""

    def has(pattern: str) -> bool:
        return bool(re.search(pattern, words))

    decimal = has(rf"{_NUMBER}\.\d{{1,3}} percent(?! (?:{_NO_RATE}|monthly|mip))")
    whole = has(rf"{_NUMBER} percent(?! (?:{_NO_RATE}|gift))")
    quarter = has(rf"{_NUMBER}\.(?:5|50|500|25|250|75|750)(?![\d.])(?! (?:{_UNITS}|points?))")
    digits = has(r"(?<![\d.] )\b[2-9] (?:1 2 5|2 5|3 7 5|5 0|6 2 5|7 5|8 7 5|9 9)\b(?! [\d])")
    found = (
        (decimal and (has(r"\b(?:rates?|apr|interest)\b") or not has(_FEES)))
        or (whole and has(r"\b(?:rates?|interest|fixed|apr)\b"))
        or (quarter and has(_SAYS_RATE))
        or (digits and has(r"\b(?:percent|rates?|apr|fixed|at)\b"))
        or any(map(has, _ANY_RATE))
    )
    return found and (not has(_OTHERS) or has(_OURS))
