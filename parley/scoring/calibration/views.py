"""Admins see how far the judge agrees with people."""

from __future__ import annotations

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from parley.core.tenancy import Member
from parley.scoring.calibration.ratings import BadFile, Calibration, calibrate, override_ratings, read_ratings

LARGEST = 5_000_000


class CalibrationForm(forms.Form):
    """A file of ratings."""

    file = forms.FileField(
        label="CSV file",
        help_text="Columns criterion, judge, human; scores from 0 to 4. Other columns are ignored.",
        widget=forms.FileInput(attrs={"class": "input", "accept": ".csv,text/csv"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )

    def clean_file(self) -> Calibration:
        """The file's figures."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError("The file is larger than 5 MB; split it.")
        try:
            text = file.read().decode("utf-8-sig")
            return calibrate(*read_ratings(text.splitlines(keepends=True)))
        except UnicodeDecodeError:
            raise forms.ValidationError("The file is not UTF-8 text; save it as CSV in UTF-8.") from None
        except BadFile as problem:
            raise forms.ValidationError(str(problem)) from None


@require_http_methods(["GET", "HEAD", "POST"])
def calibration(request: HttpRequest) -> HttpResponse:
    """Agreement of judge and people, from managers' overrides and from an uploaded file."""
    member: Member = request.member  # type: ignore[attr-defined]
    if not member.is_any("admin"):
        raise PermissionDenied("Only an admin sees how the judge compares with people.")
    form = CalibrationForm(request.POST, request.FILES) if request.method == "POST" else CalibrationForm()
    uploaded = form.cleaned_data["file"] if form.is_bound and form.is_valid() else None
    context = {
        "form": form,
        "uploaded": uploaded,
        "judged": calibrate(override_ratings()),
        "ruled": calibrate(override_ratings(judged_only=False)),
    }
    return render(request, "scoring/calibration.html", context, status=422 if form.errors else 200)
