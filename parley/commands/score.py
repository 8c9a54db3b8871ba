"""Score a recorded call or a transcript by a scenario's rubric, through the same SQL as live calls."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parley.commands.local import local_django
from parley.core.embedded import EmbeddedPostgresError

if TYPE_CHECKING:
    from parley.scoring.imports import StereoCall

app = typer.Typer(add_completion=False)


@app.command()
def score(
    file: Annotated[Path, typer.Argument(help="Stereo WAV, FLAC or MP3 (left rep, right buyer), or JSON, or WebVTT.")],
    scenario: Annotated[str, typer.Option("--scenario", "-s", help="Key or code, such as S01.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of the installation; default var/ or PARLEY_DATA.")] = None,
) -> None:
    """Print KPIs, score and feedback of one call. Nothing is kept. Status 2 when the file cannot be scored."""
    from parley.buyer.asked import with_topics_asked
    from parley.scenarios.pack import PackError, find_scenario
    from parley.scenarios.rubric import RubricError, compile_rubric
    from parley.scoring.imports import ImportRefused, is_recording, read_recording, read_transcript
    from parley.voice.model_files import ModelError

    try:
        chosen = find_scenario(scenario)
        rubric = compile_rubric(chosen).as_json()
        call = read_recording(file) if is_recording(file) else None
        transcript = [] if call else read_transcript(file)
        with local_django(data):
            from parley.scoring import functions
            from parley.scoring.feedback import write_feedback

            transcript = with_topics_asked(_recognised(file, call) if call else transcript, chosen.branching)
            kpis = functions.compute_kpis(transcript, rubric)
            result = functions.compute_score(kpis, rubric)
            brief = chosen.buyer_brief(seed=1).model_dump(mode="json")
            feedback = write_feedback(transcript, kpis, result, rubric, brief)
    except (ImportRefused, PackError, RubricError, ModelError, EmbeddedPostgresError) as problem:
        _refuse(str(problem), as_json)
    found = {
        "file": str(file),
        "scenario": chosen.key,
        "transcript": transcript,
        "kpis": kpis,
        "score": result,
        "feedback": feedback,
    }
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        _print(found)


def _refuse(message: str, as_json: bool) -> None:
    typer.echo(json.dumps({"error": {"message": message}}) if as_json else message, err=not as_json)
    raise typer.Exit(2)


def _recognised(file: Path, call: StereoCall) -> list[dict[str, Any]]:
    """The transcript of a stereo recording, both sides recognised by the embedded Whisper."""
    from parley.calls.voice import voice_settings
    from parley.scoring.imports import ImportRefused, finish_transcript
    from parley.voice.channel import load_whisper, transcribe_channel
    from parley.voice.contracts import Speaker

    model, began = load_whisper(voice_settings()), time.monotonic()
    utterances: list[dict[str, Any]] = []
    sides: list[tuple[Speaker, Any, Any]] = [("rep", call.rep, call.buyer), ("buyer", call.buyer, call.rep)]
    for speaker, own, other in sides:
        heard = transcribe_channel(own, speaker, model=model, other=other, on_progress=_progress(speaker))
        utterances += [u.model_dump(mode="json", exclude_none=True) for u in heard]
        if not heard:
            side = "left (rep)" if speaker == "rep" else "right (buyer)"
            raise ImportRefused(f"{file} holds no speech on the {side} channel; both sides must be heard.")
    typer.echo(f"\rRecognised {call.duration_s:.0f} s of call in {time.monotonic() - began:.0f} s.      ", err=True)
    return finish_transcript(utterances)


def _progress(speaker: str) -> Any:
    return lambda share: typer.echo(f"\rRecognising the {speaker} … {share:4.0%}", nl=False, err=True)


def _print(found: dict[str, Any]) -> None:
    score, kpis, feedback = found["score"], found["kpis"], found["feedback"]
    total = "no score" if score["total"] is None else f"{score['total']:g} of 100"
    verdict = score["abstained_why"] or ("passed" if score["passed"] else f"pass mark {score['pass_mark']:g}")
    typer.echo(f"{found['scenario']}: {total} ({verdict})\n")
    for c in score["criteria"]:
        points = "   –" if c["points"] is None else f"{c['points']:4.1f}"
        typer.echo(f"  {points} / {c['weight']:4.1f}  {c['label']}: {c['why']}")
    talk, pace, fillers = kpis["talk_listen"], kpis["words_per_minute"], kpis["fillers_per_minute"]
    typer.echo(f"\nTalk {talk or '–'}, pace {_or_dash(pace)} words/min, fillers {_or_dash(fillers)} per minute.")
    typer.echo(f"\n{feedback['summary']}")
    for quote in feedback["quotes"]:
        typer.echo(f"  {quote['start_ms'] // 60000}:{quote['start_ms'] // 1000 % 60:02d} “{quote['quote']}”")
        typer.echo(f"       {quote['comment']}")
    if feedback["try"]:
        typer.echo(f"\nTry: {feedback['try']['what']}\n  “{feedback['try']['say_instead']}”")
    typer.echo(f"\n{feedback['next_step']}")


def _or_dash(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
