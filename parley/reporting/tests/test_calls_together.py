"""Calls that are taken apart together come out as each would alone."""

from __future__ import annotations

import json

from django.db import connection

from parley.reporting.seeding.dialogue import converse, rubric_of
from parley.scenarios.pack import load_packs


def test_calls_taken_apart_together_are_measured_like_each_alone(db: None) -> None:
    files = load_packs()[:2]
    for file in files:
        rubric = rubric_of(file)
        calls = [converse(file, skill=n / 4, seed=n) for n in range(5)]
        calls[2:2] = [[], calls[0][:1], [{**u, "source": "typed"} for u in calls[1]]]
        with connection.cursor() as cursor:
            cursor.execute(
                "with r as materialized ("
                "select kpi_slim(j) as slim, kpi_compiled(j) as compiled from cast(%s as jsonb) as j), "
                "t as materialized (select array_agg(t::jsonb order by n) as all_of_them "
                "from unnest(cast(%s as text[])) with ordinality as x(t, n)) "
                "select k.ord, k.kpis = compute_kpis(t.all_of_them[k.ord], r.slim, r.compiled) "
                "from r, t, kpi_of_calls(t.all_of_them, r.slim, r.compiled) as k order by k.ord",
                [json.dumps(rubric), [json.dumps(call) for call in calls]],
            )
            assert cursor.fetchall() == [(n + 1, True) for n in range(len(calls))]
