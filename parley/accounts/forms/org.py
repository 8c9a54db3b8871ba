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


BANDS = {
    "talk_ratio": ("Talk ratio of the rep, %", 100, (0, 1), "40–55, fair 35–65"),
    "words_per_minute": ("Words per minute", 1, (40, 300), "130–175, fair 115–190"),
    "fillers_per_minute": ("Fillers per minute", 1, (0, 60), "0–4, fair 0–8"),
    "longest_monologue_s": ("Longest monologue, seconds", 1, (0, 1200), "0–90, fair 0–150"),
    "patience_s": ("Patience, seconds before answering", 1, (0, 10), "0.6–3, fair 0.3–4"),
    "question_count": ("Questions in the call", 1, (0, 200), "8–16, fair 5–20"),
    "open_question_share": ("Open questions, % of questions", 100, (0, 1), "40–100, fair 25–100"),
    "interruptions_by_rep": ("Interruptions by the rep", 1, (0, 60), "0, fair 0–1"),
}
"""By measure: its label, what it is multiplied by to be shown, its range, and Parley's own bands in words."""
EDGES = {"fair_from": "Fair from", "good_from": "Good from", "good_to": "Good to", "fair_to": "Fair to"}


class BandsForm(forms.Form):
    """What the organisation takes for good and fair in each KPI; four edges each, all or none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for measure, (label, by, (low, high), _) in BANDS.items():
            for edge, words in EDGES.items():
                self.fields[f"{measure}_{edge}"] = forms.FloatField(
                    label=f"{label}: {words.lower()}",
                    required=False,
                    min_value=low * by,
                    max_value=high * by,
                    widget=forms.NumberInput(attrs={"class": "input", "step": "any", "inputmode": "decimal"}),
                )

    @classmethod
    def of(cls, org: Org) -> BandsForm:
        """The form as it stands for this organisation."""
        initial = {}
        for measure, own in org.kpi_bands.items():
            if measure in BANDS:
                (low, high), (least, most) = own["good"], own["fair"]
                for edge, value in zip(EDGES, (least, low, high, most), strict=True):
                    initial[f"{measure}_{edge}"] = f"{value * BANDS[measure][1]:g}"
        return cls(initial=initial)

    def rows(self) -> list[dict[str, Any]]:
        """Ready to show: one measure a row."""
        return [
            {
                "label": label,
                "usual": usual,
                "cells": [(words, self[f"{measure}_{edge}"]) for edge, words in EDGES.items()],
                "errors": [error for edge in EDGES for error in self[f"{measure}_{edge}"].errors],
            }
            for measure, (label, _, _, usual) in BANDS.items()
        ]

    def clean(self) -> dict[str, Any]:
        found: dict[str, dict[str, list[float]]] = {}
        for measure, (label, by, _, _) in BANDS.items():
            names = [f"{measure}_{edge}" for edge in EDGES]
            given = [self.cleaned_data[name] for name in names if self.cleaned_data.get(name) is not None]
            if not given or any(name in self.errors for name in names):
                continue
            if len(given) < len(names):
                self.add_error(names[1], f"{label}: fill in all four, or none to keep Parley’s bands.")
            elif given != sorted(given):
                shown = ", ".join(f"{edge:g}" for edge in given)
                self.add_error(names[1], f"{label}: {shown} do not rise; good lies within fair.")
            else:
                least, low, high, most = (edge / by for edge in given)
                found[measure] = {"good": [low, high], "fair": [least, most]}
        return {"kpi_bands": found}


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
