"""What would be done with every line of a list, and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from parley.accounts.forms.parts import check_nmls_id, check_phone
from parley.accounts.imports.columns import COLUMNS, role_named, understand
from parley.accounts.imports.reading import Sheet, UnreadableList
from parley.accounts.models import STATES, Team, User
from parley.accounts.seats import seats_of
from parley.core.tenancy import Member

LONGEST = {"first_name": 80, "last_name": 80, "title": 120, "company": 120}
WRITTEN = ("first_name", "last_name", "title", "company", "phone", "nmls_id", "licensed_states", "role", "team_id")


@dataclass(slots=True)
class Fate:
    """One line: `new`, `changed`, `unchanged` or `refused`, and why in words. `values` are what would be written."""

    line: int
    cells: list[str]
    email: str = ""
    name: str = ""
    fate: str = "new"
    why: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """Every line's fate. `columns` says for each heading what it was understood as."""

    header: list[str]
    columns: list[str]
    fates: list[Fate]

    @property
    def counts(self) -> Counter[str]:
        return Counter(fate.fate for fate in self.fates)


def make_plan(sheet: Sheet, *, by: Member) -> Plan:
    """Look at every line against the people of the organisation as they are. Raises UnreadableList without e-mails."""
    columns = understand(sheet.header)
    if "email" not in columns:
        shown = ", ".join(f"“{heading}”" for heading in sheet.header[:8])
        raise UnreadableList(f"No column is called E-mail; found {shown}. People are told apart by their address.")
    known = _Known(by)
    return Plan(sheet.header, columns, [known.fate_of(line, cells, columns) for line, cells in sheet.rows])


class _Known:
    """The organisation as it is now, and what earlier lines of the file will have made of it."""

    def __init__(self, by: Member) -> None:
        self.by = by
        self.people = {user.email.lower(): user for user in User.objects.filter(org_id=by.org_id)}
        self.teams = _teams(by.org_id)
        self.seats = seats_of(by.org_id)
        self.left = self.seats.left
        self.lines: dict[str, int] = {}

    def fate_of(self, line: int, cells: list[str], columns: list[str]) -> Fate:
        given = {name: cell for name, cell in zip(columns, cells, strict=False) if name and cell}
        email = given.get("email", "").lower().removeprefix("mailto:")
        fate = Fate(line, cells, email[:254], _full_name(given)[:200])
        problems = [*self._problems_of_line(fate, cells, columns), *self._read(given, fate.values)]
        there = self.people.get(email)
        if not problems:
            problems = list(self._problems_of_person(there, fate.values))
        if email and not problems:
            self.lines[email] = line
        fate.values = {name: fate.values[name] for name in WRITTEN if name in fate.values}
        if problems:
            fate.fate, fate.why, fate.values = "refused", " ".join(problems), {}
        elif there is not None:
            self._compare(fate, there)
        else:
            names = {str(pk): shown for shown, pk in self.teams.shown.items()}
            team = names.get(fate.values.get("team_id") or "")
            fate.why = ", ".join(part for part in (fate.values.get("role", "trainee"), team) if part)
            self.left = self.left and self.left - 1
        return fate

    def _problems_of_line(self, fate: Fate, cells: list[str], columns: list[str]) -> Iterator[str]:
        if any(cells[len(columns) :]):
            extra = next(cell for cell in cells[len(columns) :] if cell)
            yield f"“{extra[:60]}” stands under no heading: the line has more cells than the first one."
        if not fate.email:
            yield "The e-mail address is missing."
            return
        try:
            validate_email(fate.email)
        except ValidationError:
            yield f"“{fate.email[:80]}” is no e-mail address."
        if fate.email in self.lines:
            yield f"{fate.email} is in line {self.lines[fate.email]} already."

    def _read(self, given: dict[str, str], values: dict[str, Any]) -> Iterator[str]:
        """Write what the cells say into `values`, and say what cannot be."""
        values.update(_names(given))
        for name in ("title", "company"):
            if name in given:
                values[name] = given[name]
        for name, most in LONGEST.items():
            if len(values.get(name, "")) > most:
                yield f"{COLUMNS[name]} has {len(values[name])} characters; at most {most} fit."
        for name, check in (("phone", check_phone), ("nmls_id", check_nmls_id)):
            if name in given:
                try:
                    values[name] = check(given[name])
                except ValidationError as wrong:
                    yield str(wrong.message)
        yield from self._read_place(given, values)

    def _read_place(self, given: dict[str, str], values: dict[str, Any]) -> Iterator[str]:
        if "licensed_states" in given:
            states = re.findall(r"[A-Za-z]+", given["licensed_states"].upper())
            values["licensed_states"] = sorted(set(states) & set(STATES))
            for wrong in sorted(set(states) - set(STATES))[:3]:
                yield f"“{wrong}” is no state; write two letters each, like CO TX."
        if "role" in given:
            values["role"] = role_named(given["role"])
            if values["role"] is None:
                yield f"“{given['role'][:60]}” is no role; use trainee, manager, admin or hr."
        if "team" in given:
            team = self.teams.get(given["team"].casefold())
            values["team_id"] = str(team) if team else None
            if team is None:
                yield f"There is no team called “{given['team'][:120]}”; make it first, or correct the name."

    def _problems_of_person(self, there: User | None, values: dict[str, Any]) -> Iterator[str]:
        if there is None:
            if self.left == 0:
                yield self.seats.refusal
            return
        if not there.is_active:
            yield f"{there.full_name} is deactivated; reactivate them instead."
        if there.pk == self.by.user_id and values.get("role", there.role) != there.role:
            yield "This is you, and nobody changes their own role."

    def _compare(self, fate: Fate, there: User) -> None:
        fate.name = fate.name or there.full_name
        now = {name: getattr(there, name) for name in WRITTEN} | {"team_id": there.team_id and str(there.team_id)}
        changed = {name: value for name, value in fate.values.items() if value != now[name]}
        fate.fate, fate.values = ("changed" if changed else "unchanged"), changed
        fate.why = "; ".join(self._change(name, now[name], value) for name, value in changed.items())

    def _change(self, name: str, old: Any, new: Any) -> str:
        if name == "team_id":
            names = {str(pk): shown for shown, pk in self.teams.shown.items()}
            return f"Team: {names.get(old, 'none')} → {names.get(new, 'none')}"
        if isinstance(new, list):
            old, new = " ".join(old), " ".join(new)
        return f"{COLUMNS[name]}: {old or 'empty'} → {new}"


class _Teams(dict[str, UUID]):
    """Teams in use by their names in any case; `shown` has the names as they are written."""

    shown: dict[str, UUID]


def _teams(org_id: UUID) -> _Teams:
    rows = dict(Team.objects.filter(org_id=org_id, archived_at=None).values_list("name", "pk"))
    found = _Teams({name.casefold(): pk for name, pk in rows.items()})
    found.shown = rows
    return found


def _names(given: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {name: given[name] for name in ("first_name", "last_name") if name in given}
    if not found and "name" in given:
        last, comma, first = given["name"].partition(",")
        if not comma:
            first, _, last = given["name"].rpartition(" ")
        found = {"first_name": first.strip() or last.strip(), "last_name": last.strip() if first.strip() else ""}
    return found


def _full_name(given: dict[str, str]) -> str:
    names = _names(given)
    return f"{names.get('first_name', '')} {names.get('last_name', '')}".strip()
