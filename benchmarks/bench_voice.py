"""Voice to voice, ours against the textbook Pipecat pipeline: `python benchmarks/bench_voice.py --json`.

Twelve recorded turns by three voices are spoken in real time to both bots, each in a process of its own, with the same
models and the same answer. Measured at the client: from the last loud sample sent to the first loud sample received.
`ours` answers as the product does, with the buyer's lines rendered ahead; `ours_live` synthesises every answer anew.
Run it on an otherwise idle machine; it takes about four minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from parley.buyer.protocol import ReplyPart, RepTurn  # noqa: E402
from parley.voice.client import HeadlessRep, read_turn  # noqa: E402
from parley.voice.model_files import place_of  # noqa: E402
from parley.voice.settings import VoiceSettings  # noqa: E402
from parley.voice.tests.standins import call_brief, free_port, voice_server  # noqa: E402

TURNS = sorted((ROOT / "benchmarks" / "data").glob("turn*.flac"))
ANSWER = "Well, let me think about that for a moment."


class FixedAnswer:
    """The textbook bot's answer from our side of the bench: no time spent thinking."""

    notes: list[str] = []

    def open(self) -> list[ReplyPart]:
        return []

    async def reply(self, turn: RepTurn) -> AsyncIterator[ReplyPart]:
        yield ReplyPart(ANSWER)

    def on_silence(self, silent_s: float) -> list[ReplyPart]:
        return []

    def heard(self, text: str) -> None:
        return None


async def serve_ours(port_file: Path, live: bool) -> None:
    """Run our voice server until killed, and leave a call's address in `port_file`."""
    data = Path(tempfile.mkdtemp(prefix="parley-bench-"))
    settings = VoiceSettings(data_dir=data, render_ahead=not live)
    async with voice_server(
        settings, make_buyer=lambda brief: FixedAnswer(), fixed_lines=lambda brief: [ANSWER]
    ) as ours:
        brief = call_brief(time_limit_s=3000)
        if live:
            from parley.voice.lines import LineStore

            LineStore.get = lambda self, key: None  # type: ignore[method-assign]
        else:
            ours.calls.render_ahead(brief.buyer)
            await asyncio.sleep(2)
        port_file.write_text(ours.ws_url(brief))
        await asyncio.Event().wait()


async def measure(url: str) -> dict[str, Any]:
    """Speak every turn to the bot at `url`."""
    latencies: list[float] = []
    parts: dict[str, list[float]] = {}
    missed = early = 0
    async with HeadlessRep(url) as rep:
        await asyncio.sleep(2.5)
        for path in TURNS:
            rep.messages.clear()
            latency = await rep.say(read_turn(path))
            if latency is not None:
                latencies.append(latency)
            elif rep.answered_early:
                early += 1
            else:
                missed += 1
            await rep.listen()
            await asyncio.sleep(0.5)
            for message in rep.messages:
                if message.get("type") == "latency":
                    for stage, ms in message["parts"].items():
                        parts.setdefault(stage, []).append(ms)
    latencies.sort()
    result: dict[str, Any] = {
        "p50_ms": round(statistics.median(latencies), 1),
        "p95_ms": round(latencies[min(len(latencies) - 1, int(len(latencies) * 0.95))], 1),
        "answered": len(latencies),
        "early": early,
        "missed": missed,
    }
    if parts:
        result["parts"] = {stage: round(statistics.median(ms), 1) for stage, ms in parts.items()}
    return result


def run(arguments: list[str], url: str | None, address: Path | None = None) -> dict[str, Any]:
    """Start a bot, measure it, stop it."""
    bot = subprocess.Popen([sys.executable, *arguments], env={**os.environ, "LOGURU_LEVEL": "ERROR"})
    try:
        for _ in range(600):
            time.sleep(0.1)
            if bot.poll() is not None:
                raise SystemExit(f"The bot {arguments[0]} ended with status {bot.returncode}.")
            if url is None and address is not None and address.exists() and address.read_text():
                url = address.read_text()
            if url is not None and _answers(url):
                return asyncio.run(measure(url))
        raise SystemExit(f"The bot {arguments[0]} did not start within a minute.")
    finally:
        bot.kill()
        bot.wait()


def _answers(url: str) -> bool:
    import socket
    from urllib.parse import urlsplit

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(url).port or 0)) == 0


def main() -> None:
    parser = argparse.ArgumentParser(description="Voice to voice, ours against the textbook Pipecat pipeline.")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--live", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve_ours(options.serve, options.live))
        return
    settings = VoiceSettings(data_dir=Path(tempfile.gettempdir()) / "parley-bench")
    whisper, piper = place_of("whisper", settings), place_of("piper", settings)
    with tempfile.TemporaryDirectory() as folder:
        ours = run([__file__, "--serve", f"{folder}/ours"], None, Path(folder) / "ours")
        live = run([__file__, "--serve", f"{folder}/live", "--live"], None, Path(folder) / "live")
    port = free_port()
    textbook_bot = [str(ROOT / "benchmarks" / "textbook_bot.py"), str(port)]
    textbook = run([*textbook_bot, str(whisper.folder), str(piper.folder), piper.name], f"ws://127.0.0.1:{port}/ws")
    result = {
        "ours": ours,
        "ours_live": live,
        "textbook": textbook,
        "ratio": round(ours["p50_ms"] / textbook["p50_ms"], 3),
        "ratio_live": round(live["p50_ms"] / textbook["p50_ms"], 3),
        "turns": len(TURNS),
    }
    if options.json:
        print(json.dumps(result))
        return
    for name in ("ours", "ours_live", "textbook"):
        print(f"{name:10} p50 {result[name]['p50_ms']:7.1f} ms   p95 {result[name]['p95_ms']:7.1f} ms   {result[name]}")
    print(f"ratio {result['ratio']}, with live synthesis {result['ratio_live']}, {len(TURNS)} turns")


if __name__ == "__main__":
    main()
