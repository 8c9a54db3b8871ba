"""docs/reference/database.md from the catalogue: the picture, a line on every table, the columns of every view."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections

# Tables that Django models do not describe: a line on each.
OTHERS = {
    "storage_keys": "The key that storage addresses are signed with; only the owner's functions read it.",
    "account_emailaddress": "E-mail addresses of identities (django-allauth).",
    "account_emailconfirmation": "Confirmations under way (django-allauth).",
    "auth_group": "Django's groups; unused.",
    "auth_group_permissions": "Django's; unused.",
    "auth_permission": "Django's; unused.",
    "django_content_type": "Django's list of models.",
    "django_migrations": "Which migrations were applied.",
    "django_session": "Sign-in sessions.",
    "mfa_authenticator": "Second factors and passkeys of identities (django-allauth).",
    "socialaccount_socialaccount": "Accounts elsewhere that an identity signs in with (django-allauth).",
    "socialaccount_socialapp": "Providers of such accounts; they are set in the environment, so it stays empty.",
    "socialaccount_socialtoken": "Tokens of such accounts; none are kept.",
    "usersessions_usersession": "Where an identity is signed in (django-allauth).",
    "procrastinate_events": "What happened to jobs.",
    "procrastinate_jobs": "Jobs to do and done.",
    "procrastinate_periodic_defers": "When periodic jobs were last deferred.",
    "procrastinate_workers": "Workers that are alive.",
}
_HEAD = """# The database

Written from PostgreSQL's catalogue by `manage.py write_catalogue`; a test compares. [Tenancy](tenancy.md) says who may
read what, `docs/database/objects.sql` holds every function, view, trigger and policy as SQL.

References between tenant tables are double: by id, and by organisation and id, so that no row can point into another
organisation. The picture leaves out those to `orgs`, which every tenant table has.
"""
_TAIL = """
## PgBouncer

`DATABASE_URL` may pass PgBouncer in transaction mode; `DATABASE_DIRECT_URL` and the worker may not. Claims are local to
their transaction; set `server_reset_query_always = 1` so that even a client which sets them for its session, which
Parley never does, leaves nothing behind.

## Reporting

`write_facts()` writes `fact_scenario_attempts` and `fact_kpi_events` from scored attempts, set by set; twice changes
nothing. `refresh_reporting()` refreshes the materialized views without disturbing readers and may be called from many
processes at once. Both run a few seconds after scores (one waiting job serves all) and every night.
"""


def database_markdown() -> str:
    """The whole page."""
    parts = [
        _HEAD,
        "## Picture\n",
        "```mermaid",
        "erDiagram",
        *_picture(),
        "```\n",
        "## Tables\n",
        "| table | what a row is | rows found by |",
        "|---|---|---|",
    ]
    lines = _table_lines()
    indexes: dict[str, list[str]] = {}
    for table, columns in _rows(_INDEXES):
        indexes.setdefault(table, []).append(columns)
    for (table,) in _rows("select tablename from pg_tables where schemaname = 'public' order by 1"):
        found = "<br>".join(f"`{columns}`" for columns in sorted(set(indexes.get(table, []))))
        parts.append(f"| `{table}` | {lines.get(table, '')} | {found} |")
    parts.append("\n## Views\n")
    for view, kind, comment, columns in _rows(_VIEWS):
        parts.append(f"**`{view}`** ({'materialized view' if kind == 'm' else 'view'}): {comment or ''}\n\n{columns}\n")
    parts.append("## Functions\n\n| function | what it does |\n|---|---|")
    parts += [f"| `{name}` | {comment or ''} |" for name, comment in _rows(_FUNCTIONS)]
    return "\n".join(parts) + "\n" + _TAIL


def _table_lines() -> dict[str, str]:
    lines = dict(OTHERS)
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("parley."):
            lines[model._meta.db_table] = " ".join((model.__doc__ or "").strip().split("\n\n")[0].split())
    return lines


def _picture() -> list[str]:
    return [f"    {parent} ||--o{{ {child} : {column}" for child, column, parent in _rows(_REFERENCES)]


_REFERENCES = """
    select distinct c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text
    from pg_constraint c join pg_namespace n on n.oid = c.connamespace
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and n.nspname = 'public' and cardinality(c.conkey) = 1
      and c.confrelid::regclass::text <> 'orgs'
      and c.conrelid::regclass::text !~ '^(auth|account|django|procrastinate)_'
    order by 3, 1, 2
"""
_INDEXES = """
    select t.relname, (select string_agg(coalesce(a.attname, 'expression'), ', ' order by k.n)
        from unnest(i.indkey) with ordinality as k(num, n)
        left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.num and k.num > 0)
    from pg_index i join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace
    where n.nspname = 'public' and t.relkind = 'r'
      and t.relname !~ '^(auth|account|django|procrastinate)_'
"""
_VIEWS = """
    select c.relname, c.relkind::text, obj_description(c.oid),
        (select string_agg('`' || a.attname || '`', ', ' order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('v', 'm')
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by 1
"""
_FUNCTIONS = """
    select p.oid::regprocedure::text, obj_description(p.oid)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'public' and p.prokind = 'f'
      and p.proname !~ '^(procrastinate|kpi_(?!events)|score_(criterion|kpi|measure|share|value))'
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    order by 1
"""


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
