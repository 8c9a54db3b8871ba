"""Calls from outside: what is read, and what is refused with which words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from parley.scoring.imports import ImportRefused, is_recording, read_recording, read_transcript

RATE = 16_000

VTT = """WEBVTT

NOTE made by hand

1
00:01.000 --> 00:04.500
<v Rep>Hi, this is <b>Dana</b> &amp; I have a question.

00:05.000 --> 00:09.000 align:start
<v Buyer>Go ahead.</v>
<v.loud Rep>What matters most?</v>
"""


def noise(seconds: float, channels: int = 2, rate: int = RATE) -> Any:
    return np.random.default_rng(5).normal(0, 0.1, (int(seconds * rate), channels)).astype(np.float32)


def write(path: Path, samples: Any, rate: int = RATE) -> Path:
    soundfile.write(str(path), samples, rate)
    return path


def test_it_reads_webvtt_with_voices(tmp_path: Path) -> None:
    path = tmp_path / "call.vtt"
    path.write_text(VTT)
    first, second, third = read_transcript(path)
    assert (first["speaker"], first["start"], first["end"]) == ("rep", 1.0, 4.5)
    assert first["text"] == "Hi, this is Dana & I have a question."
    # Nine and eighteen letters share four seconds: the buyer's end, the rep's begin at 5 + 4 * 9 / 27.
    assert (second["speaker"], second["start"], second["end"]) == ("buyer", 5.0, 6.333)
    assert (third["speaker"], third["start"], third["end"]) == ("rep", 6.333, 9.0)
    assert [u["i"] for u in (first, second, third)] == [0, 1, 2]
    assert all(-1 <= u["sentiment"] <= 1 for u in (first, second, third))


def test_it_reads_json_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "call.json"
    utterances = [
        {"speaker": "buyer", "start": 5, "end": 9, "text": "Go ahead.", "tags": ["opening"]},
        {"speaker": "rep", "start": 1, "end": 4, "text": "Hi."},
    ]
    for content in (utterances, {"transcript": utterances}, {"utterances": utterances, "title": "x"}):
        path.write_text(json.dumps(content))
        first, second = read_transcript(path)
        assert (first["speaker"], first["i"], first["source"]) == ("rep", 0, "import")
        assert second["tags"] == ["opening"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        ("   \n", "is empty"),
        ("hello there", "neither JSON"),
        ("{", "neither JSON"),
        ("[" * 100_000, "neither JSON"),
        ("{}", "transcript"),
        ("[]", "holds no words"),
        ('[{"speaker": "parrot", "start": 0, "end": 1, "text": "x"}]', "transcript[0].speaker"),
        ('[{"speaker": "rep", "start": 2, "end": 1, "text": "x"}]', "lies before start"),
        ('[{"speaker": "rep", "start": -1, "end": 1, "text": "x"}]', "transcript[0].start"),
        ('[{"speaker": "rep", "end": 1, "text": "x"}]', "transcript[0].start"),
        ("WEBVTT\n\nno cue here", "without a single cue"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nHello", "does not say who speaks"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Bob>Hello", "spoken by 'Bob'"),
        ("WEBVTT\n\n00:03.000 --> 00:02.000\n<v Rep>Hello", "ends before it starts"),
    ],
)
def test_a_bad_transcript_is_refused_with_the_place(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "call.txt"
    path.write_text(content)
    with pytest.raises(ImportRefused) as refused:
        read_transcript(path)
    assert says in str(refused.value)


def test_a_binary_file_is_no_transcript(tmp_path: Path) -> None:
    path = tmp_path / "call.bin"
    path.write_bytes(b"\xff\xfe\x00\x81" * 20)
    with pytest.raises(ImportRefused, match="neither text"):
        read_transcript(path)


@pytest.mark.parametrize("ending", ["wav", "flac", "mp3"])
def test_it_reads_stereo_at_any_rate(tmp_path: Path, ending: str) -> None:
    call = read_recording(write(tmp_path / f"call.{ending}", noise(3, rate=44_100), 44_100))
    assert call.duration_s == pytest.approx(3, abs=0.1)
    assert len(call.rep) == len(call.buyer) == pytest.approx(3 * RATE, abs=1600)
    assert call.rep.dtype == np.float32


def test_left_is_the_rep(tmp_path: Path) -> None:
    samples = noise(2)
    samples[:, 0] *= 0.1
    call = read_recording(write(tmp_path / "call.wav", samples))
    assert np.abs(call.rep).max() < np.abs(call.buyer).max()


def long_call(path: Path) -> None:
    with soundfile.SoundFile(str(path), "w", 8000, 2, "PCM_16", format="FLAC") as out:
        for _ in range(3 * 60):
            out.write(np.zeros((8000 * 60, 2), dtype=np.int16))


def same_on_both(path: Path) -> None:
    write(path, np.repeat(noise(2, 1), 2, axis=1))


def half_silent(path: Path) -> None:
    samples = noise(2)
    samples[:, 0] = 0
    write(path, samples)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: write(path, noise(2, 1)), "is mono"),
        (lambda path: write(path, noise(2, 4)), "a recording of 4 channels"),
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.write_bytes(b"RIFF\x00\x00WAVEnonsense" * 40), "cannot be read as sound"),
        (lambda path: write(path, np.zeros((RATE * 2, 2))), "silent on both channels"),
        (half_silent, "silent on the left (rep) channel"),
        (same_on_both, "same sound on both channels"),
        (lambda path: write(path, noise(0.3)), "shorter than a second"),
        (long_call, "is 3:00:00 long; at most 2:00:00"),
    ],
    ids=["mono", "four", "empty", "corrupt", "silent", "half-silent", "dual-mono", "blip", "three-hours"],
)
def test_a_bad_recording_is_refused_with_the_way_out(tmp_path: Path, make: Any, says: str) -> None:
    path = tmp_path / "call.wav"
    make(path)
    with pytest.raises(ImportRefused) as refused:
        read_recording(path)
    assert says in str(refused.value)
    assert str(path) in str(refused.value)


def test_a_missing_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="does not exist"):
        read_recording(tmp_path / "no.wav")


def test_endings_tell_recordings_from_transcripts() -> None:
    assert is_recording(Path("Call.WAV"))
    assert not is_recording(Path("call.vtt"))
