"""What changes scenarios."""

from __future__ import annotations

import hashlib
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
    if newest is not None and newest.source_sha256 == sha256:
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
