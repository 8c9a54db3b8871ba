"""What a language model might write about the call in `calls.GOOD`."""

from __future__ import annotations

import copy
import json
from typing import Any

DRAFT: dict[str, Any] = {
    "summary": "You asked before you quoted, and Marcus gave you what he had kept to himself. "
    "The next step came with a time.",
    "quotes": [
        {
            "i": 4,
            "quote": "What would you compare it with?",
            "comment": "You asked before you defended, and that opened the door.",
        },
        {
            "i": 10,
            "quote": "And what worries you most about this purchase?",
            "comment": "This brought out the story from twenty twenty-one.",
        },
        {
            "i": 14,
            "quote": "Let's start the application tomorrow at ten and go over both quotes.",
            "comment": "A next step with a day and an hour.",
        },
    ],
    "strengths": [{"criterion": "next-step", "text": "You proposed the application with a day and an hour."}],
    "try_this": {
        "criterion": "discovery",
        "what": "Ask for the closing date before you name a number.",
        "say_instead": "Before I quote, Marcus, when do you have to close on the house?",
        "i": 6,
        "quote": "With twenty percent down we're at 6.375% today",
    },
    "next_step": "Call Marcus again and ask three more questions before the number.",
}


def draft(**changes: Any) -> dict[str, Any]:
    """The draft with other fields."""
    return {**copy.deepcopy(DRAFT), **changes}


def as_text(**changes: Any) -> str:
    """The draft as a model would send it."""
    return json.dumps(draft(**changes))
