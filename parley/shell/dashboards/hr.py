"""What HR comes with: are we compliant, who has finished what they must, who is certified? Never words of a call."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse

from parley.accounts.clock import clock_of
from parley.core.tenancy import Member
from parley.core.ui.charts import Chart, Series
from parley.reporting.filters import Filters, read_filters
from parley.reporting.queries import assigned, org, people
from parley.reporting.queries.rows import Tally, total
from parley.reporting.queries.teams import team_weeks
from parley.scenarios.compliance import pack_for, pack_names
from parley.shell.dashboards import shared
from parley.shell.dashboards.words import counted, number, sentence


def page(member: Member, asked: QueryDict) -> dict[str, Any]:
    """What the template shows."""
    filters = read_filters(asked, clock_of(member))
    weeks = team_weeks(filters.before, filters.until, filters.team, filters.keys)
    tally = total(row for row in weeks if row.week >= filters.since)
    was = total(row for row in weeks if row.week < filters.since)
    rules = org.broken_rules(filters.begins_at, filters.ends_at, filters.team)
    totals = assigned.assignment_totals(filters.team, filters.track, filters.scenario)
    given = assigned.by_title(totals)
    overdue = assigned.assignment_rows(
        state="overdue", team=filters.team, track=filters.track, scenario=filters.scenario, at_most=8
    )
    reps = people.roster(filters.begins_at, team=filters.team, state="compliance", at_most=8)
    sums = _sums(given)
    labels = _labels()
    return {
        "filters": filters,
        "problems": filters.problems,
        "answer": _answer(filters, reps, rules, labels, sums, tally),
        "metrics": _metrics(filters, reps, sums, tally, was),
        "completion": _completion(filters, totals),
        "certified": [row for row in given if row.track_id],
        "given": given,
        "rules": [
            (rule, labels.get(rule.rule, rule.rule), shared.to("team-calls", filters, rule=rule.rule)) for rule in rules
        ],
        "overdue": overdue,
        "overdue_count": overdue[0].matching if overdue else 0,
        "reps": reps,
        "links": {
            "calls": shared.to("team-calls", filters),
            "overdue": _assigned(filters, state="overdue"),
            "assignments": _assigned(filters),
            "roster": reverse("team"),
        },
        "exports": [
            ("Completion, person by person", _assigned(filters, format="csv")),
            ("Overdue assignments", _assigned(filters, state="overdue", format="csv")),
            (
                "Roster with scores",
                reverse("team") + filters.query(weeks=None, scenario=None, track=None, format="csv"),
            ),
            ("Official calls that broke a rule", shared.to("team-calls", filters, result="compliance", format="csv")),
        ],
    }


def _labels() -> dict[str, str]:
    """What rules ask, by id, as the rule packs name them."""
    packs = [pack for pack in map(pack_for, pack_names()) if pack]
    return {check.id: check.label for pack in packs for check in pack.checks}


def _assigned(filters: Filters, **extra: object) -> str:
    return reverse("assignments") + filters.query(weeks=None, **extra)


def _sums(given: list[assigned.GivenTotal]) -> dict[str, int]:
    tracks = [row for row in given if row.track_id]
    return {
        "given": sum(row.given for row in given),
        "done": sum(row.done for row in given),
        "overdue": sum(row.overdue for row in given),
        "certified": sum(row.done for row in tracks),
        "on_tracks": sum(row.given for row in tracks),
    }


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"


def _metrics(
    filters: Filters, reps: people.Roster, sums: dict[str, int], now: Tally, was: Tally
) -> list[dict[str, Any]]:
    change = shared.moved(now.compliance_failed, was.compliance_failed, "", filters, "down") if now.attempts else None
    return [
        {
            "label": "Completed",
            "value": _percent(sums["done"], sums["given"]),
            "icon": "list-checks",
            "note": f"{sums['done']:,} of {sums['given']:,} assignments",
            "href": _assigned(filters, state="done"),
        },
        {
            "label": "Overdue",
            "value": f"{sums['overdue']:,}",
            "icon": "clock",
            "note": "assignments",
            "href": _assigned(filters, state="overdue"),
        },
        {
            "label": "Certified",
            "value": _percent(sums["certified"], sums["on_tracks"]),
            "icon": "graduation-cap",
            "note": f"{sums['certified']:,} of {sums['on_tracks']:,} have finished their track",
            "href": _assigned(filters, state="done"),
        },
        {
            "label": "Failed checks",
            "value": f"{now.compliance_failed:,}",
            "icon": "shield-check",
            "note": f"in {now.attempts:,} official calls",
            "href": shared.to("team-calls", filters, result="compliance"),
            "trend": change,
        },
    ]


def _completion(filters: Filters, totals: list[assigned.Given]) -> Chart:
    names = {team.pk: team.name for team in filters.teams}
    sums: dict[Any, list[int]] = {}
    for row in totals:
        counts = sums.setdefault(row.team_id, [0, 0])
        counts[0] += row.done
        counts[1] += row.given
    rows = sorted(
        ((names.get(team, "No team"), team, 100 * done / given) for team, (done, given) in sums.items() if given),
        key=lambda row: row[2],
    )[:12]
    return Chart(
        kind="bar",
        title="Completed by team",
        heading="Team",
        labels=[name for name, _, _ in rows],
        series=[Series("Completed", [round(share, 1) for _, _, share in rows], "rep")],
        unit="%",
        floor=0,
        ceiling=100,
        hrefs=[_assigned(filters, team=team) if team else "" for _, team, _ in rows],
    )


def _answer(
    filters: Filters,
    reps: people.Roster,
    rules: list[org.BrokenRule],
    labels: dict[str, str],
    sums: dict[str, int],
    now: Tally,
) -> list[str]:
    if not reps.people:
        return [
            "Nobody practises here yet. Once reps are invited and assigned to tracks, their completion appears here."
        ]
    said = []
    grave = [rule for rule in rules if rule.severity == "fail"]
    if grave:
        calls = counted(sum(rule.calls for rule in grave), "official call")
        most = labels.get(grave[0].rule, "a rule of your own").lower()
        said.append(
            f"{counted(reps.matching, 'person', 'people')} broke a grave rule in {filters.period_name}, "
            f"in {calls}; most often {grave[0].rule}, {most}"
        )
    elif now.attempts:
        said.append(f"nobody broke a grave rule in {counted(now.attempts, 'official call')} of {filters.period_name}")
    if sums["given"]:
        done = f"{_percent(sums['done'], sums['given'])} of what was assigned is done"
        late = (
            f", {number(sums['overdue'])} {'is' if sums['overdue'] == 1 else 'are'} overdue" if sums["overdue"] else ""
        )
        said.append(done + late)
    else:
        said.append("nothing is assigned yet: once a track or a scenario is given to a team, completion appears here")
    if sums["on_tracks"]:
        said.append(
            f"{number(sums['certified'])} of {sums['on_tracks']:,} track assignments are finished, which certifies"
        )
    return [sentence(text) for text in said]
