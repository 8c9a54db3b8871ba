"""What admins fill in about people and teams."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from parley.accounts.forms.parts import check_nmls_id, check_phone, text
from parley.accounts.imports.reading import MAX_BYTES
from parley.accounts.models import TEAM_KINDS, Team, User
from parley.core.tenancy import ROLES

ROLE_WORDS = {
    "trainee": "Trainee: practises",
    "manager": "Manager: follows and coaches a team",
    "admin": "Admin: runs the organisation",
    "hr": "HR: reports, no recordings",
}


def _role() -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=[(role, ROLE_WORDS[role]) for role in ROLES],
        initial="trainee",
        widget=forms.Select(attrs={"class": "select"}),
    )


def _team() -> forms.ModelChoiceField[Team]:
    return forms.ModelChoiceField(
        queryset=Team.objects.none(),
        required=False,
        empty_label="No team",
        widget=forms.Select(attrs={"class": "select"}),
    )


def standing_teams() -> Any:
    """Teams that people can be put in."""
    return Team.objects.filter(archived_at=None).order_by("name")


class InviteForm(forms.Form):
    """Whom to invite."""

    email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "off"}))
    first_name = forms.CharField(required=False, max_length=80, label="First name", widget=text(autocomplete="off"))
    last_name = forms.CharField(required=False, max_length=80, label="Last name", widget=text(autocomplete="off"))
    role = _role()
    team = _team()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = standing_teams()  # type: ignore[attr-defined]


class UserForm(forms.Form):
    """What an admin may change about somebody."""

    first_name = forms.CharField(required=False, max_length=80, label="First name", widget=text(autocomplete="off"))
    last_name = forms.CharField(required=False, max_length=80, label="Last name", widget=text(autocomplete="off"))
    title = forms.CharField(required=False, max_length=120, label="Job title", widget=text(autocomplete="off"))
    company = forms.CharField(
        required=False, max_length=120, label="Company or branch name", widget=text(autocomplete="off")
    )
    phone = forms.CharField(required=False, max_length=32, widget=text(autocomplete="off", inputmode="tel"))
    nmls_id = forms.CharField(
        required=False, max_length=30, label="NMLS id", widget=text(autocomplete="off", inputmode="numeric")
    )
    role = _role()
    team = _team()

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(data, initial={name: getattr(user, name) for name in self.base_fields})
        mine = Team.objects.filter(pk=user.team_id) if user.team_id else Team.objects.none()
        self.fields["team"].queryset = (standing_teams() | mine).order_by("name")  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        return check_phone(self.cleaned_data["phone"])

    def clean_nmls_id(self) -> str:
        return check_nmls_id(self.cleaned_data["nmls_id"])


class TeamForm(forms.Form):
    """A team: its name, what kind it is, what it hangs below, who leads it."""

    name = forms.CharField(max_length=120, widget=text(autocomplete="off"))
    kind = forms.ChoiceField(
        choices=[(kind, kind.capitalize()) for kind in TEAM_KINDS],
        initial="team",
        widget=forms.Select(attrs={"class": "select"}),
    )
    parent = forms.ModelChoiceField(
        queryset=Team.objects.none(),
        required=False,
        label="Belongs to",
        empty_label="Nothing above it",
        widget=forms.Select(attrs={"class": "select"}),
    )
    manager = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        label="Led by",
        empty_label="Nobody yet",
        widget=forms.Select(attrs={"class": "select"}),
        help_text="Managers and admins can lead; whoever leads sees this team and all below it.",
    )

    def __init__(self, *args: Any, below: set[UUID] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Not below itself: such a circle is not even offered.
        self.fields["parent"].queryset = standing_teams().exclude(pk__in=below or set())  # type: ignore[attr-defined]
        leads = User.objects.filter(is_active=True, role__in=("manager", "admin")).order_by("first_name", "last_name")
        self.fields["manager"].queryset = leads  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name: str = " ".join(self.cleaned_data["name"].split())
        return name


class ListForm(forms.Form):
    """A list of people: a file, or pasted from a spreadsheet."""

    file = forms.FileField(
        required=False,
        label="File",
        allow_empty_file=True,
        help_text="CSV, with commas, semicolons or tabs; at most 5 MB.",
        widget=forms.FileInput(attrs={"class": "input", "accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )
    pasted = forms.CharField(
        required=False,
        label="Or paste the lines",
        help_text="Copied from a spreadsheet, with the line of headings.",
        widget=forms.Textarea(
            attrs={"class": "textarea font-mono", "rows": 5, "placeholder": "email\tfirst_name\trole\tteam"}
        ),
    )

    @property
    def is_pasted(self) -> bool:
        """Were lines pasted, and no file chosen?"""
        return not self.cleaned_data.get("file") and bool(self.cleaned_data.get("pasted"))

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("file") and not self.cleaned_data.get("pasted", "").strip():
            raise forms.ValidationError("Choose a file, or paste the lines.")
        return self.cleaned_data

    def content(self) -> tuple[str, bytes]:
        """What to call the list, and its bytes."""
        file = self.cleaned_data.get("file")
        if file:
            return file.name, file.read(MAX_BYTES + 1)
        return "pasted lines", self.cleaned_data["pasted"].encode()
