"""Hold a practice call without a browser: recorded turns with --audio, or typing with --text."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parley.voice.site import Site, SiteError

if TYPE_CHECKING:
    from parley.buyer.typed import TypedUtterance

app = typer.Typer(add_completion=False)


@app.command()
def call(
    scenario: Annotated[str, typer.Argument(help="Key of a scenario, e.g. s01-inbound-rate-shopper.")],
    audio: Annotated[
        list[Path] | None, typer.Option("--audio", help="Recordings of the rep's turns: WAV, FLAC, MP3 or Ogg.")
    ] = None,
    more: Annotated[list[Path] | None, typer.Argument(help="More recordings after the first.")] = None,
    text: Annotated[bool, typer.Option("--text", help="Practise by typing, with the same buyer and scoring.")] = False,
    server: Annotated[str, typer.Option(help="The installation to call.")] = os.environ.get(
        "PARLEY_URL", "http://127.0.0.1:8000"
    ),
    token: Annotated[
        str | None, typer.Option(envvar="PARLEY_TOKEN", help="API token; without one, the demo rep signs in.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Fix the buyer's variations.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Hold a call and print its transcript, KPIs, score and voice-to-voice latencies.

    Each file is spoken in real time as one turn of the rep; the next begins when the buyer has finished. Status 1 when
    the call could not be held, 2 when the command line or a recording is wrong.
    """
    recordings = [*(audio or []), *(more or [])]
    if text == bool(recordings):
        typer.echo("Give recordings with --audio, or --text to type; one of the two.", err=True)
        raise typer.Exit(2)
    turns = _read(recordings)
    try:
        with Site(server, token=token) as site:
            site.sign_in_as_demo()
            result = _type(site, scenario, seed) if text else asyncio.run(_speak(site, scenario, seed, turns, as_json))
    except SiteError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(json.dumps(result) if as_json else _report(result))


def _read(recordings: list[Path]) -> list[tuple[str, bytes]]:
    """Every recording as microphone audio, before a call is started for nothing."""
    from parley.voice.client import read_turn

    try:
        return [(path.name, read_turn(path)) for path in recordings]
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


async def _speak(
    site: Site, scenario: str, seed: int | None, turns: list[tuple[str, bytes]], quiet: bool
) -> dict[str, Any]:
    """Speak the turns, then hang up unless the buyer did, and wait for the score."""
    from parley.voice.client import CallClosed, HeadlessRep

    started = await asyncio.to_thread(site.start, scenario, seed=seed)
    latencies: list[float] = []
    try:
        async with HeadlessRep(site.websocket_url(started)) as rep:
            await rep.listen()
            for name, pcm in turns:
                if rep.ended is not None:
                    break
                latency = await rep.say(pcm)
                if latency is not None:
                    latencies.append(latency)
                if not quiet:
                    typer.echo(
                        f"{name}: {'no answer' if latency is None else f'answered after {latency:.0f} ms'}", err=True
                    )
                await rep.listen()
            if rep.ended is None:
                await rep.hang_up()
    except CallClosed as closed:
        raise SiteError(str(closed)) from closed
    except OSError as error:
        raise SiteError(f"The call could not be carried: {error}") from error
    outcome = await asyncio.to_thread(site.outcome, started["attempt_id"])
    return _result(site, outcome, latencies)


def _type(site: Site, scenario: str, seed: int | None) -> dict[str, Any]:
    """Hold a typed call in the terminal and hand it in."""
    from parley.buyer import build_buyer
    from parley.buyer.brief import BuyerBrief
    from parley.buyer.typed import TypedCall

    started = site.start(scenario, kind="typed", seed=seed)
    typed = TypedCall(build_buyer(BuyerBrief.model_validate(started["brief"]), None))
    opening = typed.open()
    utterances = [opening] if opening else []
    _show(utterances)
    for line in _typed_lines():
        said = asyncio.run(typed.say(line))
        _show(said[1:])
        utterances += said
        if typed.ended is not None or utterances[-1].end >= started["time_limit_s"]:
            break
    if not any(u.speaker == "rep" for u in utterances):
        raise SiteError("Nothing was typed, so there is nothing to score.")
    site.hand_in(started["attempt_id"], [u.as_dict() for u in utterances], typed.ended or "rep_ended")
    return _result(site, site.outcome(started["attempt_id"]), [])


def _show(utterances: list[TypedUtterance]) -> None:
    for utterance in utterances:
        typer.echo(f"{utterance.speaker}> {utterance.text}", err=True)


def _result(site: Site, outcome: dict[str, Any], latencies: list[float]) -> dict[str, Any]:
    breakdown = outcome.get("breakdown") or {}
    recording = outcome.get("recording")
    if recording:
        recording = {**recording, "url": site.absolute(recording["url"])}
    return {
        "attempt_id": outcome["attempt_id"],
        "review_url": site.absolute(outcome["review_url"]),
        "end_reason": outcome.get("end_reason"),
        "transcript": outcome.get("transcript") or [],
        "kpis": outcome.get("kpis") or {},
        "score": {"total": outcome.get("score"), "criteria": breakdown.get("criteria", [])},
        "latency_ms": latencies,
        "recording": recording,
        "notes": outcome.get("notes") or [],
    }


def _typed_lines() -> Iterator[str]:
    """What the person types, line by line, until end of input or `/bye`."""
    prompt = "you> " if sys.stdin.isatty() else ""
    while True:
        try:
            line = input(prompt).strip()
        except EOFError:
            return
        if line == "/bye":
            return
        if line:
            yield line


def _report(result: dict[str, Any]) -> str:
    lines = [f"{u['speaker']:>5}  {u['text']}" for u in result["transcript"]]
    total = result["score"]["total"]
    lines += ["", f"score {'none' if total is None else total}"]
    lines += [
        f"  {c['label']}: {c['points']} of {c['weight']}. {c.get('why', '')}" for c in result["score"]["criteria"]
    ]
    if result["latency_ms"]:
        lines.append(f"answered after {statistics.median(result['latency_ms']):.0f} ms (median, voice to voice)")
    return "\n".join([*lines, f"review: {result['review_url']}"])
