"""Plain signs in a turn that need no scenario: a day, a goodbye, pressure, rudeness, talk that breaks the play."""

from __future__ import annotations

import re

from parley.buyer.matcher.words import word_set


def any_of(*ways: str) -> re.Pattern[str]:
    """Finds any of the ways as whole words, in any case; a space stands for one or more, ` ?` for none or more."""
    spaced = "|".join(ways).replace(" ?", r"\s*").replace(" ", r"\s+")
    return re.compile(rf"\b(?:{spaced})\b", re.IGNORECASE)


_MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_DATE = r"(?:\d+|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\w+teenth|twent\w+|thirt\w+)"
_HOUR = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})"
_TIME = any_of(
    "tomorrow",
    "tonight",
    "today",
    "this (?:morning|afternoon|evening|week|weekend)",
    r"next (?:week|month|mon|tues|wednes|thurs|fri|satur|sun)\w*",
    "(?:mon|tues|wednes|thurs|fri|satur|sun)days?",
    r"in (?:an?|one|two|three|half an|\d+) (?:hour|minute|day|week)s?",
    f"{_MONTH} (?:the )?{_DATE}",
    "day after",
    "end of the week",
    "first thing",
    "right now",
    "this minute",
    rf"(?:at|around|by|after|before) (?:noon|midday|lunch|half past \w+|a quarter (?:to|past) \w+|{_HOUR})",
    r"\d{1,2} ?[ap]\.?m",
    "o'?clock",
)
_GOODBYE = any_of(
    "good ?bye",
    "bye(?: |-)?bye",
    "bye now",
    "have a (?:good|great|nice|wonderful) (?:one|day|evening|night|weekend|afternoon)",
    "take care",
    "(?:talk|speak|see|chat) (?:to |with )?you (?:soon|later|then|tomorrow|on|next)",
    "i(?:'ll| will) let you go",
)
_LAST_BYE = re.compile(r"\bbye\b[.! ]*$", re.IGNORECASE)
_RUDE = any_of(
    r"fuck\w*",
    r"shit\w*",
    r"bullshit\w*",
    "assholes?",
    r"bitch\w*",
    "bastard",
    "moron",
    "idiots?",
    "dumbass",
    "cunt",
    "dickhead",
    "stupid (?:woman|man|question|idea)",
    "shut up",
    "piss off",
    "screw you",
    "damn you",
    "are you (?:stupid|dumb|deaf)",
    "you(?:'re| are) (?:stupid|dumb|an idiot)",
)
_ODD = any_of(
    "(?:ignore|disregard|forget) (?:(?:all|any|your|the|my|of|previous|prior|above|these) )+"
    "(?:instruction|prompt|rule|direction|message)s?",
    "system prompt",
    "language model",
    "chat ?gpt",
    "jailbreak",
    "developer mode",
    "open ?ai",
    "you are now (?:a|an|dan)",
    "pretend (?:to be|you are)",
    "act as an?",
    "(?:reveal|print|repeat|show me) (?:the|your|all) (?:prompts?|instructions|text above)",
)
_PRESSURE = any_of(
    r"(?:need|have|got|going|want you) to (?:decide|sign|commit|say yes)(?: \w+){0,3} (?:now|today|tonight)",
    "sign (?:today|right now|now)",
    "last chance",
    "(?:will|gonna|going to|'ll|you) lose (?:this|the|that) (?:rate|deal|house|price|offer)",
    "(?:going|gonna go) up tomorrow",
    "(?:crazy|stupid|foolish|insane) (?:not )?to",
    "what are you waiting for",
    "only good (?:for )?(?:today|tonight|until)",
    "today only",
    "(?:wasting|waste of) my time",
    "just (?:say yes|sign|trust me)",
    "(?:can't|cannot|can not) afford to wait",
    "(?:no|any) other choice",
    "(?:decide|decision) (?:right )?now",
    "expires? (?:today|tonight|tomorrow)",
    "act (?:now|fast)",
    "before it'?s too late",
    "(?:won't|will not|never) find (?:anything|a|something) better",
    "now or never",
    "take it or leave it",
)
_WHO = any_of("(?:is (?:this|that)|am i (?:speaking|talking) (?:with|to)|may i speak (?:with|to)|do i have) [a-z]+")
_HOW_ARE_YOU = any_of(
    "how(?:'s| is) (?:it going|your day|everything)", "how are (?:you|things)(?: doing| going)?(?: today)?"
)
_SOUND_CHECK = any_of(
    "(?:can|do|could) you hear(?: me)?(?: okay| now| all right)?", "are you (?:still )?there", "testing"
)
_PERSONAL = any_of(
    "(?:are|is) (?:you|she|your wife) (?:pregnant|expecting)",
    "(?:planning|plan|want|going|hoping|intend)(?: to have| on having| for)?(?: any| more)? (?:kids|children|babies)",
    "(?:more|any) (?:kids|children|babies) (?:soon|planned|on the way)",
    "start(?:ing)? a family",
    "birth control",
    "(?:your|what) (?:religion|church|ethnicity|race|nationality)",
    "what (?:religion|church|race|ethnicity)",
    "originally from",
    "(?:divorced|widowed)",
    "husband's name",
)
_HALLUCINATIONS = frozenset(
    {"you", "thank you for watching", "thanks for watching", "please subscribe", "subscribe", "bye bye bye", "the end"}
    | {"music", "applause", "silence", "blank audio", "inaudible", "i", "so", "uh", "um", "oh", "and", "the"}
    | {"subtitles by the amara org community"}
)
"""What Whisper writes when there was no speech."""
_BRACKETED = re.compile(r"[\[(*♪][^\])*♪]{0,40}[\])*♪]")
_FOR_NOW = re.compile(r"\b(?:at|for) the moment\b", re.IGNORECASE)
"""Says when, and asks for no moment."""
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")

