"""Whether a rep's voice or accent moves the score: the same calls in several voices, heard and scored as calls are.

    .venv/bin/python benchmarks/bench_fairness.py --json

A poor, a middling and a good rep in three scenarios, spoken by eight voices, clean and with babble 20 and 10 dB below.
Only the rep's words and times come from the audio; the buyer's part stays. `spread` is the highest score less the
lowest over the voices, `off` the largest difference from the score of the words as meant, at the same voice's times.
Needs espeak-ng; brings its own PostgreSQL. What was recognised is kept under var/hearing, so a stopped run goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faster_whisper import WhisperModel

from benchmarks.hearing import scripts, texts, voices
from benchmarks.hearing.kept import kept
from benchmarks.hearing.measure import compare, total
from benchmarks.hearing.product import hear, load_whisper
from benchmarks.hearing.voices import RATE, Floats, Speaker
from parley.voice.contracts import Utterance
from parley.voice.transcript import marked_where_unclear

SPEAKERS = {speaker.name: speaker for speaker in (*voices.HELD_OUT, *voices.TUNED[1:], voices.TUNED[0])}
CONDITIONS: dict[str, float | None] = {"clean": None, "20 dB": 20.0, "10 dB": 10.0}
NUMBERS = (
    "talk_ratio", "words_per_minute", "filler_count", "question_count", "open_question_count", "follow_up_count",
    "interruptions_by_rep", "discovery_share", "objection_share",
)  # fmt: skip

Utterances = list[dict[str, Any]]


class Call(NamedTuple):
    """One script in one voice: as heard, and as meant at the same times."""

    scenario: str
    rep: str
    voice: str
    condition: str
    heard: Utterances
    meant: Utterances


def main() -> None:
    """Speak, recognise, score, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--voices", default=",".join(SPEAKERS), help=f"some of {', '.join(SPEAKERS)}")
    parser.add_argument("--conditions", default=",".join(CONDITIONS), help=f"some of {', '.join(CONDITIONS)}")
    parser.add_argument("--scenarios", default=",".join(scripts.CALLS), help="some of them, by code")
    parser.add_argument("--calls", action="store_true", help="show every call's criteria too")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    asked = parser.parse_args()
    lists = (asked.conditions.split(","), asked.scenarios.split(","), asked.voices.split(","))
    calls = list(spoken(list(product(*lists))))
    found = with_database(partial(report, calls, asked.calls))
    print(json.dumps(found) if asked.json else json.dumps(found, indent=2))


def spoken(chosen: list[tuple[str, str, str]]) -> Iterator[Call]:
    """Every script in the voices and conditions asked for, recognised."""
    model = load_whisper()
    for condition, scenario, voice in chosen:
        for rep, transcript in scripts.read()[scenario].items():
            heard, meant = perform(model, transcript, SPEAKERS[voice], CONDITIONS[condition])
            yield Call(scenario, rep, voice, condition, heard, meant)


def perform(
    model: WhisperModel, script: Utterances, speaker: Speaker, snr_db: float | None
) -> tuple[Utterances, Utterances]:
    """The call as heard and as meant. Gaps and overlaps are the script's, durations of the rep's turns the voice's."""
    others = [voices.speak(o, t) for o in SPEAKERS.values() if o != speaker for t in texts.TUNED.fluent[:3]]
    later = 0.0
    heard: Utterances = []
    meant: Utterances = []
    for number, said in enumerate(script):
        if said["speaker"] == "buyer":
            heard.append(_moved(said, later))
            meant.append(heard[-1])
            continue
        clean = voices.speak(speaker, said["text"])
        audio = clean if snr_db is None else voices.with_noise(clean, others, snr_db, number)
        utterance = kept("product turn", audio, partial(_turn, model, audio))
        begin, length = said["start"] + later, len(clean) / RATE - 2 * voices.SILENCE_S
        meant.append(_meant(said, begin, length) | {"turn": number})
        if utterance:
            marked = marked_where_unclear(Utterance.model_validate(utterance)).model_dump(
                mode="json", exclude_none=True
            )
            heard.append(_moved(marked, begin - voices.SILENCE_S) | {"turn": number})
        later += length - (said["end"] - said["start"])
    return heard, meant


def _turn(model: WhisperModel, audio: Floats) -> dict[str, Any] | None:
    utterance = hear(model, audio).utterance
    return utterance.model_dump(mode="json", exclude_none=True) if utterance else None


