"""May this person start this scenario now? Apps above (training, billing) add their checks at start-up."""

from __future__ import annotations

from collections.abc import Callable

from parley.accounts.queries import has_withdrawn_consent
from parley.core.tenancy import Member
from parley.scenarios.models import Scenario

Gate = Callable[[Member, Scenario], str | None]
_gates: list[Gate] = []


def register(gate: Gate) -> Gate:
    """Add a check that answers None (go on) or a sentence saying why not and what to do."""
    if gate not in _gates:
        _gates.append(gate)
    return gate


def ask(member: Member, scenario: Scenario) -> str | None:
    """The first objection of any gate, or None."""
    return next((reason for gate in _gates if (reason := gate(member, scenario))), None)


@register
def consent_stands(member: Member, scenario: Scenario) -> str | None:
    """No call without consent to being recorded and to an AI voice."""
    if has_withdrawn_consent(member):
        return "You withdrew your consent to recording or to an AI voice. Give it again in your settings to practise."
    return None
