from __future__ import annotations

from typing import Any

from django.db import migrations

BATCH = 50
MOVE = """
    with due as materialized (
        select a.id, a.org_id, a.kpis, a.score_breakdown, a.feedback, without_words(a.kpis) as kpis_left,
            without_words(a.score_breakdown) as breakdown_left
        from scenario_attempts a where a.id = any (%s)
    ), moved as (
        insert into attempt_words (attempt_id, org_id, kpis, score_breakdown, feedback)
        select id, org_id, nullif(kpis, kpis_left), nullif(score_breakdown, breakdown_left), feedback from due
        on conflict (attempt_id) do nothing
    )
    update scenario_attempts a set kpis = due.kpis_left, score_breakdown = due.breakdown_left,
        feedback = feedback_without_words(due.feedback)
    from due where due.id = a.id
"""


def move(apps: Any, schema_editor: Any) -> None:
    """Part the words of attempts that were there before, batch by batch, each in a transaction of its own."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "select a.id from scenario_attempts a where a.feedback is not null or holds_words(a.kpis) "
            "or holds_words(a.score_breakdown)"
        )
        ids = [row[0] for row in cursor.fetchall()]
        for start in range(0, len(ids), BATCH):
            cursor.execute(MOVE, [ids[start : start + BATCH]])


class Migration(migrations.Migration):
    """Rows that were there before: only they are locked, a few at a time."""

    atomic = False
    dependencies = [("calls", "0009_words_apart")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
