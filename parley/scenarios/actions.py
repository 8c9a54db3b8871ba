"""What changes scenarios."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from parley.accounts.models import Org
from parley.core import events
from parley.scenarios.models import Scenario
from parley.scenarios.pack import ScenarioFile
from parley.scenarios.rubric import compile_rubric


@transaction.atomic
def publish_file(org: Org, file: ScenarioFile, *, by: UUID | None = None) -> tuple[Scenario, bool]:
    """Publish a scenario file in an organisation; returns the row and whether it is new.

    The same content again changes nothing. Changed content becomes the next version, so attempts keep what they had.
    """
    rubric = compile_rubric(file).model_dump(mode="json")
    sha256 = hashlib.sha256((file.model_dump_json() + repr(rubric)).encode()).hexdigest()
    newest = Scenario.objects.filter(org=org, key=file.key).order_by("-version").first()
    has_playbook = file.playbook is not None
    if newest is not None and newest.source_sha256 == sha256 and (newest.playbook is not None) == has_playbook:
        return newest, False
    row = Scenario.objects.create(
        org=org,
        key=file.key,
        code=file.code,
        version=newest.version + 1 if newest else 1,
        title=file.title,
        summary=file.summary,
        brief_for_rep="\n\n".join(file.brief_for_rep),
        vertical=file.vertical,
        difficulty=file.difficulty,
        tags=list(file.tags),
        persona=file.persona.model_dump(mode="json"),
        branching=file.branching.model_dump(mode="json"),
        playbook=file.playbook.model_dump(mode="json") if file.playbook else None,
        rubric=rubric,
        goal=file.goal.model_dump(mode="json"),
        time_limit_s=file.time_limit_s,
        status="published",
        source_sha256=sha256,
    )
    events.record(
        "scenario.published", org_id=org.pk, subject=("scenario", row.pk), actor_id=by, data={"version": row.version}
    )
    return row, True


@transaction.atomic
def save_draft(base: Scenario, *, key: str, title: str, parts: Mapping[str, Any], by: UUID) -> Scenario:
    """A draft beside a scenario, with other persona, branching and rubric; nobody can practise it.

    The same key again gives the draft that is there.
    """
    found = Scenario.objects.filter(org_id=base.org_id, key=key).order_by("-version").first()
    if found is not None:
        return found
    row = Scenario.objects.create(
        org_id=base.org_id,
        key=key,
        title=title[:160],
        summary=f"Drafted from a real call, on the ground of “{base.title}”.",
        brief_for_rep=base.brief_for_rep,
        vertical=base.vertical,
        difficulty=base.difficulty,
        tags=base.tags,
        goal=base.goal,
        time_limit_s=base.time_limit_s,
        status="draft",
        **parts,
    )
    subject = ("scenario", row.pk)
    events.record("scenario.drafted", org_id=row.org_id, subject=subject, actor_id=by, data={"from": base.key})
    return row
