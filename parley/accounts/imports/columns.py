"""Which column of a list is which, however it is spelled."""

from __future__ import annotations

import re

COLUMNS = {
    "email": "E-mail",
    "first_name": "First name",
    "last_name": "Last name",
    "name": "Full name",
    "role": "Role",
    "team": "Team",
    "title": "Job title",
    "company": "Company",
    "phone": "Phone",
    "nmls_id": "NMLS id",
    "licensed_states": "Licensed states",
}
"""What can be imported, by the name that the template uses; `name` is split where first and last name are missing."""
TEMPLATE = [name for name in COLUMNS if name != "name"]
_ALSO = {
    "email": "mail emailaddress workemail emailwork login username useremail businessemail companyemail upn",
    "first_name": "first firstname given givenname forename vorname",
    "last_name": "last lastname surname family familyname nachname",
    "name": "fullname displayname person employee employeename user rep loanofficer loname",
    "role": "userrole accessrole permission permissions access",
    "team": "teamname branch branchname department group office unit location",
    "title": "jobtitle position job",
    "company": "companyname employer organisation organization branchlegalname",
    "phone": "phonenumber telephone tel mobile mobilephone cell cellphone workphone",
    "nmls_id": "nmls nmlsid nmlsnumber nmlsno nmlsrid individualnmls individualnmlsid",
    "licensed_states": "states licensedstates licenses licences licensestates licencestates stateslicensed licensedin",
}
_BY_SPELLING = {word: name for name, words in _ALSO.items() for word in words.split()} | {
    re.sub(r"[^a-z]", "", name): name for name in COLUMNS
}
ROLES = {
    "trainee": "trainee rep salesrep representative learner user loanofficer lo mlo seller agent",
    "manager": "manager teamlead lead teamleader branchmanager salesmanager coach supervisor",
    "admin": "admin administrator owner",
    "hr": "hr humanresources people peopleops",
}
_ROLE_BY_SPELLING = {word: role for role, words in ROLES.items() for word in words.split()}


def understand(header: list[str]) -> list[str]:
    """For each heading the column it names; empty for one that nobody knows and for one that is there twice."""
    found: list[str] = []
    for heading in header:
        name = _BY_SPELLING.get(_plain(heading), "")
        found.append("" if name in found else name)
    return found


def role_named(text: str) -> str | None:
    """The role that this word means; None for a word that nobody knows."""
    return _ROLE_BY_SPELLING.get(_plain(text))


def _plain(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())
