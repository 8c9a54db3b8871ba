"""What people type when they override, dispute or answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

LONGEST = 2000


def _reason(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 4}),
        error_messages={"required": "Say why; the reason stays with the score."},
    )


class _Form(forms.Form):
    """Several forms stand on one page, so the ids of their fields begin with a name of their own."""

    name = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"auto_id": f"{self.name}_%s"}))


class _ShareForm(_Form):
    """A share as a percentage, as one of five anchors where a judge gave 0 to 4, or a cap to lift."""

    share_percent = forms.DecimalField(
        label="Share of the points, in percent",
        min_value=0,
        max_value=100,
        decimal_places=0,
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
        error_messages={"required": "Give a share from 0 to 100."},
    )

    def __init__(self, *args: Any, anchors: Sequence[str] = (), is_cap: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_cap:
            self.fields["share_percent"] = forms.DecimalField(widget=forms.HiddenInput, initial=100)
        elif anchors:
            self.fields["share_percent"] = forms.TypedChoiceField(
                label="What the rep did",
                coerce=float,
                choices=[(str(25 * n), f"{n}: {text}") for n, text in enumerate(anchors)],
                widget=forms.Select(attrs={"class": "select"}),
            )

    @property
    def share(self) -> float:
        """The share as 0..1."""
        return round(float(self.cleaned_data["share_percent"]) / 100, 4)


class OverrideForm(_ShareForm):
    """A person's share with a reason."""

    name = "override"
    reason = _reason("Why", "The rep reads it. It stays with the score, beside what was computed.")


class WithdrawForm(_Form):
    """Why a decision is taken back."""

    name = "withdraw"
    reason = _reason("Why", "The rep reads it.")


class DisputeForm(_Form):
    """What a rep objects to."""

    name = "dispute"
    reason = _reason("What is wrong with it", "Name the moment in the call. Your manager reads it and answers.")


class AcceptForm(_ShareForm):
    """The share that an accepted dispute leads to, with an answer."""

    name = "accept"
    answer = _reason("Your answer", "The rep reads it.")


class DeclineForm(_Form):
    """Why a dispute is declined."""

    name = "decline"
    answer = _reason("Your answer", "The rep reads it.")
