"""`bin/up`: start everything, watch it, end it together."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from parley.core.embedded import EmbeddedPostgres, EmbeddedPostgresError
from parley.core.embedded.locks import FileLock
from parley.supervisor.banner import ask_health, unwell, welcome
from parley.supervisor.certificate import lan_names, make_certificate
from parley.supervisor.environment import embedded_server, environment
from parley.supervisor.frontend import FrontendError, build_if_changed, node_environment, npm_command
from parley.supervisor.options import PROJECT, Options, read_options
from parley.supervisor.ports import PortBusy, require_free
from parley.supervisor.processes import Managed, run_to_end
from parley.supervisor.reload import SourceWatch
from parley.supervisor.terminal import detail, paint, say, step

READY_WITHIN_S = 300.0
PATIENCE_S = 5.0
"""After this long the wait for /healthz says what it waits for."""
GRACE_S = 12.0
WORKER_JOBS = "6"
"""Jobs at once. At most four of them wait for a language model and one hears an upload (their locks see to it)."""


class CannotStart(RuntimeError):
    """Something that bin/up needs is missing or failed; the text says what."""


class Ended(BaseException):
    """A signal asked us to end."""


class Supervisor:
    """Everything that runs for one `bin/up`."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.server: EmbeddedPostgres | None = embedded_server(options.data)
        self.running = FileLock(options.data / "up.lock")
        self.env: dict[str, str] = {}
        self.web: Managed | None = None
        self.others: list[Managed] = []
        self.sign_ins: list[list[str]] = []
        """Role, name, e-mail and password of each demo member, as `load_demo` printed them."""

    def run(self) -> int:
        """Start, watch until the end, stop. Returns the exit status."""
        begun = time.monotonic()
        try:
            self._start()
            assert self.web is not None
            health = self._wait_until_ready()
            if self.options.check:
                say(json.dumps(health, indent=2))
                say(f"/healthz answered 200 after {time.monotonic() - begun:.1f} s.")
                return 0
            welcome(self.options, self.sign_ins, time.monotonic() - begun)
            return self._watch()
        except (CannotStart, PortBusy, FrontendError, EmbeddedPostgresError) as problem:
            say(paint("Parley did not start. ", 31) + str(problem))
            return 1
        except Ended:
            return 0
        finally:
            self._stop()

    def _start(self) -> None:
        options = self.options
        self._be_the_only_one()
        require_free(options.host, options.port)
        build_if_changed()
        if self.server:
            with step("Starting the database"):
                self.server.start(progress=detail)
        self.env = environment(options.data, self.server) | self._switches()
        with step("Bringing the database up to date"):
            self._prepare_database()
        with step("Starting web, voice and the job worker"):
            self.web = Managed("web", self._uvicorn(), self.env)
            manage = str(PROJECT / "manage.py")
            worker = [sys.executable, manage, "procrastinate", "worker", "--concurrency", WORKER_JOBS]
            self.others.append(Managed("worker", worker, self.env | {"PARLEY_PROCESS": "worker"}))
            if options.dev:
                self.others.append(Managed("front end", npm_command("run", "dev"), node_environment()))
            for process in [self.web, *self.others]:
                process.start()

    def _be_the_only_one(self) -> None:
        try:
            self.options.data.mkdir(parents=True, exist_ok=True)
            free = self.running.take(wait=False)
        except OSError as error:
            raise CannotStart(
                f"{self.options.data} cannot be written ({error.strerror}). Choose another folder: bin/up --data DIR"
            ) from error
        if not free:
            where = self.running.path.read_text().strip() or "somewhere"
            raise CannotStart(
                f"It runs already on this data, at {where}. "
                "Open that, stop it, or use another folder: bin/up --data DIR"
            )
        self.running.path.write_text(f"{self.options.address} (process {os.getpid()})\n")

    def _switches(self) -> dict[str, str]:
        options = self.options
        made = {
            "PARLEY_DEMO": "1" if options.is_demo else "0",
            "NEXT_PUBLIC_APP_URL": os.environ.get("NEXT_PUBLIC_APP_URL") or options.address,
            "DEBUG": "1" if options.dev else os.environ.get("DEBUG", "0"),
        }
        if not options.is_loopback:
            names = [f"[{name}]" if ":" in name else name for name in lan_names()]
            scheme = "https" if options.https else "http"
            origins = [f"{scheme}://{name}:{options.port}" for name in names]
            made["ALLOWED_HOSTS"] = os.environ.get("ALLOWED_HOSTS") or ",".join(names)
            made["CSRF_TRUSTED_ORIGINS"] = os.environ.get("CSRF_TRUSTED_ORIGINS") or ",".join(origins)
        return made

    def _prepare_database(self) -> None:
        command = [sys.executable, "-m", "parley.supervisor.prepare"] + (["--demo"] if self.options.is_demo else [])
        if run_to_end(command, self.env, self._prepared) != 0:
            raise CannotStart("The database could not be brought up to date; see above.")

    def _prepared(self, line: str) -> None:
        fields = line.split("\t")
        if len(fields) == 4:
            self.sign_ins.append(fields)
        else:
            detail(line)

    def _uvicorn(self) -> list[str]:
        options = self.options
        command = [sys.executable, "-m", "uvicorn", "parley.asgi:application"]
        command += ["--host", options.host, "--port", str(options.port)]
        command += ["--timeout-graceful-shutdown", "8", "--no-access-log", "--no-server-header"]
        if options.https:
            certificate, key, _ = make_certificate(options.data / "https", lan_names())
            command += ["--ssl-certfile", str(certificate), "--ssl-keyfile", str(key)]
        return command

    def _wait_until_ready(self) -> dict[str, object]:
        """Wait for 200 from /healthz. Returns what it said. Raises CannotStart."""
        assert self.web is not None
        begun = time.monotonic()
        told = ""
        while self.web.status is None:
            ready, said = ask_health(self.options)
            if ready:
                return said
            took_s = time.monotonic() - begun
            if took_s > READY_WITHIN_S:
                raise CannotStart(f"/healthz is not well after {READY_WITHIN_S:.0f} s: {json.dumps(said)}")
            if took_s > PATIENCE_S and (reasons := unwell(said)) != told:
                told = reasons
                detail(f"not ready yet: {reasons}")
            self._look_after_the_others()
            time.sleep(0.2)
        raise CannotStart(f"The web process ended with status {self.web.status}; see its lines above.")

    def _watch(self) -> int:
        assert self.web is not None
        changes = SourceWatch(PROJECT / "parley") if self.options.dev else None
        while self.web.status is None:
            self._look_after_the_others()
            if changes and (changed := changes.changed_file()):
                self._reload(changed)
            time.sleep(0.25)
        say(paint(f"The web process ended with status {self.web.status}.", 31) + " Everything else ends with it.")
        return 1

    def _look_after_the_others(self) -> None:
        if self.server and not self.server.is_running():
            say(paint("The database is gone; starting it again.", 31))
            self.server.start(progress=detail)
        for process in self.others:
            process.start_again_if_dead()

    def _reload(self, changed: Path) -> None:
        assert self.web is not None
        say(paint(f"==> {changed.relative_to(PROJECT)} changed: reloading", 1))
        ours = [process for process in [self.web, *self.others] if process.name != "front end"]
        for process in ours:
            process.ask_to_end()
        for process in ours:
            process.end(GRACE_S)
            process.start()

    def _stop(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        started = [process for process in [self.web, *self.others] if process and process.process]
        if started:
            say(paint("==> ", 1) + "Ending")
        for process in started:
            process.ask_to_end()
        for process in started:
            process.end(GRACE_S)
        if self.server:
            self.server.stop()
        self.running.release()


def _end(_number: int, _frame: FrameType | None) -> None:
    raise Ended


def main(words: list[str] | None = None) -> int:
    """Run `bin/up` with these words of the command line. Returns the exit status."""
    options = read_options(words)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    return Supervisor(options).run()
