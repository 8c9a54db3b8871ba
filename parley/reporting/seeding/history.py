"""Write a history: people first, then attempts in batches, newest with transcripts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection

from parley.core.tenancy import acting_as_service, note_for_triggers
from parley.reporting.seeding.people import Company, Rep, make_company
from parley.reporting.seeding.pool import LEVELS, Pool, make_pool
from parley.scenarios.pack import load_packs

BATCH = 25_000
MONTHS = 14
REASON = "A made-up history belongs to organisations that nobody has signed in to."
WITH_TRANSCRIPT = 50_000
_HOURS = (8, 9, 9, 10, 10, 10, 11, 11, 13, 14, 14, 15, 15, 16, 16, 17)


@dataclass(frozen=True, slots=True)
class SeedReport:
    """What was written, and how long it took in seconds."""

    orgs: int
    users: int
    attempts: int
    transcripts: int
    pool: int
    pool_s: float
    people_s: float
    insert_s: float


@dataclass(frozen=True, slots=True)
class _Plan:
    """One attempt before it is written."""

    id: UUID
    rep: Rep
    scenario_id: UUID
    item: int
    mode: str
    started_at: datetime
    duration_s: float


def seed_history(
    *,
    orgs: int,
    users: int,
    attempts: int,
    seed: int,
    until: datetime | None = None,
    variants: int = 2,
    tell: Callable[[str], object] = lambda _: None,
) -> SeedReport:
    """Write `orgs` organisations with `users` people in all and `attempts` scored attempts over 14 months.

    The newest 50,000 attempts keep transcript and evidence; older ones keep numbers, as retention would leave them.
    """
    until = (until or datetime.now(UTC)).replace(hour=0, minute=0, second=0, microsecond=0)
    since = until - timedelta(days=30 * MONTHS)
    files = load_packs()
    with acting_as_service(REASON):
        begun = time.monotonic()
        companies = [
            make_company(n, users // orgs + (n < users % orgs), seed=seed, files=files, since=since, until=until)
            for n in range(orgs)
        ]
        people_s = time.monotonic() - begun
        tell(f"{orgs} organisations with {sum(len(c.reps) for c in companies)} reps in {people_s:.1f} s")
        begun = time.monotonic()
        pool = make_pool(files, seed=seed, variants=variants)
        pool_s = time.monotonic() - begun
        size = sum(map(len, pool.values()))
        tell(f"{size} conversations composed and scored in {pool_s:.1f} s")
        begun = time.monotonic()
        transcripts = write_attempts(companies, pool, attempts, seed, since, until, tell)
        insert_s = time.monotonic() - begun
    return SeedReport(orgs, users, attempts, transcripts, size, pool_s, people_s, insert_s)


def write_attempts(
    companies: list[Company], pool: Pool, attempts: int, seed: int, since: datetime, until: datetime, tell: Any
) -> int:
    rng = Random(f"attempts:{seed}")  # noqa: S311 - reproducible, not secret
    plans = _plans(companies, pool, attempts, rng, since, until)
    done, transcripts = 0, 0
    with connection.cursor() as cursor:
        cursor.execute(
            "create temporary table seed_plan (id uuid, org_id uuid, user_id uuid, team_id uuid, scenario_id uuid, "
            "item int, mode text, started_at timestamptz, duration_s float8) on commit drop"
        )
        # The pool parted its words, set by set; the trigger need not look for them in each row.
        note_for_triggers("words_apart", "already")
        while done < attempts:
            count = min(BATCH, attempts - done)
            cursor.execute("truncate seed_plan")
            with cursor.copy("copy seed_plan from stdin") as copy:
                for _ in range(count):
                    plan = next(plans)
                    rep = plan.rep
                    who = (rep.org_id, rep.id, rep.team_id)
                    copy.write_row(
                        (plan.id, *who, plan.scenario_id, plan.item, plan.mode, plan.started_at, plan.duration_s)
                    )
            # Plans come newest first: only the first keep their words.
            whole = done < WITH_TRANSCRIPT
            cursor.execute(_INSERT_ATTEMPTS, {"whole": whole})
            if whole:
                cursor.execute(_INSERT_WORDS)
                cursor.execute(_INSERT_TRANSCRIPTS)
                transcripts += cursor.rowcount
            # References are checked batch by batch, or a million checks would wait in memory.
            cursor.execute("set constraints all immediate")
            cursor.execute("set constraints all deferred")
            done += count
            tell(f"{done:,} attempts")
        note_for_triggers("words_apart", "")
    return transcripts


def _plans(
    companies: list[Company], pool: Pool, attempts: int, rng: Random, since: datetime, until: datetime
) -> Iterator[_Plan]:
    """Attempts, newest first: more each month, fewer on weekends and around the turn of the year."""
    reps = [(company, rep) for company in companies for rep in company.reps]
    weights = list(accumulate(rep.weight for _, rep in reps))
    days = [since + timedelta(days=n) for n in range((until - since).days)]
    shares = [_busyness(day, n / len(days)) for n, day in enumerate(days)]
    left = attempts
    per_day: list[int] = []
    for n, share in enumerate(shares):
        per_day.append(min(left, round(attempts * share / sum(shares)) if n < len(shares) - 1 else left))
        left -= per_day[-1]
    for day, count in zip(reversed(days), reversed(per_day), strict=True):
        for company, rep in rng.choices(reps, cum_weights=weights, k=count):
            key = rng.choice(list(company.scenario_ids))
            began = day.replace(hour=rng.choice(_HOURS), minute=rng.randrange(60), second=rng.randrange(60))
            progress = max(0.0, (day - rep.joined_at) / max(until - rep.joined_at, timedelta(days=1)))
            skill = rep.start_skill + (rep.end_skill - rep.start_skill) * progress**0.7 + rng.gauss(0, 0.09)
            item = rng.choice(pool[key, min(LEVELS - 1, max(0, round(skill * (LEVELS - 1))))])
            mode = "official" if rng.random() < 0.45 else "practice"
            attempt_id = UUID(int=rng.getrandbits(128), version=4)
            yield _Plan(attempt_id, rep, company.scenario_ids[key], item.id, mode, began, item.duration_s)


def _busyness(day: datetime, progress: float) -> float:
    weekday = (1.0, 1.15, 1.1, 1.05, 0.7, 0.12, 0.08)[day.weekday()]
    season = 0.45 if (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 3) else 1.0
    spring = 1.25 if day.month in (3, 4, 5, 6) else 1.0
    return weekday * season * spring * (0.5 + progress)


_INSERT_ATTEMPTS = """
    insert into scenario_attempts (id, org_id, user_id, user_role, team_id, scenario_id, mode, kind, status, seed,
        brief, rubric, versions, time_limit_s, consent_text, consented_at, token_used, started_at, heartbeat_at,
        ended_at, scored_at, duration_s, end_reason, latencies_ms, notes, models_used, kpis, score, score_breakdown,
        feedback, created_at, updated_at)
    select p.id, p.org_id, p.user_id, 'trainee', p.team_id, p.scenario_id, p.mode, 'voice', 'scored', 1,
        case when %(whole)s then o.brief else o.slim_brief end,
        case when %(whole)s then o.rubric else o.slim_rubric end,
        '{"scenario": 1, "prompt": "buyer_v1"}', 900, 'Seeded.', p.started_at, true, p.started_at, t.ended_at,
        t.ended_at, t.ended_at + interval '4 seconds', p.duration_s, 'goal', '[]', '[]', '{}',
        case when %(whole)s then o.kpis_numbers else o.slim_kpis end, (o.breakdown ->> 'total')::numeric,
        case when %(whole)s then o.breakdown_numbers else o.slim_breakdown end,
        case when %(whole)s then feedback_without_words(o.feedback) end,
        p.started_at, p.started_at
    from seed_plan p join seed_pool o on o.id = p.item,
        lateral (select p.started_at + p.duration_s * interval '1 second' as ended_at) as t
"""
_INSERT_WORDS = """
    insert into attempt_words (attempt_id, org_id, kpis, score_breakdown, feedback)
    select p.id, p.org_id, o.kpis, o.breakdown, o.feedback from seed_plan p join seed_pool o on o.id = p.item
"""
_INSERT_TRANSCRIPTS = """
    insert into attempt_transcripts (attempt_id, org_id, transcript, path, created_at)
    select p.id, p.org_id, o.transcript, '', p.started_at from seed_plan p join seed_pool o on o.id = p.item
"""
