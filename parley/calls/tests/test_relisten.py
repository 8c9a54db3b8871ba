"""A transcript that is missing or poor is made again from the recording, and the attempt says so."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from django.utils import timezone

from parley.calls import actions, closing, recordings, relisten
from parley.calls.models import Attempt, Recording, Transcript
from parley.calls.tests.sound import rep_sound
from parley.calls.voice import voice_settings
from parley.core.storage import bucket
from parley.core.tenancy import acting_as, acting_as_service
from parley.voice.contracts import CallRecord, Utterance
from tests.support.cast import Cast

RATE = recordings.SAMPLE_RATE


@pytest.fixture(autouse=True)
def _own_buckets(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        **{
            name: {"BACKEND": "parley.core.storage.DiskBucket", "OPTIONS": {"location": str(tmp_path / name)}}
            for name in settings.BUCKETS
        },
    }


def ended_call(cast: Cast, rep: Any, *said: tuple[str, float, float, str]) -> Attempt:
    """Ben's call with this sound on the left and these words."""
    with acting_as(cast.ben.member):
        attempt, token = actions.start_attempt(cast.scenario, by=cast.ben.member, consent_text="yes")
    with acting_as_service("a test redeems"):
        actions.redeem_token(token)
    stereo = np.stack([rep, np.zeros_like(rep)], axis=1)
    pcm = (np.clip(stereo, -1, 1) * 32767).astype("<i2").tobytes()
    step = 10 * RATE * 4
    for n in range(0, len(pcm), step):
        recordings.keep_segment(attempt.pk, n // step, n / 4 / RATE, pcm[n : n + step])
    now = timezone.now()
    utterances = [Utterance(i=i, speaker=who, start=a, end=b, text=text) for i, (who, a, b, text) in enumerate(said)]
    record = CallRecord(
        attempt_id=attempt.pk,
        started_at=now,
        ended_at=now,
        duration_s=len(rep) / RATE,
        end_reason="goal",
        utterances=utterances,
    )
    assert closing.close_call(attempt.pk, lambda _attempt: record)
    return attempt


def looked_up(attempt: Attempt) -> tuple[Attempt, list[dict[str, Any]]]:
    with acting_as_service("a test looks"):
        return Attempt.objects.get(pk=attempt.pk), Transcript.objects.get(pk=attempt.pk).transcript


def test_a_call_without_words_of_the_rep_is_heard_again_and_says_so(cast: Cast) -> None:
    attempt = ended_call(cast, rep_sound(), ("buyer", 0.0, 0.8, "Hello, this is Marcus."))
    note = relisten.hear_again_if_poor(attempt.pk)
    row, words = looked_up(attempt)
    assert "had no words of yours" in note
    assert row.notes[-1] == note
    assert row.models_used["stt_again"] == "the embedded Whisper"
    assert [u["i"] for u in words] == list(range(len(words)))
    assert words[0]["text"] == "Hello, this is Marcus.", "the buyer's words are known and stay"
    mine = [u for u in words if u["speaker"] == "rep"]
    assert "Marcus" in mine[0]["text"]
    assert mine[0]["source"] == "pass"
    assert mine[0]["words"]
    assert relisten.hear_again_if_poor(attempt.pk) == "", "once is enough"
    with bucket("transcripts").open(recordings.transcript_path(row)) as file:
        assert json.load(file) == words


def test_a_good_transcript_is_left_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relisten, "_sound", lambda path: pytest.fail("nobody needs to listen"))
    rep = rep_sound()
    length = len(rep) / RATE
    words = " ".join(["word"] * 30)
    attempt = ended_call(cast, rep, ("rep", 0.5, length - 0.5, words))
    assert relisten.hear_again_if_poor(attempt.pk) == ""
    assert looked_up(attempt)[0].notes == []


def test_noise_without_speech_is_no_reason(cast: Cast) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 8 * RATE).astype(np.float32)
    attempt = ended_call(cast, noise)
    assert relisten.hear_again_if_poor(attempt.pk) == ""


def test_a_recording_that_is_gone_changes_nothing(cast: Cast) -> None:
    attempt = ended_call(cast, rep_sound())
    with acting_as_service("a test looks"):
        bucket("recordings").delete(Recording.objects.get(pk=attempt.pk).path)
    assert relisten.hear_again_if_poor(attempt.pk) == ""


@pytest.mark.parametrize(
    ("spans", "said", "poor"),
    [
        ([(0, 10)], [], True),
        ([(0, 2)], [], False),  # too little to matter
        ([(0, 10)], [(0, 9, 25)], False),
        ([(0, 10)], [(0, 4, 12)], True),  # more than half of it has no words
        ([(0, 60)], [(0, 55, 140)], False),
        ([(0, 20)], [(0, 20, 5)], True),  # five words in twenty seconds
    ],
)
def test_poor_is_speech_without_words(spans: Any, said: Any, poor: bool) -> None:
    words = [{"speaker": "rep", "start": a, "end": b, "text": " ".join(["w"] * n)} for a, b, n in said]
    assert relisten._is_poor(spans, words) is poor


@contextmanager
def deepgram(answer: dict[str, Any], status: int = 200) -> Iterator[tuple[str, list[Any]]]:
    """Answers as Deepgram's pre-recorded endpoint does for several channels."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base class calls it so
            """Quiet."""

        def do_POST(self) -> None:
            sound, rate = soundfile.read(io.BytesIO(self.rfile.read(int(self.headers["Content-Length"]))))
            asked.append((self.path, self.headers["Authorization"], sound.shape, rate))
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


SAID = {
    "results": {
        "utterances": [
            {
                "channel": channel,
                "start": start,
                "end": start + 2.0,
                "transcript": text,
                "words": [{"word": "x", "punctuated_word": "X.", "start": start, "end": start + 0.5}],
            }
            for channel, start, text in [(1, 0.2, "Hello?"), (0, 1.2, "Um, hi Marcus, this is Ben with Summit.")]
        ]
    }
}


@pytest.mark.parametrize(("status", "by"), [(200, "Deepgram nova-3"), (401, "the embedded Whisper")])
def test_deepgram_hears_both_sides_in_one_request_and_whisper_stands_by(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch, status: int, by: str
) -> None:
    rep = rep_sound()
    attempt = ended_call(cast, rep)
    with deepgram(SAID, status) as (url, asked):
        settings.DEEPGRAM_API_KEY = "dg-key"
        ours = voice_settings()
        monkeypatch.setattr(relisten, "voice_settings", lambda: ours.model_copy(update={"deepgram_url": url}))
        assert by in relisten.hear_again_if_poor(attempt.pk)
    path, key, shape, rate = asked[0]
    assert (key, shape, rate) == ("Token dg-key", (len(rep), 2), RATE)
    assert "multichannel=true" in path
    _, words = looked_up(attempt)
    if status == 200:
        assert [(u["speaker"], u["text"]) for u in words] == [
            ("buyer", "Hello?"),
            ("rep", "Um, hi Marcus, this is Ben with Summit."),
        ]
    else:
        assert {u["speaker"] for u in words} == {"rep"}
