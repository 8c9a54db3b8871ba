"""Every use of acting_as_service in the product is listed here with why no member can do it."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2] / "parley"

USES = {
    "accounts/invitations.py": "an invited person has no claims before they accept",
    "accounts/jobs.py": "old lists are forgotten for every organisation; whoever is no admin any more is told by it",
    "accounts/notices.py": "a mail is written for somebody who is not there; its words are read as themselves",
    "accounts/management/commands/make_org.py": "an organisation is made before anybody belongs to it",
    "accounts/management/commands/load_demo.py": "the demo organisation is made before anybody can sign in",
    "calls/api.py": "a typed practice is closed as a spoken one is: transcripts are not the rep's to write",
    "calls/directory.py": "the voice process acts for whoever holds a valid call token",
    "calls/importing.py": "an uploaded call is heard and closed for whoever uploaded it",
    "calls/relisten.py": "a recording is heard again for whoever held the call",
    "calls/retention.py": "retention holds for every organisation",
    "calls/closing.py": "calls are closed for whoever held them, also when they are gone",
    "reporting/seeding/history.py": "as commands/seed.py",
    "reporting/seeding/demo.py": "the demo organisation has a history before anybody signs in",
    "reporting/notices.py": "who is to be written to is asked of every organisation",
    "scoring/notices.py": "whose call it is, is asked before anybody acts as them",
    "training/notices.py": "who got something is asked before anybody acts as them",
    "reporting/erasures.py": "erasing reaches what its admin may not read: what somebody practised alone",
    "scenarios/management/commands/load_library.py": "no member belongs to all organisations",
    "commands/seed.py": "a made-up history belongs to organisations that nobody has signed in to",
    "integrations/jobs.py": "retention holds for every organisation",
    "reporting/jobs.py": "facts are read by many and written by the installation",
    "scoring/corrections/actions.py": "a score is the installation's to write, also when a manager decided a part",
    "scoring/rescoring/actions.py": "scores are not a member's to write, also when an admin asked for all of them",
    "scoring/rescoring/queries.py": "a preview counts practice calls, which only their reps may see one by one",
    "commands/calibrate.py": "whoever runs the installation compares the judge with people of all organisations",
    "commands/rescore.py": "whoever runs the installation scores history of any organisation",
    "scoring/evals/actions.py": "an eval is asked for by a member and run by the installation",
    "scoring/evals/run.py": "simulated calls belong to nobody",
    "scoring/evals/spoken.py": "simulated calls belong to nobody",
    "scoring/exemplars.py": "exemplar calls are made by the installation, for everybody",
    "scoring/jobs.py": "scores are not the rep's to write",
    "scoring/drafting/action.py": "a scenario is drafted for the author who asked for it",
    "scoring/judging.py": "a judge reads for the organisation, not for the rep",
    "scoring/management/commands/make_exemplars.py": "exemplar calls are made for every organisation",
    "scoring/writing.py": "feedback is written for whoever held the call, not by them",
}
SETTERS = {"core/tenancy.py"}


def _modules() -> dict[str, ast.Module]:
    files = [path for path in ROOT.rglob("*.py") if "tests" not in path.parts]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in files}


def test_acting_as_service_is_used_where_this_list_says() -> None:
    found = {
        name
        for name, tree in _modules().items()
        if name not in SETTERS
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "acting_as_service"
    }
    assert found - USES.keys() == set(), (
        "New uses of acting_as_service: add them to USES with the reason, or act as a member."
    )
    assert USES.keys() - found == set(), "USES names files that no longer use it; remove them."


def test_nothing_outside_core_tenancy_sets_roles_or_claims() -> None:
    for name, tree in _modules().items():
        if name in SETTERS or name.startswith("core/embedded"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value.lower()
                sets = (
                    "set_config(" in text or "set role" in text.replace("set role to", "") or "set local role" in text
                )
                assert not sets or _is_docstring(tree, node), (
                    f"{name}: roles and claims are set by core/tenancy.py alone."
                )


def _is_docstring(tree: ast.Module, constant: ast.Constant) -> bool:
    holders = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return any(
        isinstance(node, holders)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and node.body[0].value is constant
        for node in ast.walk(tree)
    )
