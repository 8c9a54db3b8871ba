"""Who may do what to which of the labelled rows inside their organisation. What is not here is forbidden.

Written apart from the policies, from docs/reference/tenancy.md, so that the two can disagree.
"""

from __future__ import annotations

Labels = frozenset[str]
Rule = dict[str, dict[str, Labels]]
"""operation -> role -> labels of rows."""

OPERATIONS = ("select", "insert", "update", "delete")


def _who(**roles: str) -> dict[str, Labels]:
    return {role: frozenset(labels.split()) for role, labels in roles.items()}


def _all(labels: str) -> dict[str, Labels]:
    return _who(trainee=labels, manager=labels, admin=labels, hr=labels)


def _content() -> Rule:
    """Read by everybody, written by admins and managers."""
    write = _who(admin="org", manager="org")
    return {"select": _all("org"), "insert": write, "update": write, "delete": write}


_SEEN = _who(trainee="ben ben_practice", manager="ben", admin="ben dan", hr="ben dan")
_HEARD = _who(trainee="ben ben_practice", manager="ben", admin="ben dan")
_CORRECTED = _who(trainee="ben", manager="ben", admin="ben dan")
_ADMINS = _who(admin="org")
_ASSIGN = _who(manager="ben denver", admin="ben dan denver boulder")

RULES: dict[str, Rule] = {
    "orgs": {"select": _all("org"), "update": _ADMINS},
    "users": {
        "select": _all("ben dan ana"),
        "insert": _who(admin="ben dan ana"),
        "update": _who(trainee="ben", manager="ana", admin="ben dan ana"),
    },
    "teams": {
        "select": _all("denver boulder"),
        **dict.fromkeys(("insert", "update", "delete"), _who(admin="denver boulder")),
    },
    "consents": {
        "select": _who(trainee="ben", admin="ben dan", hr="ben dan"),
        "insert": _who(trainee="ben"),
        "update": _who(trainee="ben"),
    },
    "scenarios": _content(),
    "lender_facts": _content(),
    "tracks": _content(),
    "track_scenarios": _content(),
    "assignments": {
        "select": _who(
            trainee="ben denver", manager="ben denver", admin="ben dan denver boulder", hr="ben dan denver boulder"
        ),
        "insert": _ASSIGN,
        "update": _ASSIGN,
        "delete": _ASSIGN,
    },
    "scenario_attempts": {
        "select": _SEEN,
        "insert": _who(trainee="ben ben_practice"),
        "update": _who(trainee="ben ben_practice"),
    },
    "criterion_overrides": {
        "select": _CORRECTED,
        # Whoever signs: Ana signed Ben's, Omar Dan's.
        "insert": _who(manager="ben", admin="dan"),
    },
    "criterion_disputes": {"select": _CORRECTED, "insert": _who(trainee="ben"), "update": _CORRECTED},
    "pack_approvals": {"select": _all("org"), "insert": _ADMINS, "update": _ADMINS},
    "rescores": {"select": _ADMINS, "insert": _ADMINS},
    "scenario_evals": {
        "select": _who(admin="org", manager="org"),
        # Whoever signs: Omar signed it.
        "insert": _ADMINS,
    },
    "scenario_exemplars": {"select": _all("org")},
    "attempt_utterances": {},
    "attempt_transcripts": {"select": _HEARD},
    "attempt_words": {"select": _HEARD},
    "attempt_recordings": {"select": _HEARD},
    "events": {"select": _who(trainee="ben", admin="ben dan"), "insert": _who(trainee="ben")},
    "people_imports": dict.fromkeys(OPERATIONS, _ADMINS),
    "people_import_rows": dict.fromkeys(OPERATIONS, _ADMINS),
    "erasures": dict.fromkeys(("select", "insert", "update"), _who(trainee="ben", admin="ben dan")),
    "audit_log": {"select": _ADMINS},
    "webhooks": dict.fromkeys(OPERATIONS, _ADMINS),
    "webhook_deliveries": {"select": _ADMINS},
    "fact_scenario_attempts": {"select": _SEEN},
    "fact_kpi_events": {"select": _SEEN},
    "dim_orgs": {"select": _all("org")},
    "dim_users": {"select": _all("ben dan")},
    "dim_scenarios": {"select": _all("org")},
    "dim_tracks": {"select": _all("org")},
}

# What the installation itself may not do to any row, although it sees all of them.
SERVICE_MAY_NOT: dict[str, frozenset[str]] = {
    "audit_log": frozenset({"insert", "update", "delete"}),
    "events": frozenset({"update", "delete"}),
    **{
        name: frozenset({"insert", "update", "delete"})
        for name in ("dim_orgs", "dim_users", "dim_scenarios", "dim_tracks")
    },
}

VIEW_RULES: dict[str, dict[str, Labels]] = {
    "leaderboard_month": _who(trainee="ben", manager="ben", admin="ben dan", hr="ben dan"),
    "org_overview": _who(manager="ben", admin="ben dan", hr="ben dan"),
    "scenario_insights": _who(manager="org", admin="org", hr="org"),
    # Read by functions alone.
    "assignment_progress_now": {},
}