def _moved(said: dict[str, Any], by_s: float) -> dict[str, Any]:
    """The utterance that much later."""
    times = {key: max(0.0, said[key] + by_s) for key in ("start", "end", "heard_until") if said.get(key) is not None}
    words = [
        w | {"start": max(0.0, w["start"] + by_s), "end": max(0.0, w["end"] + by_s)} for w in said.get("words", [])
    ]
    return {key: value for key, value in said.items() if key != "i"} | times | ({"words": words} if words else {})


def _meant(said: dict[str, Any], begin: float, length: float) -> dict[str, Any]:
    """The script's words, stretched to the time that the voice took."""
    factor = length / (said["end"] - said["start"])
    words = [w | {key: begin + (w[key] - said["start"]) * factor for key in ("start", "end")} for w in said["words"]]
    return {"speaker": "rep", "start": begin, "end": begin + length, "text": said["text"], "words": words}


def with_database(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `work` gives with a migrated PostgreSQL of its own."""
    from parley.core.embedded import EmbeddedPostgres

    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "postgres")
        server.start(None)
        try:
            os.environ.update(server.urls())
            os.environ |= {
                "DJANGO_SETTINGS_MODULE": "parley.settings",
                "PARLEY_DATA": folder,
                "PARLEY_DATABASE_POOL": "0",
                "SECRET_KEY": "only-for-benchmarks-" + "x" * 40,
            }
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate", database="owner", verbosity=0)
            return work()
        finally:
            from django.db import connections

            connections.close_all()
            server.end()


def report(calls: list[Call], every_call: bool) -> dict[str, Any]:
    """Scores and KPIs by voice, and how far they lie apart."""
    from parley.scenarios.pack import find_scenario
    from parley.scenarios.rubric import compile_rubric
    from parley.scoring.functions import score_transcripts

    groups: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        groups[f"{call.scenario} {call.rep}, {call.condition}"].append(call)
    found: dict[str, Any] = {}
    for name, group in groups.items():
        rubric = compile_rubric(find_scenario(group[0].scenario)).as_json()
        heard = score_transcripts([call.heard for call in group], rubric)
        meant = score_transcripts([call.meant for call in group], rubric)
        found[name] = _compared(group, heard, meant) | (
            {"criteria": _criteria(group, heard, meant)} if every_call else {}
        )
    return {
        "cores": os.cpu_count(),
        "voices": len({call.voice for call in calls}),
        "calls": len(calls),
        "largest_spread": max(f["spread"] for f in found.values()),
        "largest_off": max(f["off"] for f in found.values()),
        "unclear": sum("unclear" in u.get("tags", []) for call in calls for u in call.heard if u["speaker"] == "rep"),
        "turns": sum(u["speaker"] == "rep" for call in calls for u in call.meant),
        "wer": total(compare(*pair) for call in calls for pair in _pairs(call)).rates()["wer"],
        "groups": found,
    }


Scored = list[tuple[dict[str, Any], dict[str, Any]]]


def _compared(group: list[Call], heard: Scored, meant: Scored) -> dict[str, Any]:
    scores = {call.voice: score["total"] for call, (_, score) in zip(group, heard, strict=True)}
    should = {call.voice: score["total"] for call, (_, score) in zip(group, meant, strict=True)}
    judged = [value for value in scores.values() if value is not None]
    return {
        "scores": scores,
        "meant": should,
        "spread": round(max(judged) - min(judged), 1) if judged else None,
        "off": max(round(abs(scores[v] - should[v]), 1) for v in scores if None not in (scores[v], should[v])),
        "kpis": {name: _range([kpis.get(name) for kpis, _ in heard]) for name in NUMBERS},
    }


def _range(values: list[float | None]) -> dict[str, float | None]:
    known = [value for value in values if value is not None]
    return {"low": min(known, default=None), "high": max(known, default=None)}


def _criteria(group: list[Call], heard: Scored, meant: Scored) -> dict[str, Any]:
    """Where points were lost or won by recognition: per voice, the criteria whose share differs."""
    return {
        call.voice: {
            c["id"]: {"meant": m["share"], "heard": c["share"], "weight": c["weight"]}
            for c, m in zip(as_heard["criteria"], as_meant["criteria"], strict=True)
            if c["share"] != m["share"]
        }
        for call, (_, as_heard), (_, as_meant) in zip(group, heard, meant, strict=True)
    }


def _pairs(call: Call) -> Iterator[tuple[str, str]]:
    """Each turn of the rep as meant with its text as heard, empty when nothing was."""
    heard = {u["turn"]: u["text"] for u in call.heard if u["speaker"] == "rep"}
    for meant in call.meant:
        if meant["speaker"] == "rep":
            yield meant["text"], heard.get(meant["turn"], "")


if __name__ == "__main__":
    main()
