"""Plain signs in a turn that need no scenario: a day or time, a goodbye, rudeness, talk that breaks the play."""

from __future__ import annotations

import re

_DAY = re.compile(
    r"\b(tomorrow|tonight|today|this (morning|afternoon|evening|week|weekend)|next (week|month|mon|tues|wednes|thurs|fri|satur|sun)\w*"
    r"|(mon|tues|wednes|thurs|fri|satur|sun)days?|in (an?|one|two|three|half an|\d+) (hour|minute|day|week)s?"
    r"|(january|february|march|april|may|june|july|august|september|october|november|december) (the )?(\d+|first|second|third|"
    r"fourth|fifth|sixth|seventh|eighth|ninth|tenth|\w+teenth|twent\w+|thirt\w+)"
    r"|day after|end of the week|first thing|right now|this minute)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(at|around|by|after|before) (noon|midday|lunch|half past \w+|a quarter (to|past) \w+|"
    r"(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})( ?(:\d\d|thirty|fifteen|forty.?five|o'?clock|a\.?m\.?|p\.?m\.?|in the))?)\b"
    r"|\b\d{1,2} ?(a\.?m|p\.?m)\b|\bo'?clock\b",
    re.IGNORECASE,
)
_GOODBYE = re.compile(
    r"\b(good ?bye|bye( |-)?bye|bye now|have a (good|great|nice|wonderful) (one|day|evening|night|weekend|afternoon)|take care|"
    r"(talk|speak|see|chat) (to |with )?you (soon|later|then|tomorrow|on|next)|i('ll| will) let you go)\b|\bbye\b[.! ]*$",
    re.IGNORECASE,
)
_RUDE = re.compile(
    r"\b(fuck\w*|shit\w*|bullshit|asshole|bitch\w*|bastard|moron|idiot|stupid (woman|man|question|idea)|shut up|dumbass|cunt|dickhead|"
    r"piss off|screw you|damn you|are you (stupid|dumb|deaf)|you('re| are) (stupid|dumb|an idiot))\b",
    re.IGNORECASE,
)
_ODD = re.compile(
    r"\b(ignore|disregard|forget) (all |any |your |the |my |previous |prior |above |these )+(instruction|prompt|rule|direction|message)s?"
    r"|\b(system prompt|language model|chat ?gpt|jailbreak|developer mode|open ?ai|you are now (a|an|dan)|pretend (to be|you are)|"
    r"act as (a|an)|print your|reveal your (prompt|instructions)|repeat (the|your) (prompt|instructions|text above))\b",
    re.IGNORECASE,
)
_HALLUCINATIONS = frozenset(
    """you|thank you for watching|thanks for watching|please subscribe|subscribe|bye bye bye|the end|music|applause|silence|
    blank audio|inaudible|i|so|uh|um|oh|and|the|subtitles by the amara org community""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_BRACKETED = re.compile(r"[\[(*♪][^\])*♪]{0,40}[\])*♪]")
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")

ENGLISH = frozenset(
    """the a an and or but so if of to in on at for with from about is are was were be been do does did have has had will
    would can could should i you he she it we they me my your his her our their this that these those what when where who
    why how which not no yes there here just okay well let us going want need get got like know think right now up out""".split()
)


def clean(text: str) -> str:
    """The turn without recognition's stage directions: `[BLANK_AUDIO]`, `(music)`, `♪`."""
    return " ".join(_BRACKETED.sub(" ", text).split())


def is_unheard(text: str) -> bool:
    """Nothing usable was recognised: empty, a lone `you`, a known hallucination, or another language or script."""
    letters = _LETTER.findall(text)
    if not letters and not any(c.isdigit() for c in text):
        return True
    plain = re.sub(r"[^a-z ]", "", text.lower()).strip()
    if plain in _HALLUCINATIONS:
        return True
    if letters and sum(1 for c in letters if _LATIN.match(c)) < 0.7 * len(letters):
        return True
    words = re.findall(r"[^\W\d_]+", text.lower().replace("'", ""))
    if len(words) >= 5:
        english = sum(1 for w in words if w in ENGLISH)
        return english < 0.12 * len(words)
    return False


def names_a_time(text: str) -> bool:
    """A day or a time of day is named."""
    return bool(_DAY.search(text) or _CLOCK.search(text))


def says_goodbye(text: str) -> bool:
    return bool(_GOODBYE.search(text))


def is_rude(text: str) -> bool:
    return bool(_RUDE.search(text))


def breaks_the_play(text: str) -> bool:
    """Somebody talks to the machine instead of the buyer."""
    return bool(_ODD.search(text))