ENGLISH = word_set(
    """the a an and or but so if of to in on at for with from about is are was were be been do does did have has had
    will would can could should i you he she it we they me my your his her our their this that these those what when
    where who why how which not no yes there here just okay well let us going want need get got like know think right
    now up out im ive id its youre thats dont cant lets because by as than then also only more most one two three four
    five six seven eight nine ten hundred thousand percent dollars some any all every always very really please time
    day week month year work call help"""
)


def clean(text: str) -> str:
    """The turn without recognition's stage directions: `[BLANK_AUDIO]`, `(music)`, `♪`."""
    return " ".join(_FOR_NOW.sub("now", _BRACKETED.sub(" ", text)).split())


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
    return bool(_TIME.search(text))


def says_goodbye(text: str) -> bool:
    return bool(_GOODBYE.search(text) or _LAST_BYE.search(text))


def asks_who(text: str) -> bool:
    """`Is this Chris?`, `am I speaking with Dana?`"""
    return bool(_WHO.search(text)) and len(text.split()) <= 10


def asks_how_it_goes(text: str) -> bool:
    """`How are you doing today, Priya?` and nothing more."""
    found = _HOW_ARE_YOU.search(text)
    return found is not None and len(text[found.end() :].split()) <= 2


def asks_for_a_sound_check(text: str) -> bool:
    """`Can you hear me okay?`"""
    return bool(_SOUND_CHECK.search(text)) and len(text.split()) <= 8


def is_personal(text: str) -> bool:
    """A question no lender may ask: family plans, religion, origin, widowed or divorced."""
    return bool(_PERSONAL.search(text.replace("’", "'")))


def presses(text: str) -> bool:
    """The rep pushes: decide now, last chance, what are you waiting for."""
    return bool(_PRESSURE.search(text.replace("’", "'")))


def is_rude(text: str) -> bool:
    return bool(_RUDE.search(text))


def breaks_the_play(text: str) -> bool:
    """Somebody talks to the machine instead of the buyer."""
    return bool(_ODD.search(text))
