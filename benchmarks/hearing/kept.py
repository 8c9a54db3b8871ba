"""Recognition results kept under `var/hearing`, so that a benchmark goes on where it was stopped.

They are kept by the audio and by the code that recognises: a change to either, other than of form, hears anew.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from benchmarks.hearing.voices import KEPT, Floats

ROOT = Path(__file__).resolve().parents[2]
CODE = ("parley/voice/whisper.py", "parley/voice/repeats.py", "parley/voice/careful.py", "parley/voice/levels.py")


def kept(name: str, audio: Floats, work: Callable[[], Any]) -> Any:
    """What `work` gives for this audio, as JSON. `name` says which recognition it is."""
    key = hashlib.sha256(f"{name} {_code()} ".encode() + audio.tobytes()).hexdigest()[:24]
    path = KEPT / f"{key}.json"
    if not path.exists():
        result = json.dumps(work())
        KEPT.mkdir(parents=True, exist_ok=True)
        path.write_text(result, encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _code() -> str:
    trees = (ast.parse((ROOT / path).read_text(encoding="utf-8")) for path in CODE)
    return hashlib.sha256("".join(ast.dump(_without_docstrings(tree)) for tree in trees).encode()).hexdigest()


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [  # type: ignore[attr-defined]
                s for s in body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
            ]
    return tree
