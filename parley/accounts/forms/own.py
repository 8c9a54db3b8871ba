"""What people say about themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from parley.accounts.choices import LOCALES, states
from parley.accounts.forms.parts import check_nmls_id, check_phone, text, zone_field
from parley.accounts.models import NOTIFICATIONS, THEMES, User
from parley.core.tenancy import Member

_THEME_WORDS = {"system": "As my device says", "light": "Light", "dark": "Dark"}


if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:
    UserForm = forms.ModelForm


class ProfileForm(UserForm):
    """Who somebody is to their organisation."""

    licensed_states = forms.MultipleChoiceField(
        required=False,
        choices=states(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "input"}),
        label="Licensed states",
        help_text="Where you may take an application.",
    )

    class Meta:
        model = User
        fields = ("first_name", "last_name", "title", "company", "phone", "nmls_id", "licensed_states", "bio")
        labels = {"nmls_id": "NMLS id", "company": "Company or branch name", "title": "Job title", "bio": "About you"}
        help_texts = {
            "nmls_id": "Your number in the Nationwide Multistate Licensing System. Leave it empty if you have none.",
            "bio": "At most 1,000 characters. Colleagues can read it.",
        }
        widgets = {
            "first_name": text(autocomplete="given-name"),
            "last_name": text(autocomplete="family-name"),
            "title": text(autocomplete="organization-title"),
            "company": text(autocomplete="organization"),
            "phone": text(autocomplete="tel", inputmode="tel"),
            "nmls_id": text(inputmode="numeric", maxlength=20),
            "bio": forms.Textarea(attrs={"class": "textarea", "rows": 4, "maxlength": 1000}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Longer than the column: people paste "NMLS #", which is dropped.
        self.fields["nmls_id"] = forms.CharField(
            required=False,
            max_length=30,
            label="NMLS id",
            help_text=self.fields["nmls_id"].help_text,
            widget=self.fields["nmls_id"].widget,
        )
        self.fields["first_name"].required = True

    def clean_phone(self) -> str:
        return check_phone(self.cleaned_data["phone"])

    def clean_nmls_id(self) -> str:
        return check_nmls_id(self.cleaned_data["nmls_id"])

    def clean_bio(self) -> str:
        bio: str = self.cleaned_data["bio"].strip()
        if len(bio) > 1000:
            raise forms.ValidationError(f"This has {len(bio)} characters; at most 1,000 fit.")
        return bio


class PreferencesForm(forms.Form):
    """How Parley looks and speaks to somebody, and what it writes to them about."""

    theme = forms.ChoiceField(
        choices=[(theme, _THEME_WORDS[theme]) for theme in THEMES],
        widget=forms.RadioSelect(attrs={"class": "input"}),
    )
    locale = forms.ChoiceField(
        label="Language and formats",
        choices=list(LOCALES.items()),
        widget=forms.Select(attrs={"class": "select"}),
        help_text="How dates and numbers are written. Practice calls are in the language of their scenario.",
    )
    timezone = zone_field("Time zone", empty="As my organisation")
    mails = forms.MultipleChoiceField(
        label="Write to me when",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "input"}),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = {key: words for key, words in NOTIFICATIONS.items() if key != "digest" or member.role != "trainee"}
        self.fields["mails"].choices = list(kinds.items())  # type: ignore[attr-defined]

    @classmethod
    def of(cls, user: User, member: Member) -> PreferencesForm:
        """The form as it stands for this person."""
        initial = {
            "theme": user.theme,
            "locale": user.locale,
            "timezone": user.timezone,
            "mails": [kind for kind in NOTIFICATIONS if user.wants_mail(kind)],
        }
        return cls(initial=initial, member=member)


class PictureForm(forms.Form):
    """A picture and which square of it to keep, as shares of its width and height; no square means the middle."""

    picture = forms.FileField(error_messages={"required": "Choose a picture first."})
    left = forms.FloatField(required=False, min_value=0, max_value=1)
    top = forms.FloatField(required=False, min_value=0, max_value=1)
    width = forms.FloatField(required=False, min_value=0.02, max_value=1)

    def square(self) -> tuple[float, float, float] | None:
        """Left, top and width of the square as shares; None when nobody chose one."""
        chosen = [self.cleaned_data[name] for name in ("left", "top", "width")]
        return None if None in chosen else (chosen[0], chosen[1], chosen[2])
