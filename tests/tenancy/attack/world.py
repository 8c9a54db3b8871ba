"""Real rows in every tenant table, each under a label that says whose it is."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connections

from tests.support.cast import Cast, Person

MARK = "zz-only-rival-knows"
"""Stands in every text of Rival's rows; whoever reads it outside of Rival has found a leak."""

SAID = "zz-said-on-the-call"
"""Stands wherever a call's words do; who may read no words and reads it has found a leak."""
CITED = [{"i": 0, "start_ms": 0, "end_ms": 1000, "quote": SAID}]
QUOTING: dict[str, Any] = {
    "kpis": {
        "talk_ratio": 0.5,
        "heard": SAID,
        "list": [SAID],
        "deep": {"a": [{"x": SAID}]},
        "evidence": {"q": CITED},
        "judged": [{"id": "b", "score": 3, "quote": SAID, "i": 0, "why": f"They said {SAID}", "model": "m"}],
    },
    "score_breakdown": {
        "total": 80,
        "passed": True,
        "remark": SAID,
        "criteria": [
            {"id": "a", "kind": "kpi", "why": "7 questions", "evidence": CITED, "parts": [{"why": "7", "said": SAID}]},
            {"id": "b", "kind": "judge", "why": f"They said {SAID}", "evidence": CITED},
        ],
    },
    "feedback": {
        "writer": f"rules {SAID}",
        "summary": f"You said {SAID}",
        "quotes": CITED,
        "strengths": [SAID],
        "try": {"what": SAID, "say_instead": SAID},
        "next_step": SAID,
    },
}
"""What is written to an attempt, with words in every place and in some that nobody has thought of yet."""


@dataclass
class World:
    """The cast, and the key of every row by table and label."""

    cast: Cast
    cleo: Person
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    """table -> label -> primary key columns."""

    def foreign_ids(self) -> list[str]:
        """Every UUID that names a row of Rival."""
        found = {str(key) for rows in self.rows.values() for key in rows.get("rival", {}).values()}
        return sorted(key for key in found if len(key) == 36)


def dsn(alias: str = "default") -> dict[str, Any]:
    """Where the test database is, for a plain psycopg connection as that alias's login role."""
    params = connections[alias].get_connection_params()
    return {name: params[name] for name in ("dbname", "user", "host", "port", "password") if params.get(name)}


def build_world(cast: Cast) -> World:
    """Write and commit one row per table and label, as the owner."""
    from parley.accounts.models import Org, Team
    from parley.core.tenancy import acting_as_service
    from tests.support.cast import _person

    with acting_as_service("The attack needs people."):
        rival = Org.objects.get(pk=cast.carla.user.org_id)
        boulder = Team.objects.create(org_id=cast.dan.user.org_id, name="Boulder")
        rival_team = Team.objects.create(org=rival, name=f"Team {MARK}")
        cast.dan.user.team = boulder
        cast.dan.user.save(update_fields=["team"])
        cleo = _person(rival, "cleo", "trainee", rival_team)
    world = World(cast, cleo)
    with psycopg.connect(**dsn("owner")) as connection:
        _Writer(connection, world, boulder.pk, rival_team.pk).write()
    return world


