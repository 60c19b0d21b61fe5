"""Many people from a file, CSV or a workbook: preview, confirmation, invitations; a bad row costs itself alone and says what to do."""

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from portal import services
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import AuditEvent, Export, Mail, Organisation, User
from portal.people_file import MAX_ROWS, Row, read_people
from portal.services.people_import import Imported, Judged
from tests.exporting import exported
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
HEAD = "name,email,role,organisation,active\n"


def workbook(*rows: list[Any]) -> bytes:
    """A workbook whose second sheet has these rows, all as typed and none as a formula."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    sheet = book.create_sheet("People")
    for row in rows:
        sheet.append(row or [""])
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.save(file)
    return file.getvalue()


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"a" * 40_000_000)
    return file.getvalue()


def judged(text: str, admin: User) -> list[Judged]:
    return services.preview_people(rows=read_people((HEAD + text).encode()), actor=Actor.person(admin))


def imported(text: str, admin: User) -> Imported:
    seen = [each.fingerprint for each in judged(text, admin)]
    return services.import_people(rows=read_people((HEAD + text).encode()), seen=seen, actor=Actor.person(admin))


def test_new_people_are_invited_and_others_changed_each_by_one_call(
    operator: User, officer: User, moderator_a: User, platform_b: Organisation
) -> None:
    text = (
        "Ana Ruiz,ANA@shop.example,Moderator,market-one,\n"
        "Ada L.,ada@psa.example.gov,,,\n"
        ",nia@bazaarly.example,platform manager,Bazaarly,yes\n"
        "Olga Marin,olga@operator.example,operator,Site operator,\n"
    )
    assert [each.kind for each in judged(text, operator)] == ["new", "changed", "changed", "unchanged"]
    assert not User.objects.filter(email="ana@shop.example").exists(), "a preview changes nothing"
    done = imported(text, operator)
    assert (done.added, done.changed, done.refused) == (1, 2, [])
    new = User.objects.get(email="ana@shop.example")
    assert (new.name, new.role, new.organisation, new.has_usable_password()) == (
        "Ana Ruiz",
        "moderator",
        platform_b,
        False,
    )
    assert Mail.objects.get(to="ana@shop.example").subject == "Your invitation to Offshelf"
    assert not Mail.objects.exclude(to="ana@shop.example").exists()
    assert User.objects.get(pk=officer.pk).name == "Ada L."
    assert User.objects.get(pk=moderator_a.pk).role == "platform_manager"
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["person.created", "person.invited", "person.edited", "person.edited", "person.imported"]


@pytest.mark.parametrize(
    ("row", "column", "remedy"),
    [
        ("Ana,no address,regulator_staff,psa,", "email", "ana@example.org"),
        (",a@b.example,regulator_staff,psa,", "name", "Fill the cell"),
        ("Ana,a@b.example,,psa,", "role", "Fill the cell"),
        ("Ana,a@b.example,king,psa,", "role", "The roles are"),
        ("Ana,a@b.example,moderator,psa,", "role", "must belong to a platform"),
        ("Ana,a@b.example,regulator_staff,nowhere,", "organisation", "name or slug"),
        ("Ana,a@b.example,admin,other,", "organisation", "name or slug"),
        ("Ana,a@b.example,moderator,bazaarly,", "organisation", "name or slug"),
        ("Ana,a@b.example,regulator_staff,psa,perhaps", "active", "yes or no"),
        ("Ana,a@b.example,regulator_staff,psa,no", "active", "is active"),
        (f"{'A' * 121},a@b.example,regulator_staff,psa,", "name", "120 characters"),
        ("A\x1b[1mna,a@b.example,regulator_staff,psa,", "name", "control characters"),
        ("Ana,a@b.example,regulator_staff,psa,,more", "", "separators"),
        ("Ann,good@shop.example,regulator_staff,psa,", "email", "Line 2 has the same address"),
        ("Boss,,admin,,", "email", "ana@example.org"),
        ("Boss,boss@other.example,,,no", "email", "another organisation"),
        ("Ines,ines@psa.example.gov,,,no", "email", "your own account"),
    ],
)
def test_a_row_that_makes_no_sense_is_rejected_alone_and_says_where_and_what_to_do(
    row: str, column: str, remedy: str, admin: User, platform_a: Organisation
) -> None:
    UserFactory(email="boss@other.example", role="admin", organisation__kind="regulator", organisation__slug="other")
    text = f"Good,good@shop.example,regulator_staff,psa,\n{row}\nLast,last@shop.example,regulator_staff,psa,\n"
    before = User.objects.count()
    rows = judged(text, admin)
    assert [each.kind for each in rows] == ["new", "rejected", "new"]
    problem = rows[1].problem
    assert problem is not None
    assert (rows[1].row.line, problem.column) == (3, column)
    assert remedy in problem.detail % problem.params
    done = imported(text, admin)
    assert (done.added, done.changed, User.objects.count()) == (2, 0, before + 2)


def test_what_changed_since_the_preview_or_is_refused_then_is_not_imported_and_costs_no_other_row(
    admin: User, officer: User, platform_a: Organisation
) -> None:
    text = (
        "Ana,a@shop.example,regulator_staff,psa,\nAda,ada@psa.example.gov,,,\nBen,b@shop.example,regulator_staff,psa,\n"
    )
    rows = read_people((HEAD + text).encode())
    seen = [each.fingerprint for each in services.preview_people(rows=rows, actor=Actor.person(admin))]
    UserFactory(email="a@shop.example", name="Ana", role="moderator", organisation=platform_a)
    User.objects.filter(pk=officer.pk).update(name="Ada")
    done = services.import_people(rows=rows, seen=seen, actor=Actor.person(admin))
    assert (done.added, done.changed, [each.row.line for each in done.refused]) == (1, 0, [2, 3])
    again = services.import_people(rows=rows, seen=seen, actor=Actor.person(admin))
    assert (again.added, again.changed) == (0, 0), "a second press invites nobody twice"
    assert Mail.objects.count() == 1


def test_who_may_not_manage_people_imports_none(officer: User, moderator_a: User) -> None:
    rows = [Row(2, {"email": "a@b.example"})]
    for person in (officer, moderator_a):
        with pytest.raises(PermissionDenied):
            services.preview_people(rows=rows, actor=Actor.person(person))
    with pytest.raises(PermissionDenied):
        services.import_people(rows=rows, seen=[[]], actor=Actor.person(officer))
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("data", "remedy"),
    [
        (b"", "no rows"),
        (b"email\n", "no rows"),
        (b"name,role\nAna,moderator\n", "no column email"),
        (b"email,Email\na,b\n", "twice"),
        (gzip.compress(b"email\nx@y.example\n"), "This is packed with gzip. Unpack it"),
        (lzma.compress(b"email\nx@y.example\n"), "This is packed with xz. Unpack it"),
        (bz2.compress(b"email\nx@y.example\n"), "This is packed with bzip2. Unpack it"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(60), "This is a 7z archive. Unpack it"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(60), "This is a RAR archive. Unpack it"),
        (tarfile.TarInfo("people.csv").tobuf() + bytes(1_024), "This is a tar archive. Unpack it"),
        (b"PK\x03\x04rest", "cannot be read"),
        (b"\xd0\xcf\x11\xe0rest", "old or protected Excel workbook"),
        (workbook(["email"]), "no rows"),
        (workbook(["name"], ["Ana"]), "no column email"),
        (workbook(["email"], *[["a@b.example"]] * (MAX_ROWS + 1)), "more than 500"),
        (bomb(), "far more"),
        ("email\nmüller@b.example\n".encode("latin-1"), "not UTF-8"),
        (b"email\n\x00\n", "not UTF-8"),
        (b'email,name\na@b.example,"Ana\nb@c.example,Ben\n', "Line 2 is not valid CSV"),
        (b"email\n" + b"a@b.example\n" * (MAX_ROWS + 1), "more than 500"),
        (b"email\n" + b"a" * 1_000_001, "larger than 1 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_file_that_is_no_table_of_people_says_what_to_do(data: bytes, remedy: str) -> None:
    with pytest.raises(ValidationError, match=remedy):
        read_people(data)


def test_separators_and_encodings_of_spreadsheets_are_read_with_the_line_of_each_row() -> None:
    text = 'E-Mail;Name;Shoe size\r\n\r\na@b.example;"Ruiz\r\nAna";42\r\nc@d.example;Čapek;\r\n'
    for data in (text.encode("utf-8-sig"), text.encode("utf-16")):
        assert read_people(data) == [
            Row(3, {"email": "a@b.example", "name": "Ruiz\r\nAna"}),
            Row(5, {"email": "c@d.example", "name": "Čapek"}),
        ]


def test_a_workbook_is_read_as_people_see_it_from_the_first_sheet_with_something_in_it() -> None:
    data = workbook(
        ["E-Mail", "Name", None, "active"], [], ["=a@b.example", "Ana", 42, True], ["c@d.example", "", None]
    )
    assert read_people(data) == [
        Row(3, {"email": "=a@b.example", "name": "Ana", "active": "True"}),
        Row(4, {"email": "c@d.example"}),
    ]


def test_people_on_a_hidden_sheet_are_not_imported() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for sheet, name in ((book.active, "Ana"), (book.create_sheet("People"), "Ben")):
        sheet.append(["E-Mail", "Name"])
        sheet.append([f"{name}@b.example", name])
    book.worksheets[0].sheet_state, book.active = "veryHidden", 1
    book.save(file)
    assert read_people(file.getvalue()) == [Row(2, {"email": "Ben@b.example", "name": "Ben"})]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_exported_people_are_imported_unchanged_and_who_took_them_is_in_the_log(
    form: str, operator: User, admin: User, officer: User, platform_a: Organisation,
    sign_in: Callable[[User], Client], settings: Any, tmp_path: Path,
) -> None:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path
    UserFactory(name="-Ana =Ruiz", email="+ana@shop.example", role="moderator", organisation=platform_a)
    UserFactory(name="'=Ben", email="ben@shop.example", role="moderator", organisation=platform_a, is_active=False)
    client = sign_in(operator)
    answer = client.post("/exports/of/people/", {"format": form})
    data = exported(client, answer)
    seen = services.preview_people(rows=read_people(data), actor=Actor.person(operator))
    assert [(each.kind, each.problem) for each in seen] == [("unchanged", None)] * User.objects.count()
    events = AuditEvent.objects.filter(action__in=("export.queued", "export.downloaded")).order_by("pk")
    assert [(event.user, event.after.get("kind", form)) for event in events] == [
        (operator, "people" if form == "csv" else "people.xlsx"), (operator, form),
    ]  # fmt: skip
    refused = sign_in(officer).post("/exports/of/people/", {"format": form})
    assert refused.status_code == 403
    assert Export.objects.count() == 1


def test_the_pages_preview_confirm_and_refuse_a_forged_or_borrowed_preview(
    admin: User, officer: User, platform_a: Organisation, sign_in: Callable[[User], Client]
) -> None:
    api_keys.create_key(
        organisation=officer.organisation, name="Desk", scopes=["recalls:read"], days=5, actor=Actor.person(officer)
    )
    client, address = sign_in(admin), reverse("portal:people_import")
    text = f"{HEAD}<b>Ana</b>,a@shop.example,regulator_staff,psa,\nAda,ada@psa.example.gov,,,no\nX,x,,,\n"
    assert client.post(address).status_code == 422
    refused = client.post(address, {"file": ContentFile(b"PK\x03\x04", "people.xlsx")})
    assert "save it as CSV UTF-8" in refused.content.decode()
    page = client.post(address, {"file": ContentFile(text.encode(), "people.csv")}).content.decode()
    for words in (
        "New: 1. Changed: 1.",
        "Unchanged: 0. Rejected: 1.",
        "&lt;b&gt;Ana",
        "Import 2 people",
        "API keys of this",
    ):
        assert words in page
    assert not Mail.objects.exists()
    found = re.search(r'name="rows" value="([^"]+)"', page)
    assert found is not None
    other = UserFactory(role="admin", organisation=admin.organisation)
    for who, rows in ((client, f"{found[1]}x"), (sign_in(other), found[1])):
        assert "no longer valid" in who.post(address, {"rows": rows}, follow=True).content.decode()
    assert not User.objects.filter(email="a@shop.example").exists()
    assert client.post(address, {"rows": found[1]}).status_code == 302
    officer.refresh_from_db()
    assert (User.objects.filter(email="a@shop.example").count(), officer.is_active) == (1, False)
    assert "Rows that were not imported" in client.post(address, {"rows": found[1]}).content.decode()
    assert sign_in(other).get(address).status_code == 200
