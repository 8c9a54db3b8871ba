"""What somebody fills in about a figure of the organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from parley.scenarios.lender import NUMBERS
from parley.scenarios.models import LenderFact

_RANGES = {
    "rate_percent": (0.1, 30), "apr_percent": (0.1, 40), "points": (-5, 10), "amount": (1, 100_000_000),
    "minimum_score": (300, 850), "maximum_ltv_percent": (1, 110),
}  # fmt: skip
_NEEDED = {"rate": "rate_percent", "limit": "amount"}


def _day(**attrs: Any) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"class": "input", "type": "date", **attrs})


class FactForm(forms.Form):
    """A figure of one kind: its name, its numbers, from which day until which."""

    label = forms.CharField(
        label="Name", max_length=160, widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"})
    )
    valid_from = forms.DateField(label="First day", widget=_day())
    valid_until = forms.DateField(
        label="Last day", required=False, widget=_day(), help_text="Empty: until a newer row takes over."
    )
    note = forms.CharField(
        required=False,
        max_length=2000,
        help_text="For people: conditions, who decided, where it stands.",
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 3}),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        rest = {name: self.fields.pop(name) for name in ("valid_from", "valid_until", "note")}
        for name, words in NUMBERS[kind].items():
            low, high = _RANGES[name]
            self.fields[name] = forms.FloatField(
                label=words,
                required=_NEEDED.get(kind) == name,
                min_value=low,
                max_value=high,
                widget=forms.NumberInput(attrs={"class": "input", "step": "any", "inputmode": "decimal"}),
            )
        self.fields.update(rest)
        self.fields["label"].help_text = _HINTS[kind]

    @classmethod
    def of(cls, fact: LenderFact) -> FactForm:
        """The form as it stands for this row."""
        names = ("label", "valid_from", "valid_until", "note")
        initial = {**fact.value, **{name: getattr(fact, name) for name in names}}
        return cls(initial=initial, kind=fact.kind)

    @classmethod
    def empty(cls, kind: str) -> FactForm:
        """A new row, from today."""
        return cls(initial={"valid_from": timezone.localdate()}, kind=kind)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        first, last = given.get("valid_from"), given.get("valid_until")
        for name, day in (("valid_from", first), ("valid_until", last)):
            if day and not 2000 <= day.year <= 2100:
                self.add_error(name, f"{day:%Y-%m-%d} is out of range; use a day from 2000 to 2100.")
        if first and last and last < first:
            self.add_error("valid_until", f"{last:%d %b %Y} is before the first day, {first:%d %b %Y}.")
        rate, apr = given.get("rate_percent"), given.get("apr_percent")
        if rate is not None and apr is not None and apr < rate - 1:
            self.add_error("apr_percent", f"An APR of {apr:g} % is far below the note rate of {rate:g} %; check both.")
        return given

    def fact(self) -> dict[str, Any]:
        """The checked values as a row has them."""
        given = self.cleaned_data
        value = {name: _plain(given[name]) for name in NUMBERS[self.kind] if given.get(name) is not None}
        return {name: given[name] for name in ("label", "valid_from", "valid_until", "note")} | {"value": value}


_HINTS = {
    "rate": "Such as “30-year fixed”. A rep’s rate on a call must be one of these, within an eighth.",
    "limit": "Such as “Conforming, one unit”. A limit that a rep names must be exactly one of these.",
    "overlay": "Such as “FHA, minimum score”. For people to read; calls are not checked for it.",
    "product": "Such as “Bank-statement loan, 12 months”. For people to read; calls are not checked for it.",
}


class EndForm(forms.Form):
    """After which day a figure ends."""

    last_day = forms.DateField(label="Last day", widget=_day())


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) else number
