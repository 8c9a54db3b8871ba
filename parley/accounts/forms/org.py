"""What admins say about their organisation."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from parley.accounts.choices import WEEK_DAYS
from parley.accounts.forms.parts import text, zone_field
from parley.accounts.models import Org

MAX_FILLERS = 100


class OrgForm(forms.Form):
    """Name and calendar."""

    name = forms.CharField(max_length=120, widget=text(autocomplete="organization"))
    timezone = zone_field("Time zone")
    week_start = forms.TypedChoiceField(
        label="The week begins on", coerce=int, choices=WEEK_DAYS, widget=forms.Select(attrs={"class": "select"})
    )
    reads_emotion = forms.BooleanField(
        required=False,
        label="Read the tone of the rep’s words",
        help_text="Off for people in the European Union: the AI Act forbids reading emotions of people at work. It"
        " counts for calls from now on.",
        widget=forms.CheckboxInput(attrs={"class": "input"}),
    )


class RetentionForm(forms.Form):
    """For how long sound and words are kept."""

    retention_days = forms.IntegerField(
        label="Keep recordings and words for",
        min_value=1,
        max_value=3650,
        help_text="Days, 1 to 3650. Scores stay.",
        widget=forms.NumberInput(attrs={"class": "input"}),
    )


class ConsentForm(forms.Form):
    """What people agree to before they are recorded."""

    recording_consent_text = forms.CharField(
        label="Consent text",
        min_length=40,
        max_length=5000,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 6}),
    )


class FillersForm(forms.Form):
    """The organisation's own list of fillers, one a line: what is said, then how much it counts."""

    fillers = forms.CharField(
        required=False,
        label="Fillers",
        help_text="One a line: the words, and after an equals sign how much each counts, 0.1 to 5. Empty means"
        " Parley’s own list. A scenario whose rubric has a list keeps that.",
        widget=forms.Textarea(
            attrs={"class": "textarea font-mono", "rows": 8, "placeholder": "um = 1\nyou know = 0.5"}
        ),
    )

    def clean_fillers(self) -> list[dict[str, Any]]:
        lines = [line.strip() for line in self.cleaned_data["fillers"].splitlines() if line.strip()]
        if len(lines) > MAX_FILLERS:
            raise forms.ValidationError(f"These are {len(lines)} fillers; at most {MAX_FILLERS} fit.")
        found = [_filler(line) for line in lines]
        said = [filler["say"] for filler in found]
        twice = sorted({words for words in said if said.count(words) > 1})
        if twice:
            raise forms.ValidationError(f"“{twice[0]}” is there twice; keep one line.")
        return found


def fillers_as_text(org: Org) -> str:
    """The list as the form takes it."""
    return "\n".join(f"{filler['say']} = {filler.get('weight', 1):g}" for filler in org.fillers)


def _filler(line: str) -> dict[str, Any]:
    words, _, weight = (part.strip() for part in line.partition("="))
    say = " ".join(words.lower().split())
    if not re.fullmatch(r"[^\W\d_]+(?:['’][^\W\d_]+)?(?: [^\W\d_]+(?:['’][^\W\d_]+)?){0,5}", say) or len(say) > 60:
        raise forms.ValidationError(f"“{words}” is no filler: write one to six words of letters.")
    try:
        counts = float(weight or 1)
    except ValueError:
        counts = 0
    if not 0.1 <= counts <= 5:
        raise forms.ValidationError(f"“{line}”: “{weight}” is no number from 0.1 to 5.")
    return {"say": say.replace("’", "'"), "weight": counts}
