"""The lists behind the figures: roster, a rep's page, official calls, assignments, the board. Official calls alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from parley.accounts.clock import Clock, clock_of
from parley.core.tenancy import Member, Role
from parley.reporting import exports, narrowing, rep_page
from parley.reporting.filters import page_number, read_filters
from parley.reporting.queries import assigned, calls, org, people

LEADS: tuple[Role, ...] = ("manager", "admin", "hr")
NEED_DAYS = 28
"""For how long a broken rule or silence makes a rep one who needs help."""


def _reader(request: HttpRequest, *roles: Role) -> tuple[Member, Clock]:
    member: Member = request.member  # type: ignore[attr-defined]
    if not member.is_any(*(roles or LEADS)):
        raise PermissionDenied("This page is for managers, admins and HR.")
    return member, clock_of(member)


@require_GET
def roster(request: HttpRequest) -> HttpResponse:
    """The reps somebody answers for, those who need help first; as CSV with `?format=csv`."""
    _, clock = _reader(request)
    asked = narrowing.read_roster(request.GET)
    page = page_number(request.GET)
    size = exports.MOST if asked.is_csv else people.PAGE
    found = people.roster(
        clock.now - timedelta(days=NEED_DAYS),
        team=asked.team,
        state=asked.state,
        named=asked.named,
        order=asked.order,
        at_most=size,
        from_row=(page - 1) * size,
    )
    if asked.is_csv:
        return exports.roster(found.rows, clock)
    context = {"asked": asked, "found": found, "pages": narrowing.pages(page, found.matching, size, asked.query)}
    with timezone.override(clock.own_zone):
        return render(request, "reporting/roster.html", context)


@require_GET
def person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """One rep: official trend, skills, assignments and calls. What they practise by themselves is not here."""
    member, clock = _reader(request)
    row = people.get_rep_for_reviewer(user_id, clock.now - timedelta(days=NEED_DAYS))
    if row is None:
        raise Http404("Nobody here has this address, or they are not on your teams.")
    with timezone.override(clock.own_zone):
        return render(request, "reporting/person.html", rep_page.page(row, member, clock))


@require_GET
def team_calls(request: HttpRequest) -> HttpResponse:
    """Official calls, narrowed by the address; as CSV with `?format=csv`, which holds no words."""
    member, clock = _reader(request)
    filters = read_filters(request.GET, clock)
    asked = narrowing.read_calls(request.GET, filters)
    page = page_number(request.GET)
    size = exports.MOST if asked.is_csv else calls.PAGE
    rows, count = calls.official_calls(member, asked.filter, page=page, at_most=size)
    if asked.is_csv:
        return exports.calls(rows, clock)
    context = {"filters": filters, "asked": asked, "rows": rows, "count": count,
               "pages": narrowing.pages(page, count, size, asked.query)}  # fmt: skip
    with timezone.override(clock.own_zone):
        return render(request, "reporting/calls.html", context)


@require_GET
def assignments(request: HttpRequest) -> HttpResponse:
    """What was given to whom and how far they are; a rep sees their own. As CSV with `?format=csv`."""
    member, clock = _reader(request, "trainee", *LEADS)
    if member.role == "trainee":
        with timezone.override(clock.own_zone):
            return render(request, "reporting/my_assignments.html", {"rows": assigned.my_assignments()})
    filters = read_filters(request.GET, clock)
    asked = narrowing.read_assignments(request.GET, filters)
    page = page_number(request.GET)
    size = exports.MOST if asked.is_csv else assigned.PAGE
    rows = assigned.assignment_rows(
        state=asked.state, team=filters.team, person=asked.person, track=filters.track, scenario=filters.scenario,
        at_most=size, from_row=(page - 1) * size,
    )  # fmt: skip
    if asked.is_csv:
        return exports.assignments(rows, clock)
    count = rows[0].matching if rows else 0
    context = {"filters": filters, "asked": asked, "rows": rows, "count": count,
               "pages": narrowing.pages(page, count, size, asked.query)}  # fmt: skip
    with timezone.override(clock.own_zone):
        return render(request, "reporting/assignments.html", context)


@require_GET
def leaderboard(request: HttpRequest) -> HttpResponse:
    """The board of a month; places are the organisation's."""
    member, clock = _reader(request, "trainee", *LEADS)
    month, problem = _month(request.GET.get("month", ""), clock)
    context: dict[str, Any] = {
        "month": month,
        "problem": problem,
        "earlier": (month - timedelta(days=1)).replace(day=1),
        "later": later if (later := (month + timedelta(days=32)).replace(day=1)) <= clock.today else None,
        "places": org.leaderboard(month, 100),
        "member": member,
        "leads": member.is_any(*LEADS),
    }
    return render(request, "reporting/leaderboard.html", context)


def _month(asked: str, clock: Clock) -> tuple[date, str]:
    """The first day of the month asked for, and what was wrong with it."""
    this = clock.today.replace(day=1)
    if not asked:
        return this, ""
    try:
        return date.fromisoformat(f"{asked}-01"), ""
    except ValueError:
        return this, f"month={asked[:20]!r} is no month; write it like {this:%Y-%m}."
