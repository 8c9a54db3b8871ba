"""Many people at once: every line's fate is said before, done after, and undone when it was a mistake."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from parley.accounts import jobs
from parley.accounts.actions.people import Refused, deactivate_user, invite_user
from parley.accounts.imports import actions
from parley.accounts.imports.columns import role_named, understand
from parley.accounts.imports.plan import make_plan
from parley.accounts.imports.reading import MAX_ROWS, UnreadableList, read_sheet
from parley.accounts.models import Identity, Org, PeopleImport, User
from parley.core.models import AuditEntry, Event
from parley.core.tenancy import acting_as, acting_as_service
from tests.support.cast import Cast, Person

LIST = "email,first_name,last_name,role,team,nmls id\n"


def _client(person: Person) -> Client:
    client = Client()
    client.force_login(person.identity)
    return client


def _plan(cast: Cast, lines: str, head: str = LIST) -> dict[str, tuple[str, str]]:
    """Fate and reason by address."""
    with acting_as(cast.omar.member):
        plan = make_plan(read_sheet((head + lines).encode()), by=cast.omar.member)
    return {fate.email or str(fate.line): (fate.fate, fate.why) for fate in plan.fates}


def _preview(cast: Cast, lines: str, head: str = LIST) -> PeopleImport:
    with acting_as(cast.omar.member):
        return actions.preview_list((head + lines).encode(), file_name="people.csv", by=cast.omar.member)


def _import(cast: Cast, batch: PeopleImport, *, invites: bool = False) -> PeopleImport:
    omar = cast.omar.member
    with acting_as(omar):
        assert actions.begin_import(batch, invites=invites, by=omar)
        assert not actions.begin_import(batch, invites=invites, by=omar)
    jobs.import_people(str(batch.pk), str(omar.user_id), str(omar.org_id))
    return _again(cast, batch)


def _again(cast: Cast, batch: PeopleImport) -> PeopleImport:
    with acting_as_service("A test looks."):
        return PeopleImport.objects.get(pk=batch.pk)


def _user(email: str) -> User | None:
    with acting_as_service("A test looks."):
        return User.objects.select_related("team").filter(email=email).first()


@pytest.mark.parametrize(
    "data",
    [
        "email,name\nzoë@x.test,Zoë".encode(),
        "email;name\r\nzoë@x.test;Zoë\r\n".encode("utf-8-sig"),
        "email\tname\nzoë@x.test\tZoë".encode("utf-16"),
        "email;name\nzoë@x.test;Zoë".encode("utf-16-le"),
        "email,name\nzoë@x.test,Zoë".encode("cp1252"),
        'sep=;\r\n"email";"name"\r\n"zoë@x.test";"Zoë"\r\n\r\n'.encode(),
        '"email","name"\r"zoë@x.test"," Zoë "\r'.encode(),
    ],
    ids=["utf-8", "byte order mark", "utf-16", "utf-16 unmarked", "windows", "excel sep", "old mac quoted"],
)
def test_a_list_is_read_however_a_spreadsheet_wrote_it(data: bytes) -> None:
    sheet = read_sheet(data)
    assert sheet.header == ["email", "name"]
    assert [cells for _, cells in sheet.rows] == [["zoë@x.test", "Zoë"]]


def test_quotes_hold_separators_line_breaks_and_quotes() -> None:
    sheet = read_sheet(b'email,title\na@x.test,"Head of ""Sales"", West\nand East"\nb@x.test,\n')
    assert sheet.rows == [(2, ["a@x.test", 'Head of "Sales", West and East']), (4, ["b@x.test", ""])]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"email\n", "nobody below"),
        (b"PK\x03\x04 workbook", "Excel workbook"),
        (b"email\n" + b"a@x.test\n" * (MAX_ROWS + 1), "10,001 people"),
        (b"email\n" + b"x" * (5 * 1024 * 1024), "5 MB"),
    ],
)
def test_what_is_no_list_is_refused_with_the_way_out(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableList, match=words):
        read_sheet(data)


def test_headings_and_roles_are_understood_however_they_are_spelled() -> None:
    header = ["Work E-Mail", "Given Name", "SURNAME", "Branch", "NMLS #", "Shoe size", "E-mail"]
    assert understand(header) == ["email", "first_name", "last_name", "team", "nmls_id", "", ""]
    assert [role_named(word) for word in ("Loan Officer", "Team lead", "Administrator", "HR", "boss")] == [
        "trainee", "manager", "admin", "hr", None,
    ]  # fmt: skip


def test_every_line_has_its_fate_and_says_why(cast: Cast) -> None:
    with acting_as(cast.omar.member):
        deactivate_user(cast.dan.user, by=cast.omar.member)
    fates = _plan(
        cast,
        "nina@x.test,Nina,,rep,denver,NMLS #12\n"
        "BEN@summit.test,Benjamin,,,,\n"
        "ana@summit.test,Ana,,manager,,\n"
        "dan@summit.test,Dan,,,,\n"
        "omar@summit.test,Omar,,trainee,,\n"
        "bob@,Bob,,,,\n"
        "nina@x.test,Nina,,,,\n"
        "eva@x.test,Eva,,boss,Narnia,abc\n"
        ",Nobody,,,,\n"
        "far@x.test,Far,,,,,beyond\n",
    )
    assert fates["ben@summit.test"] == ("changed", "First name: Ben → Benjamin")
    assert fates["ana@summit.test"] == ("unchanged", "")
    assert "reactivate" in fates["dan@summit.test"][1]
    assert "own role" in fates["omar@summit.test"][1]
    assert fates["bob@"] == ("refused", "“bob@” is no e-mail address.")
    assert fates["nina@x.test"] == ("refused", "nina@x.test is in line 2 already.")
    assert all(value in fates["eva@x.test"][1] for value in ("“boss”", "“Narnia”", "“abc”"))
    assert fates["10"][0] == "refused"
    assert "“beyond”" in fates["far@x.test"][1]
    assert _plan(cast, "nina@x.test,Nina,,rep,denver,NMLS #12\n")["nina@x.test"] == (
        "new", "trainee, Denver",
    )  # fmt: skip


def test_nothing_happens_before_import_and_then_what_was_said(cast: Cast) -> None:
    batch = _preview(cast, "nina@x.test,Nina,Ng,rep,denver,12\nben@summit.test,Benjamin,,,,\nbob@,Bob,,,,\n")
    assert _user("nina@x.test") is None
    done = _import(cast, batch)
    nina, ben = _user("nina@x.test"), _user("ben@summit.test")
    assert nina is not None
    assert ben is not None
    assert (nina.full_name, nina.role, nina.team and nina.team.name, nina.nmls_id) == (
        "Nina Ng", "trainee", "Denver", "12",
    )  # fmt: skip
    assert (nina.is_invited, nina.invited_at, ben.first_name) == (True, None, "Benjamin")
    assert done.status == "done"
    with acting_as(cast.omar.member):
        assert Event.objects.filter(event="people.imported").get().data == {"new": 1, "changed": 1, "refused": 1}
        assert AuditEntry.objects.filter(table_name="users", row_id=str(nina.pk)).get().actor_id == cast.omar.user.pk


def test_a_line_that_went_stale_is_refused_and_the_others_go_on(cast: Cast) -> None:
    batch = _preview(cast, "nina@x.test,Nina,,,,\neva@x.test,Eva,,,,\n")
    with acting_as(cast.omar.member):
        invite_user(email="nina@x.test", role="hr", first_name="", last_name="", team=None, by=cast.omar.member)
    _import(cast, batch)
    with acting_as(cast.omar.member):
        rows = {row.email: (row.fate, row.why) for row in batch.rows.all()}
    assert rows["nina@x.test"] == ("refused", "nina@x.test is here already.")
    assert rows["eva@x.test"][0] == "new"


def test_seats_of_the_plan_are_kept(cast: Cast) -> None:
    with acting_as_service("A test sells seats."):
        Org.objects.filter(pk=cast.omar.user.org_id).update(entitlements={"seats": 6})
    fates = _plan(cast, "one@x.test,,,,,\ntwo@x.test,,,,,\nben@summit.test,Benjamin,,,,\n")
    assert [fate for fate, _ in fates.values()] == ["new", "refused", "changed"]
    assert "All 6 seats" in fates["two@x.test"][1]
    _import(cast, _preview(cast, "one@x.test,,,,,\n"))
    with acting_as(cast.omar.member), pytest.raises(Refused, match="All 6 seats"):
        invite_user(email="x@x.test", role="hr", first_name="", last_name="", team=None, by=cast.omar.member)


def test_undo_removes_who_never_came_and_keeps_who_did(cast: Cast) -> None:
    batch = _import(cast, _preview(cast, "nina@x.test,Nina,,,,\neva@x.test,Eva,,,,\nben@summit.test,Benjamin,,,,\n"))
    eva = _user("eva@x.test")
    assert eva is not None
    with acting_as_service("A test lets Eva in."):
        User.objects.filter(pk=eva.pk).update(identity=Identity.objects.create_user("eva@x.test"))
    omar = cast.omar.member
    with acting_as(omar):
        assert actions.begin_undo(batch, by=omar)
        assert not actions.begin_undo(batch, by=omar)
    jobs.undo_import(str(batch.pk), str(omar.user_id), str(omar.org_id))
    assert _user("nina@x.test") is None
    assert _user("eva@x.test") is not None
    assert _again(cast, batch).status == "undone"
    with acting_as(omar):
        assert "nina@x.test" not in str(list(AuditEntry.objects.filter(table_name="users").values("old", "new")))


def test_an_admin_removes_nobody_of_another_organisation(cast: Cast) -> None:
    with acting_as(cast.omar.member):
        nina = invite_user(email="n@x.test", role="hr", first_name="", last_name="", team=None, by=cast.omar.member)
    for member, gone in ((cast.carla.member, []), (cast.omar.member, [nina.pk])):
        with acting_as(member), connection.cursor() as cursor:
            cursor.execute("select remove_newcomers(%s)", [[nina.pk]])
            assert cursor.fetchone() == (gone,)


def test_the_asker_must_be_an_admin_still(cast: Cast) -> None:
    batch = _preview(cast, "nina@x.test,Nina,,,,\n")
    with acting_as(cast.omar.member):
        actions.begin_import(batch, invites=False, by=cast.omar.member)
    with acting_as_service("A test demotes Omar."):
        User.objects.filter(pk=cast.omar.user.pk).update(role="trainee")
    jobs.import_people(str(batch.pk), str(cast.omar.user.pk), str(cast.omar.user.org_id))
    assert (_again(cast, batch).status, _user("nina@x.test")) == ("failed", None)


@pytest.mark.parametrize("name", ["ana", "ben", "hana"])
def test_lists_are_for_admins_alone(cast: Cast, name: str) -> None:
    batch, client = _preview(cast, "nina@x.test,Nina,,,,\n"), _client(cast.people()[name])
    for path in ("", "template.csv", f"{batch.pk}/", f"{batch.pk}/refused.csv"):
        assert client.get(f"/admin/users/import/{path}").status_code == 403
    assert _client(cast.carla).get(f"/admin/users/import/{batch.pk}/").status_code == 404


def test_the_pages_lead_from_a_file_to_a_report(cast: Cast) -> None:
    client, path = _client(cast.omar), "/admin/users/import/"
    assert client.get("/admin/people/")["Location"] == "/admin/users/"
    assert client.get(path).status_code == 200
    file = SimpleUploadedFile("new.csv", b"email;name\nnina@x.test;Nina Ng\n=cmd|calc;Mallory\n")
    preview = client.post(path, {"file": file})["Location"]
    shown = client.get(preview).content.decode()
    assert "nobody was changed yet" in shown
    assert "“=cmd|calc” is no e-mail address." in shown
    assert "Mallory" not in client.get(f"{preview}?fate=new").content.decode()
    client.post(preview, {"change": "import", "invites": "1"})
    omar, import_id = cast.omar.member, preview.rstrip("/").rsplit("/")[-1]
    jobs.import_people(import_id, str(omar.user_id), str(omar.org_id))
    nina = _user("nina@x.test")
    assert nina is not None
    assert nina.invited_at is not None
    report = client.get(f"{preview}refused.csv")
    rows = list(csv.reader(io.StringIO(b"".join(report.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert rows[1][:3] == ["'=cmd|calc", "Mallory", "3"]
    client.post(preview, {"change": "undo"})
    assert _user("nina@x.test") is not None
    client.post(preview, {"change": "undo", "understood": "1"})
    jobs.undo_import(import_id, str(omar.user_id), str(omar.org_id))
    assert _user("nina@x.test") is None
    assert "Undone" in client.get(preview).content.decode()


def test_nothing_and_nonsense_are_said_at_the_form(cast: Cast) -> None:
    client, path = _client(cast.omar), "/admin/users/import/"
    for values, words in (({}, "Choose a file"), ({"pasted": "name\nNina"}, "No column is called E-mail")):
        answer = client.post(path, values)
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_old_lists_are_forgotten(cast: Cast) -> None:
    from datetime import timedelta

    from django.utils import timezone

    draft, done = _preview(cast, "a@x.test,,,,,\n"), _import(cast, _preview(cast, "b@x.test,,,,,\n"))
    with acting_as_service("A test looks."):
        PeopleImport.objects.filter(pk=draft.pk).update(created_at=timezone.now() - timedelta(days=2))
        PeopleImport.objects.filter(pk=done.pk).update(created_at=timezone.now() - timedelta(days=31))
        assert actions.forget_old_lists() == 2
        assert not PeopleImport.objects.filter(pk=draft.pk).exists()
        assert PeopleImport.objects.get(pk=done.pk).rows.count() == 0
    assert "forgotten" in _client(cast.omar).get(f"/admin/users/import/{done.pk}/").content.decode()


@pytest.mark.slow
def test_ten_thousand_people_come_in_and_go(cast: Cast) -> None:
    lines = "".join(f"p{n}@many.test,Person,{n},rep,Denver,{n}\n" for n in range(1, MAX_ROWS + 1))
    batch = _import(cast, _preview(cast, lines))
    with acting_as(cast.omar.member):
        assert User.objects.filter(email__endswith="@many.test").count() == MAX_ROWS
        actions.begin_undo(batch, by=cast.omar.member)
    jobs.undo_import(str(batch.pk), str(cast.omar.user.pk), str(cast.omar.user.org_id))
    with acting_as(cast.omar.member):
        assert User.objects.filter(email__endswith="@many.test").count() == 0
