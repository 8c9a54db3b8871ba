"""Render a buyer's fixed lines before anybody calls: for a job when a scenario is published, or by hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from parley.buyer.brief import VoiceStyle
from parley.voice.lines import LineStore, line_key
from parley.voice.model_files import place_of, verify
from parley.voice.models import load_piper
from parley.voice.mouth import be_nice
from parley.voice.settings import VoiceSettings
from parley.voice.speech import render


def render_lines_now(
    lines: Iterable[str],
    style: VoiceStyle,
    settings: VoiceSettings,
    *,
    on_line: Callable[[int], None] = lambda done: None,
) -> int:
    """Speak every line that is not kept yet, in one low-priority thread. Returns how many were new.

    Blocks for about a fifth of the lines' duration. Plain Python: no event loop, no pipeline, one core. Raises
    ModelError when the voice cannot be used.
    """
    store = LineStore(settings.lines_dir, settings.cache_mb)
    place = place_of("piper", settings)
    weights = next(f for f in verify(place) if f.path.suffix == ".onnx")
    missing = [(text, key) for text in lines if not store.has(key := line_key(text, style, weights.sha256))]
    if not missing:
        return 0
    failed: list[Exception] = []

    def work() -> None:
        be_nice()
        try:
            voice = load_piper(place, threads=1)
            for done, (text, key) in enumerate(missing, 1):
                store.put(key, render(voice, text, style))
                on_line(done)
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=work, name="render-lines")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    store.prune()
    return len(missing)
