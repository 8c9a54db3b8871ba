"""The conversations that attempts are dealt from, scored by the real SQL functions, in a temporary table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from parley.buyer.brief import BuyerBrief
from parley.reporting.seeding.dialogue import converse, rubric_of
from parley.scenarios.pack import ScenarioFile
from parley.scoring.feedback import write_feedback

LEVELS = 8
"""Steps of skill from 0 to 1."""


@dataclass(frozen=True, slots=True)
class PoolItem:
    """One scored conversation."""

    id: int
    duration_s: float
    score: float | None


Pool = dict[tuple[str, int], list[PoolItem]]
"""Items by scenario key and level of skill."""


def make_pool(files: list[ScenarioFile], *, seed: int, variants: int) -> Pool:
    """Compose, score and keep `variants` conversations per scenario and level in the temporary table `seed_pool`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "create temporary table seed_talk (id int, key text, level int, transcript jsonb) on commit drop"
        )
        cursor.execute(
            "create temporary table seed_scenario (key text primary key, rubric jsonb, brief jsonb, slim_brief jsonb, "
            "compiled kpi_phrase[]) on commit drop"
        )
        _copy(cursor, "seed_scenario (key, rubric, brief, slim_brief)", [_scenario_row(file) for file in files])
        cursor.execute("update seed_scenario set compiled = kpi_compiled(rubric)")
        talks: list[tuple[Any, ...]] = []
        for file in files:
            for level in range(LEVELS):
                for variant in range(variants):
                    transcript = converse(file, skill=level / (LEVELS - 1), seed=seed * 1000 + variant)
                    talks.append((len(talks) + 1, file.key, level, Jsonb(transcript)))
        _copy(cursor, "seed_talk", talks)
        cursor.execute(
            """
            create temporary table seed_pool on commit drop as
            select t.id, t.key, t.level, t.transcript, s.rubric, s.brief, s.slim_brief, k.kpis, b.breakdown,
                without_words(k.kpis) as kpis_numbers, without_words(b.breakdown) as breakdown_numbers,
                k.kpis - 'evidence' as slim_kpis,
                jsonb_build_object('version', s.rubric -> 'version', 'title', s.rubric -> 'title',
                    'pass_mark', s.rubric -> 'pass_mark') as slim_rubric,
                jsonb_set(b.breakdown, '{criteria}', (
                    select jsonb_agg(c - 'evidence' - 'parts')
                    from jsonb_array_elements(b.breakdown -> 'criteria') as c)) as slim_breakdown,
                '{}'::jsonb as feedback
            from seed_talk t join seed_scenario s using (key)
            cross join lateral (select compute_kpis(t.transcript, s.rubric, s.compiled) as kpis offset 0) as k
            cross join lateral (select compute_score(k.kpis, s.rubric) as breakdown offset 0) as b
            """
        )
        cursor.execute("select id, key, level, kpis ->> 'duration_s', breakdown ->> 'total' from seed_pool order by id")
        pool: Pool = {}
        for item_id, key, level, duration_s, total in cursor.fetchall():
            item = PoolItem(item_id, float(duration_s), None if total is None else float(total))
            pool.setdefault((key, level), []).append(item)
        _write_feedback(cursor)
        cursor.execute("analyze seed_pool")
    return pool


def _scenario_row(file: ScenarioFile) -> tuple[Any, ...]:
    brief = BuyerBrief(
        scenario_key=file.key, title=file.title, persona=file.persona, branching=file.branching, seed=1
    ).model_dump(mode="json")
    slim = {"scenario_key": file.key, "title": file.title, "persona": {"name": file.persona.name}, "seed": 1}
    return file.key, Jsonb(rubric_of(file)), Jsonb(brief), Jsonb(slim)


def _write_feedback(cursor: Any) -> None:
    cursor.execute("select id, transcript::text, kpis::text, breakdown::text, rubric::text, brief::text from seed_pool")
    for row in cursor.fetchall():
        feedback = write_feedback(*(json.loads(part) for part in row[1:]))
        cursor.execute("update seed_pool set feedback = %s where id = %s", [Jsonb(feedback), row[0]])


def _copy(cursor: Any, table: str, rows: list[tuple[Any, ...]]) -> None:
    with cursor.copy(f"copy {table} from stdin") as copy:
        for row in rows:
            copy.write_row(row)
