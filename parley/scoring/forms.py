"""What the upload page accepts."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from parley.scenarios import queries as scenarios
from parley.scenarios.models import Scenario
from parley.scoring.imports import SOUND, ImportRefused, is_recording, look_at_recording, read_transcript

MOST_MB = 300
MOST_WORDS_MB = 5
LONGEST_MINUTES = 60
WORDS = {".json", ".vtt"}
CONSENT = (
    "Everybody on this call knew that it was recorded, and the recording may be used to coach me. Parley keeps it as "
    "long as my organisation keeps recordings, and only I can see it."
)


class ImportForm(forms.Form):
    """A recording or a transcript of a real call, and the scenario by whose rubric it is scored."""

    file = forms.FileField(
        error_messages={"required": "Choose a recording or a transcript.", "empty": "This file is empty."}
    )
    scenario = forms.ChoiceField()
    consent = forms.BooleanField(
        error_messages={"required": "Without everybody's consent a recording cannot be used here."}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._library = {scenario.key: scenario for scenario in scenarios.library()}
        choices = [(key, scenario.title) for key, scenario in self._library.items()]
        self.fields["scenario"].choices = choices  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile[Any]:
        """The file, looked at by its header or, for words, read as a whole. Bad files are named."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        path = Path(str(file.name))
        try:
            if is_recording(path):
                _check_size(file, MOST_MB)
                look_at_recording(file, path.name, longest_s=60 * LONGEST_MINUTES)  # type: ignore[arg-type]
            elif path.suffix.lower() in WORDS:
                _check_size(file, MOST_WORDS_MB)
                _check_words(file, path.name)
            else:
                known = ", ".join(sorted(ending.removeprefix(".").upper() for ending in SOUND | WORDS))
                raise ImportRefused(f"{path.name} is none of {known}; export the call as one of these.")
        except ImportRefused as refused:
            raise forms.ValidationError(str(refused)) from None
        file.seek(0)
        return file

    @property
    def chosen(self) -> Scenario:
        """The scenario that was chosen."""
        return self._library[self.cleaned_data["scenario"]]


def _check_size(file: UploadedFile[Any], most_mb: int) -> None:
    if (file.size or 0) > most_mb * 1_000_000:
        raise ImportRefused(
            f"{file.name} has {(file.size or 0) / 1_000_000:.0f} MB; at most {most_mb} MB can be uploaded. "
            "Export it as MP3 or FLAC, or cut it."
        )


def _check_words(file: UploadedFile[Any], name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(file.read())
        try:
            read_transcript(path)
        except ImportRefused as refused:
            raise ImportRefused(str(refused).replace(f"{folder}/", "")) from None
