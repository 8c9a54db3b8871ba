"""What the database really holds, read from its catalogue: the SQL snapshot and the matrix of grants."""

from __future__ import annotations

from typing import Any

from django.db import connections

_OURS = "n.nspname = 'public' and not exists (select from pg_depend d where d.objid = {oid} and d.deptype = 'e')"
ROLES = ("parley_authenticator", "parley_authenticated", "parley_service", "parley_worker")


def objects_sql() -> str:
    """Functions, views, triggers and policies of our own as SQL text, in a fixed order; the same on every
    PostgreSQL.
    """
    parts = ["-- Written from the catalogue by `manage.py write_catalogue`; a test compares. Do not edit.\n"]
    for name, body in _rows(
        f"""
        select p.oid::regprocedure::text, pg_get_functiondef(p.oid)
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where {_OURS.format(oid="p.oid")} and p.proname not like 'procrastinate%' and p.prokind = 'f'
        order by 1
        """  # noqa: S608 - our own text
    ):
        parts.append(f"-- function {name}\n{body.rstrip()};\n")
    for kind, name, body in _rows(
        f"""
        select case c.relkind when 'v' then 'view' else 'materialized view' end, c.relname, pg_get_viewdef(c.oid, true)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where {_OURS.format(oid="c.oid")} and c.relkind in ('v', 'm') order by 2
        """  # noqa: S608 - our own text
    ):
        parts.append(f"create {kind} {name} as\n{body}\n")
    for table, name, body in _rows(
        f"""
        select c.relname, t.tgname, pg_get_triggerdef(t.oid)
        from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
        where {_OURS.format(oid="c.oid")} and not t.tgisinternal and c.relname not like 'procrastinate%' order by 1, 2
        """  # noqa: S608 - our own text
    ):
        parts.append(f"-- trigger {name} on {table}\n{body};\n")
    for table, name, kind, roles, using, check in _rows(
        "select tablename, policyname, lower(cmd), array_to_string(roles, ', '), qual, with_check from pg_policies "
        "where schemaname = 'public' order by 1, 2"
    ):
        using_text = f"\n    using ({using})" if using else ""
        check_text = f"\n    with check ({check})" if check else ""
        parts.append(f"create policy {name} on {table} for {kind} to {roles}{using_text}{check_text};\n")
    return "\n".join(parts)


def grants_markdown() -> str:
    """The matrix role x table, as a Markdown table.

    Letters: s select, i insert, u update, d delete; small print for columns.
    """
    whole = {
        (table, role): letters
        for table, role, letters in _rows(
            """
            select table_name, grantee, string_agg(lower(left(privilege_type, 1)), '' order by privilege_type)
            from information_schema.role_table_grants
            where table_schema = 'public' and privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
            group by 1, 2
            """
        )
    }
    columns = {
        (table, role): text
        for table, role, text in _rows(
            """
            select c.table_name, c.grantee,
                   string_agg(distinct lower(left(c.privilege_type, 1)), '') || ' of some columns'
            from information_schema.column_privileges c
            where c.table_schema = 'public' and c.privilege_type in ('SELECT', 'INSERT', 'UPDATE')
              and not exists (
                  select from information_schema.role_table_grants t
                  where (t.table_name, t.grantee, t.privilege_type) = (c.table_name, c.grantee, c.privilege_type))
            group by 1, 2
            """
        )
    }
    tables = [row[0] for row in _rows("select tablename from pg_tables where schemaname = 'public' order by 1")]
    lines = ["| table | " + " | ".join(ROLES) + " |", "|---" * (len(ROLES) + 1) + "|"]
    for table in tables:
        cells = []
        for role in ROLES:
            found = [part for part in (whole.get((table, role)), columns.get((table, role))) if part]
            cells.append(", ".join(found) or "–")
        lines.append(f"| `{table}` | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
