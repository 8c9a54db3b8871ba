"""What people fill in about scenarios."""

from __future__ import annotations

from django import forms


class ApprovalForm(forms.Form):
    """That a compliance officer approved a rule pack."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    officer = forms.CharField(
        max_length=160,
        label="Compliance officer",
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name"}),
    )
    valid_until = forms.DateField(label="Valid until", widget=forms.DateInput(attrs={"class": "input", "type": "date"}))
    note = forms.CharField(
        required=False, label="Note (optional)", widget=forms.TextInput(attrs={"class": "input"}), max_length=500
    )
    confirmed = forms.BooleanField(
        label="Our compliance officer has read every check below and approves them for our organisation.",
        error_messages={"required": "Tick the box to confirm that your compliance officer approves the checks."},
        widget=forms.CheckboxInput(attrs={"class": "input"}),
    )
