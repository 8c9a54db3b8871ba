"""Is this installation able to serve? Each check answers with a reason when it is not."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

Check = Callable[[], dict[str, object]]
checks: dict[str, Check] = {}
"""Apps above add theirs here at start-up, such as the voice models."""

WORKER_SILENT_S = 40.0


def healthz(request: HttpRequest) -> JsonResponse:
    """200 with a line per part, 503 when any part has `ok: false`."""
    found = answers()
    ok = all(answer["ok"] for answer in found.values())
    response = JsonResponse({"ok": ok, **found}, status=200 if ok else 503)
    response._has_been_logged = True  # type: ignore[attr-defined] # Django logs every 503; whoever asks is told why
    return response


def answers() -> dict[str, dict[str, object]]:
    """Each part's answer; needs the connection as it came in, as nobody."""
    return {name: _ask(check) for name, check in checks.items()}


def _ask(check: Check) -> dict[str, object]:
    try:
        return check()
    except Exception as error:
        return {"ok": False, "reason": f"{type(error).__name__}: {error}".splitlines()[0][:200]}


def database() -> dict[str, object]:
    """Does PostgreSQL answer?"""
    with connection.cursor() as cursor:
        cursor.execute("show server_version")
        row = cursor.fetchone()
    return {"ok": True, "version": row[0] if row else None}


def migrations() -> dict[str, object]:
    """Is the schema as new as the code?"""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return {"ok": False, "reason": f"{len(waiting)} migrations wait; run parley migrate.", "waiting": len(waiting)}
    return {"ok": True}


def worker() -> dict[str, object]:
    """Does a job worker live? Workers write a heartbeat every 10 s."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*), extract(epoch from now() - max(last_heartbeat)) from procrastinate_workers")
        count, age_s = cursor.fetchone() or (0, None)
    if age_s is None:
        return {"ok": False, "reason": "No job worker runs; start one with manage.py procrastinate worker."}
    if age_s > WORKER_SILENT_S:
        return {"ok": False, "reason": f"The job worker has been silent for {age_s:.0f} s.", "silent_s": round(age_s)}
    return {"ok": True, "workers": count}


checks["database"] = database
checks["migrations"] = migrations
checks["worker"] = worker
