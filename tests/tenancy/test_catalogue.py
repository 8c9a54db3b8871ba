"""The catalogue itself: every tenant table is walled in, and nobody who serves requests is above the walls."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections

# Tables without a tenant, with the reason; everything else must carry org_id and policies.
NO_TENANT = {
    "identities": "who signs in is global",
    "api_tokens": "belong to an identity",
    "account_emailaddress": "belong to an identity",
    "account_emailconfirmation": "belong to an identity",
    "auth_group": "Django's, unused",
    "auth_group_permissions": "Django's, unused",
    "auth_permission": "Django's, unused",
    "django_content_type": "Django's catalogue",
    "django_migrations": "Django's catalogue",
    "django_session": "sign-in sessions",
    "dim_time": "the calendar is the same for everybody",
    "mfa_authenticator": "belong to an identity",
    "socialaccount_socialaccount": "belong to an identity",
    "socialaccount_socialapp": "sign-in services of the installation, unused: they come from the environment",
    "socialaccount_socialtoken": "belong to an identity",
    "usersessions_usersession": "belong to an identity",
    "procrastinate_events": "jobs name rows, policies guard what they do",
    "procrastinate_jobs": "jobs name rows, policies guard what they do",
    "procrastinate_periodic_defers": "jobs",
    "procrastinate_workers": "jobs",
    "reporting_refreshes": "when views were refreshed; names no tenant",
    "storage_keys": "the key of signed addresses; the owner's alone",
}


def _rows(sql: str, alias: str = "owner") -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


@pytest.fixture(autouse=True)
def _catalogue(committed_db: None) -> None:
    """These tests read what migrations made, as the owner."""


def test_every_table_is_a_tenants_or_is_listed_with_a_reason() -> None:
    tables = {row[0] for row in _rows("select tablename from pg_tables where schemaname = 'public'")}
    tenant = {
        row[0]
        for row in _rows(
            "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'org_id'"
        )
    }
    unknown = tables - tenant - {"orgs"} - NO_TENANT.keys()
    assert not unknown, (
        f"{sorted(unknown)} carry no org_id: give them one and policies, or list them in NO_TENANT with a reason."
    )
    assert {"scenario_attempts", "users"} <= tenant


def test_every_tenant_table_forces_row_security_with_policies_for_owner_and_service() -> None:
    rows = _rows(
        """
        select c.relname, c.relrowsecurity, c.relforcerowsecurity,
               array(select unnest(p.polroles)::regrole::text from pg_policy p where p.polrelid = c.oid)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind = 'r'
          and (c.relname = 'orgs' or exists (
              select from pg_attribute a
              where a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped))
        """
    )
    assert len(rows) >= 8
    for table, enabled, forced, roles in rows:
        assert (enabled, forced) == (True, True), f"{table}: enable AND force row level security in its sql/ file."
        assert {"parley_owner", "parley_service"} <= set(roles), (
            f"{table}: add a policy to parley_owner and one to parley_service."
        )


def test_no_policy_is_for_everybody() -> None:
    public = _rows("select tablename, policyname from pg_policies where 'public' = any(roles)")
    assert not public, f"{public}: name the role in `create policy … to …`."


def test_nobody_but_the_owner_may_touch_tables_through_public() -> None:
    grants = _rows(
        "select table_name, privilege_type from information_schema.role_table_grants "
        "where table_schema = 'public' and grantee = 'PUBLIC'"
    )
    assert not grants, f"{grants}: revoke from public, grant to a role."


def test_the_authenticator_has_no_grant_on_a_tenant_table() -> None:
    grants = _rows(
        """
        select table_name, privilege_type from information_schema.role_table_grants
        where table_schema = 'public' and grantee in ('parley_authenticator', 'parley_worker')
        """
    )
    tenant = {table for table, _ in grants} - NO_TENANT.keys()
    assert not tenant, (
        f"{sorted(tenant)} are open to a login role without claims: grant to parley_authenticated instead."
    )


def test_definer_functions_fix_their_search_path_and_are_not_public() -> None:
    rows = _rows(
        """
        select p.proname, coalesce(array_to_string(p.proconfig, ','), ''),
               has_function_privilege('public', p.oid, 'execute')
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'public' and p.prosecdef
        """
    )
    assert {name for name, _, _ in rows} >= {"memberships_of"}
    for name, config, public in rows:
        assert "search_path=" in config, f"{name}: set search_path on a security definer function."
        assert not public, f"{name}: revoke all on function … from public."


def test_no_connection_of_ours_is_superuser_or_bypasses_rls() -> None:
    for alias in ("default", "owner"):
        rows = _rows("select rolsuper, rolbypassrls from pg_roles where rolname = current_user", alias)
        assert rows == [(False, False)], alias
    rows = _rows("select rolname from pg_roles where rolname like 'parley%' and (rolsuper or rolbypassrls)")
    assert not rows
