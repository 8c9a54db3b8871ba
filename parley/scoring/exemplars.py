"""The exemplar call of a scenario: the best of a few calls by an excellent simulated rep, voiced and scored."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from parley.buyer.wording import sentences
from parley.calls.models import Attempt
from parley.calls.voiced import SpokenTurn, VoicedCall, voice_call, voice_version
from parley.core.storage import bucket
from parley.core.tenancy import acting_as_service
from parley.reps.call import SimulatedCall
from parley.scenarios.models import Scenario
from parley.scoring.evals.run import hold_calls
from parley.scoring.evals.subject import Subject, subject_of
from parley.scoring.functions import score_transcripts
from parley.scoring.imports import finish_transcript
from parley.scoring.models import Exemplar

log = structlog.get_logger(__name__)
BUCKET = "scenario-assets"
SEEDS = range(1, 7)
"""Of these calls the best becomes the exemplar."""
VERSION = 1
"""Raised when the same scenario should be told in another way."""
_REASON = "Exemplar calls are made by the installation, for everybody who may practise the scenario."


def a_call_runs() -> bool:
    """Somebody is on the phone with a buyer; making an exemplar, a minute of one core, waits for that."""
    alive_since = timezone.now() - timedelta(seconds=settings.CALL_HEARTBEAT_LOST_S)
    with acting_as_service(_REASON):
        return Attempt.objects.filter(status="live", heartbeat_at__gte=alive_since).exists()


def make_exemplar(scenario_id: UUID) -> Exemplar | None:
    """The exemplar call of this version of a scenario; None when the scenario has no playbook or is gone.

    Made once: what it is made from is hashed, and a call that exists already, in another organisation too, is taken
    over. Raises ModelError when the voice cannot be used.
    """
    with acting_as_service(_REASON):
        scenario = Scenario.objects.filter(pk=scenario_id, playbook__isnull=False).first()
        if scenario is None:
            return None
        subject = subject_of(scenario)
        sha256 = hashlib.sha256(f"{VERSION}|{voice_version()}|{subject.sha256}".encode()).hexdigest()
        there = Exemplar.objects.filter(sha256=sha256).order_by("created_at")
        if own := there.filter(scenario=scenario).first():
            return own
        same = there.first()
    if same is not None:
        with bucket(BUCKET).open(same.path, "rb") as file:
            return _keep(scenario, file.read(), _copied(same))
    seed, call = _best_call(subject)
    voiced = voice_call(turns_of(call), subject.persona.voice)
    transcript = _transcript(call, voiced)
    with acting_as_service(_REASON):
        [(kpis, breakdown)] = score_transcripts([transcript], subject.rubric)
    made = {"sha256": sha256, "seed": seed, "duration_s": voiced.duration_s, "transcript": transcript}
    exemplar = _keep(scenario, voiced.flac, {**made, "kpis": kpis, "breakdown": breakdown})
    log.info("An exemplar call was made.", scenario=scenario.key, seconds=voiced.duration_s, score=breakdown["total"])
    return exemplar


def _keep(scenario: Scenario, flac: bytes, fields: dict[str, Any]) -> Exemplar:
    path = f"{scenario.org_id}/{scenario.pk}/exemplar-{fields['sha256'][:16]}.flac"
    bucket(BUCKET).save(path, ContentFile(flac))
    with acting_as_service(_REASON):
        exemplar, _ = Exemplar.objects.update_or_create(
            org_id=scenario.org_id, scenario=scenario, defaults={**fields, "path": path}
        )
    return exemplar


def _copied(exemplar: Exemplar) -> dict[str, Any]:
    names = ("sha256", "seed", "duration_s", "transcript", "kpis", "breakdown")
    return {name: getattr(exemplar, name) for name in names}


def _best_call(subject: Subject) -> tuple[int, SimulatedCall]:
    """The best-scored call that reached the goal, the best of all when none did; the first among equals."""
    calls = list(hold_calls(subject, [("excellent", seed) for seed in SEEDS]))
    with acting_as_service(_REASON):
        scores = [
            score["total"] or 0.0 for _, score in score_transcripts([c.transcript for c in calls], subject.rubric)
        ]
    n = max(range(len(calls)), key=lambda n: (calls[n].ended == "goal", scores[n], -n))
    return SEEDS[n], calls[n]


def turns_of(call: SimulatedCall) -> list[SpokenTurn]:
    """The call as it is to be spoken, with the pauses that it was simulated with."""
    turns, before_s = [], 0.0
    for utterance in call.transcript:
        gap_s = max(0.2, utterance["start"] - before_s)
        turns.append(SpokenTurn(utterance["speaker"], sentences(utterance["text"]), gap_s))
        before_s = utterance["end"]
    return turns


def _transcript(call: SimulatedCall, voiced: VoicedCall) -> list[dict[str, Any]]:
    """The call's utterances at the times at which they are heard."""
    heard = []
    for utterance, words in zip(call.transcript, voiced.words, strict=True):
        start, end = words[0]["start"], words[-1]["end"]
        times = {"start": start, "end": end, "words": words}
        if utterance["speaker"] == "buyer":
            times["heard_until"] = end
        heard.append({**utterance, **times, "text": " ".join(word["w"] for word in words)})
    return finish_transcript(heard)