@dataclass
class _Writer:
    connection: psycopg.Connection[Any]
    world: World
    boulder: uuid.UUID
    rival_team: uuid.UUID

    def write(self) -> None:
        cast, cleo = self.world.cast, self.world.cleo
        summit, rival = cast.ben.user.org_id, cast.carla.user.org_id
        denver = cast.ben.user.team_id
        self.keep("orgs", "org", id=summit)
        self.keep("orgs", "rival", id=rival)
        for label, person in {"ben": cast.ben, "dan": cast.dan, "ana": cast.ana, "rival": cleo}.items():
            self.keep("users", label, id=person.user.pk)
        for label, team in {"denver": denver, "boulder": self.boulder, "rival": self.rival_team}.items():
            self.keep("teams", label, id=team)
        for label, org, scenario in (("org", summit, cast.scenario), ("rival", rival, cast.foreign_scenario)):
            self.keep("scenarios", label, id=scenario.pk)
            self.of_org(label, org, scenario.pk)
        for label, person, scenario, team in (
            ("ben", cast.ben, cast.scenario, denver),
            ("dan", cast.dan, cast.scenario, self.boulder),
            ("rival", cleo, cast.foreign_scenario, self.rival_team),
        ):
            self.of_person(label, person, scenario.pk, team)
        for view in (
            "mv_leaderboard_month", "mv_org_overview", "mv_scenario_insights", "mv_team_weeks", "mv_rep_standing",
            "mv_usage_days", "mv_assignment_progress",
        ):  # fmt: skip
            self.connection.execute(f"refresh materialized view {view}")

    def of_org(self, label: str, org: Any, scenario: Any) -> None:
        text = MARK if label == "rival" else "own"
        self.add(
            "lender_facts",
            label,
            org_id=org,
            kind="rate",
            key="thirty",
            label=text,
            value={},
            note="",
            valid_from="2026-01-01",
        )
        track = self.add("tracks", label, org_id=org, title=text, summary=text, status="published")
        self.add("track_scenarios", label, org_id=org, track_id=track, scenario_id=scenario, position=1)
        hook = self.add(
            "webhooks", label, org_id=org, url=f"https://{text}.example/", description=text, secret=text, enabled=True,
            events=["user.added"],
        )  # fmt: skip
        self.add(
            "webhook_deliveries", label, org_id=org, webhook_id=hook, event="user.added",
            idempotency_key=uuid.uuid4(), payload={"x": text}, status="pending", tries=0, response_body="",
            last_error="",
        )  # fmt: skip
        self.add("dim_orgs", label, "org_id", org_id=org, name=text, plan="starter", timezone="UTC", week_start=1)
        self.add(
            "dim_scenarios", label, "scenario_id", scenario_id=scenario, org_id=org, key="k", code="", version=1,
            title=text, vertical="mortgage", difficulty="easy",
        )  # fmt: skip
        self.add(
            "dim_tracks",
            label,
            "track_id",
            track_id=track,
            org_id=org,
            title=text,
            status="published",
            scenario_count=1,
        )
        by = self.world.cast.carla if label == "rival" else self.world.cast.omar
        self.add(
            "rescores", label, org_id=org, scenario_id=scenario, by_id=by.user.pk, measure_again=False, status="queued",
            expected_s=1, attempts=0, moved=0, newly_passed=0, newly_failed=0, kept=0, problem=text,
        )  # fmt: skip
        self.add(
            "pack_approvals", label, org_id=org, pack="mortgage", version=1, officer=text, note=text,
            at="2026-01-01", valid_until="2028-01-01", by_id=by.user.pk, withdrawn_by_id=by.user.pk,
        )  # fmt: skip
        batch = self.add(
            "people_imports", label, org_id=org, by_id=by.user.pk, file_name=text, header=[text], columns=["email"],
            status="draft", invites=False, problem=text,
        )  # fmt: skip
        self.add(
            "people_import_rows", label, org_id=org, import_id=batch, line=2, email=text, name=text, fate="refused",
            why=text, cells=[text], values={},
        )  # fmt: skip
        self.add(
            "scenario_evals", label, org_id=org, scenario_id=scenario, by_id=by.user.pk, seeds=20, status="queued",
            progress=0, problem=text,
        )  # fmt: skip
        self.add(
            "scenario_exemplars", label, org_id=org, scenario_id=scenario, sha256="0" * 64, path=f"{org}/{text}.flac",
            duration_s=1, seed=1, kpis={}, breakdown={},
            transcript=[{"speaker": "rep", "start": 0, "end": 1, "text": text}],
        )  # fmt: skip
        (audit,) = self.one("select max(id) from audit_log where org_id = %s", org)
        self.keep("audit_log", label, id=audit)

    def of_person(self, label: str, person: Person, scenario: Any, team: Any) -> None:
        org, user = person.user.org_id, person.user.pk
        text = MARK if label == "rival" else "own"
        self.add(
            "consents", label, org_id=org, user_id=user, kind="recording", version=1, text=text, given_at="2026-01-01"
        )
        self.add(
            "erasures", label, org_id=org, user_id=user, status="done", asked_by_person=True, asked_at="2026-01-01",
            counts={}, problem=text,
        )  # fmt: skip
        self.add("assignments", label, org_id=org, scenario_id=scenario, user_id=user, note=text, status="open")
        if label != "rival":
            team_label = "denver" if label == "ben" else "boulder"
            self.add(
                "assignments", team_label, org_id=org, scenario_id=scenario, team_id=team, note=text, status="open"
            )
        self.add(
            "events", label, org_id=org, event="call.started", subject_type="attempt", subject_id=uuid.uuid4(),
            actor_id=user, at="2026-01-01", data={"x": text},
        )  # fmt: skip
        (key,) = self.one("select user_key from dim_users where user_id = %s and valid_until is null", user)
        self.keep("dim_users", label, user_key=key)
        for mode in ("official", "practice"):
            at = label if mode == "official" else f"{label}_practice" if label != "rival" else "rival_practice"
            attempt = self.add(
                "scenario_attempts", at, org_id=org, user_id=user, user_role="trainee", team_id=team,
                scenario_id=scenario, mode=mode, kind="voice", status="created", seed=1,
                brief={"persona": {"name": text}}, rubric={}, versions={}, time_limit_s=900,
                consent_text=text, consented_at="2026-01-01", token_used=False, end_reason="",
                latencies_ms=[], notes=[text], models_used={}, **QUOTING,
            )  # fmt: skip
            self.keep("attempt_words", at, attempt_id=attempt)
            if mode == "official":
                self.about(at, attempt, person)
            spoken = [{"i": 0, "speaker": "rep", "start": 0, "end": 1, "text": f"{SAID} {text}"}]
            self.add("attempt_utterances", at, "id", attempt_id=attempt, org_id=org, i=0, utterance=spoken[0])
            self.add(
                "attempt_transcripts", at, "attempt_id", attempt_id=attempt, org_id=org, transcript=spoken,
                path=f"{org}/{attempt}.json",
            )  # fmt: skip
            self.add(
                "attempt_recordings", at, "attempt_id", attempt_id=attempt, org_id=org, path=f"{org}/{attempt}.flac",
                duration_s=1, channels=2, sample_rate=16000, bytes=1, peaks=[],
            )  # fmt: skip
            self.add(
                "fact_scenario_attempts", at, "attempt_id", attempt_id=attempt, org_id=org, user_id=user, user_key=key,
                team_id=team, user_role="trainee", scenario_id=scenario, scenario_key=text, mode=mode, kind="voice",
                started_at="2026-01-01", day="2026-01-01", month="2026-01-01", score=80, abstained=False, capped=False,
                objections_raised=0, objections_answered=0, compliance_failed=0, scored_at="2026-01-01",
                events_written=True,
            )  # fmt: skip
            self.add(
                "fact_kpi_events", at, attempt_id=attempt, org_id=org, user_id=user, scenario_id=scenario, mode=mode,
                started_at="2026-01-01", kind="filler", name=text, n=1, outcome="",
            )  # fmt: skip

    def about(self, label: str, attempt: Any, person: Person) -> None:
        """An override and a dispute of an official attempt."""
        cast = self.world.cast
        by = {"ben": cast.ana, "dan": cast.omar, "rival": cast.carla}[label]
        text = MARK if label == "rival" else "own"
        same = {"org_id": person.user.org_id, "attempt_id": attempt, "user_id": person.user.pk, "reason": text}
        self.add("criterion_overrides", label, criterion="discovery", share=0.5, by_id=by.user.pk, **same)
        self.add("criterion_disputes", label, criterion="discovery", status="open", answer="", **same)

    def add(self, table: str, whose: str, pk: str = "id", /, **values: Any) -> Any:
        """Insert one row and keep its key; dated and keyed by itself where the table wants that."""
        columns = {
            row[0]: row[1]
            for row in self.all(
                "select column_name, data_type from information_schema.columns "
                "where table_schema = 'public' and table_name = %s",
                table,
            )
        }
        for name in ("created_at", "updated_at"):
            if name in columns:
                values.setdefault(name, "2026-01-01")
        if columns.get("id") == "uuid":
            values.setdefault("id", uuid.uuid4())
        made = {name: json.dumps(value) if columns[name] == "jsonb" else value for name, value in values.items()}
        names = ", ".join(made)
        found = self.one(
            f"insert into {table} ({names}) values ({', '.join(['%s'] * len(made))}) returning {pk}",
            *made.values(),
        )
        value = found[0]
        self.keep(table, whose, **{pk: value})
        return value

    def keep(self, table: str, label: str, /, **key: Any) -> None:
        self.world.rows.setdefault(table, {})[label] = key

    def one(self, sql: str, *values: Any) -> Any:
        return self.connection.execute(sql, values).fetchone()

    def all(self, sql: str, *values: Any) -> list[Any]:
        return self.connection.execute(sql, values).fetchall()
