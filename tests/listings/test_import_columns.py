"""Choosing the columns of an imported file: the page, its preview, the new import, and what a platform's next file remembers."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.test import Client

from listings import services
from listings.models import CatalogueImport, Listing
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from tests.listings.feeds import parquet, workbook

pytestmark = pytest.mark.django_db

UNKNOWN = "Foo,Bar,Baz,Qux\nA-1,Lamp,9.50,Acme\nA-2,Bed,120.00,Sleepy\n"
MAPPING = {"external_id": "Foo", "title": "Bar", "price": "Baz"}
Run = Callable[..., CatalogueImport]


@pytest.fixture
def run(platform_a: Organisation, manager_a: User) -> Run:
    def do(content: str | bytes, kind: str = "delta", *, platform: Organisation = platform_a) -> CatalogueImport:
        body = content.encode() if isinstance(content, str) else content
        actor = Actor.person(manager_a) if platform == platform_a else Actor.system("test")
        job = services.start_import(
            platform=platform, file=ContentFile(body, "feed.csv"), filename="feed.csv", kind=kind, actor=actor
        )
        services.run_imports_due()
        job.refresh_from_db()
        return job

    return do


@pytest.fixture
def client(manager_a: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(manager_a)


def columns_of(job: CatalogueImport) -> str:
    return f"/catalogue/imports/{job.pk}/columns/"


def test_a_file_that_was_not_recognised_is_imported_with_the_chosen_columns(run: Run, client: Client) -> None:
    failed = run(UNKNOWN)
    assert (failed.status, Listing.objects.count()) == ("failed", 0)
    page = client.get(f"/catalogue/imports/{failed.pk}/").content.decode()
    assert columns_of(failed) in page
    assert "Choose columns" in page
    answer = client.post(columns_of(failed), {**MAPPING, "import": "yes"})
    made = CatalogueImport.objects.latest("pk")
    assert (answer.status_code, answer["Location"]) == (302, f"/catalogue/imports/{made.pk}/")
    assert made.pk != failed.pk
    assert (made.mapping, made.kind, made.filename, made.file.name) == (
        MAPPING,
        failed.kind,
        failed.filename,
        failed.file.name,
    )
    services.run_imports_due()
    made.refresh_from_db()
    assert (made.status, made.added, made.error) == ("done", 2, "")
    assert made.report["used"] == {"external_id": ["Foo"], "title": ["Bar"], "price": ["Baz"]}
    assert made.report["unused"] == ["Qux"]
    listing = Listing.objects.get(external_id="A-1")
    assert (listing.title, str(listing.price), listing.brand) == ("Lamp", "9.50", "")
    failed.refresh_from_db()
    assert failed.status == "failed"
    event = AuditEvent.objects.get(action="catalogue_import.queued", subject_id=str(made.pk))
    assert event.after["mapping"] == MAPPING
    assert event.after["file_of"] == failed.pk
    assert "columns that a person chose" in client.get(f"/catalogue/imports/{made.pk}/").content.decode()


def test_the_page_offers_the_files_columns_and_shows_ten_rows_as_listings(run: Run, client: Client) -> None:
    job = run("Artikelnummer;Bezeichnung;Zustand\n" + "".join(f"A-{n};Lampe {n};neu\n" for n in range(1, 15)))
    assert job.status == "done"
    page = client.get(columns_of(job)).content.decode()
    assert '<option value="Artikelnummer" selected>' in page
    assert '<option value="Zustand">' in page
    assert "Lampe 10" in page
    assert "Lampe 11" not in page
    assert "Unused columns: Zustand" in page
    for label in ("ID", "Title", "Brand", "GTIN", "Model number", "Seller", "Category", "Price", "Currency", "Link"):
        assert label in page


def test_the_preview_works_with_and_without_javascript_and_changes_nothing(run: Run, client: Client) -> None:
    job = run(UNKNOWN)
    before = CatalogueImport.objects.count(), AuditEvent.objects.count()
    whole = client.post(columns_of(job), {**MAPPING, "brand": "Qux", "preview": "yes"})
    part = client.post(columns_of(job), {**MAPPING, "brand": "Qux"}, headers={"HX-Request": "true"})
    for answer in (whole, part):
        page = answer.content.decode()
        assert answer.status_code == 200
        for text in ("Lamp", "Bed", "9.50", "Acme", "Sleepy"):
            assert text in page
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    swapped = client.post(columns_of(job), {"external_id": "Qux", "title": "Foo"}, headers={"HX-Request": "true"})
    assert "Unused columns: Bar, Baz" in swapped.content.decode()
    assert (CatalogueImport.objects.count(), AuditEvent.objects.count()) == before


def test_the_preview_says_what_is_wrong_with_a_row(run: Run, client: Client) -> None:
    job = run("Foo,Bar,Baz\nA-1,Lamp,cheap\n,Bed,3\nA-3,Table,4\nA-3,Chair,5\n")
    page = client.post(columns_of(job), MAPPING, headers={"HX-Request": "true"}).content.decode()
    assert "imported without its price" in page
    assert "the id is missing" in page
    assert "the same id is again in line 5" in page
    assert "Chair" in page


@pytest.mark.parametrize(
    ("wrong", "field", "reason"),
    [
        ({"external_id": ""}, "external_id", "Choose the column"),
        ({"title": ""}, "title", "Choose the column"),
        ({"title": "Nowhere"}, "title", "not a column of the file"),
        ({"brand": "Bar"}, "brand", "already used for Title"),
    ],
    ids=["no id", "no title", "an unknown column", "a column twice"],
)
def test_an_impossible_choice_is_refused_next_to_its_field(
    wrong: dict[str, str],
    field: str,
    reason: str,
    run: Run,
    client: Client,
    as_actor: Callable[[User], Actor],
    manager_a: User,
) -> None:
    job = run(UNKNOWN)
    before = CatalogueImport.objects.count(), AuditEvent.objects.count()
    answer = client.post(columns_of(job), {**MAPPING, **wrong, "import": "yes"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert reason in page
    with pytest.raises(ValidationError) as refused:
        services.import_with_columns(job=job, mapping={**MAPPING, **wrong}, actor=as_actor(manager_a))
    assert set(refused.value.message_dict) == {field}
    assert (CatalogueImport.objects.count(), AuditEvent.objects.count()) == before


def test_the_id_may_be_the_gtin_as_well(run: Run, client: Client) -> None:
    job = run("EAN-Nummer;Text\n4006381333931;Lampe\n")
    client.post(columns_of(job), {"external_id": "EAN-Nummer", "gtin": "EAN-Nummer", "title": "Text", "import": "yes"})
    services.run_imports_due()
    listing = Listing.objects.get()
    assert (listing.external_id, listing.gtin) == ("4006381333931", "4006381333931")


def test_the_next_file_with_these_columns_is_read_the_same_way(run: Run, client: Client) -> None:
    client.post(columns_of(run(UNKNOWN)), {**MAPPING, "import": "yes"})
    services.run_imports_due()
    chosen = CatalogueImport.objects.latest("pk")
    following = run("Qux,Foo,Bar,Baz\nAcme,B-1,Chair,5\n")
    assert (following.status, following.added) == ("done", 1)
    assert (following.mapping, following.mapping_from) == (MAPPING, chosen)
    page = client.get(f"/catalogue/imports/{following.pk}/").content.decode()
    assert "columns chosen for an earlier import" in page
    assert columns_of(following) in page
    assert f"/catalogue/imports/{chosen.pk}/" in page


@pytest.mark.parametrize(
    "content",
    ["Foo,Bar,Baz,Qux,EAN\nB-1,Chair,5,Acme,1\n", "Foo,Bar\nB-1,Chair\n"],
    ids=["a column more", "a chosen one less"],
)
def test_a_file_with_other_columns_is_not_read_by_the_remembered_ones(content: str, run: Run, client: Client) -> None:
    client.post(columns_of(run(UNKNOWN)), {**MAPPING, "import": "yes"})
    services.run_imports_due()
    other = run(content)
    assert (other.status, other.mapping, other.mapping_from) == ("failed", {}, None)


def test_another_platforms_choice_is_not_remembered(run: Run, client: Client, platform_b: Organisation) -> None:
    client.post(columns_of(run(UNKNOWN)), {**MAPPING, "import": "yes"})
    services.run_imports_due()
    theirs = run(UNKNOWN, platform=platform_b)
    assert (theirs.status, theirs.mapping, Listing.objects.filter(platform=platform_b).count()) == ("failed", {}, 0)


def test_the_last_choice_counts_and_one_that_failed_does_not(run: Run, client: Client) -> None:
    job = run(UNKNOWN)
    for title in ("Bar", "Qux"):
        client.post(columns_of(job), {**MAPPING, "title": title, "import": "yes"})
        services.run_imports_due()
    empty = run("Foo,Bar,Baz,Qux,Empty\nA-1,Lamp,1,Acme,\n")
    client.post(columns_of(empty), {"external_id": "Empty", "title": "Bar", "import": "yes"})
    services.run_imports_due()
    assert CatalogueImport.objects.latest("pk").status == "failed"
    following = run("Foo,Bar,Baz,Qux\nC-1,Chair,5,Acme\n")
    assert following.mapping["title"] == "Qux"
    assert Listing.objects.get(external_id="C-1").title == "Acme"
    assert run("Foo,Bar,Baz,Qux,Empty\nC-2,Chair,5,Acme,\n").status == "failed"


def test_a_remembered_choice_holds_when_a_waiting_full_feed_is_confirmed(
    run: Run, client: Client, as_actor: Callable[[User], Actor], manager_a: User
) -> None:
    rows = [f"A-{n},Lamp,1,x\n" for n in range(20)]
    client.post(columns_of(run("Foo,Bar,Baz,Qux\n" + "".join(rows), "full")), {**MAPPING, "import": "yes"})
    services.run_imports_due()
    short = run("Foo,Bar,Baz,Qux\n" + "".join(rows[:4]), "full")
    assert (short.status, short.mapping) == ("waiting", MAPPING)
    services.confirm_import(job=short, reason="Sale ended", actor=as_actor(manager_a))
    services.run_imports_due()
    short.refresh_from_db()
    assert (short.status, short.absent) == ("done", 16)


def test_an_old_full_feed_does_not_undo_a_newer_one(run: Run, client: Client) -> None:
    old = run(UNKNOWN, "full")
    run("id,title\nA-9,Desk\n", "full")
    before = CatalogueImport.objects.count()
    answer = client.post(columns_of(old), {**MAPPING, "import": "yes"})
    assert answer.status_code == 422
    assert "There is a newer full feed" in answer.content.decode()
    assert CatalogueImport.objects.count() == before


def test_pressing_twice_makes_one_import(run: Run, client: Client) -> None:
    job = run(UNKNOWN)
    answers = {client.post(columns_of(job), {**MAPPING, "import": "yes"})["Location"] for _ in range(2)}
    assert len(answers) == 1
    assert CatalogueImport.objects.count() == 2


def test_nobody_else_may_choose(
    run: Run, moderator_a: User, moderator_b: User, as_actor: Callable[[User], Actor], sign_in: Callable[[User], Client]
) -> None:
    job = run(UNKNOWN)
    for person in (moderator_a, moderator_b):
        answer = sign_in(person).post(columns_of(job), {**MAPPING, "import": "yes"})
        assert answer.status_code in (403, 404)
        with pytest.raises(PermissionDenied):
            services.import_with_columns(job=job, mapping=MAPPING, actor=as_actor(person))
    assert CatalogueImport.objects.count() == 1


def test_a_running_import_and_one_whose_columns_were_not_kept_cannot_be_mapped(
    run: Run, client: Client, as_actor: Callable[[User], Actor], manager_a: User
) -> None:
    job = run(UNKNOWN)
    for changes in ({"status": "running"}, {"status": "done", "report": {}}):
        CatalogueImport.objects.filter(pk=job.pk).update(**changes)
        job.refresh_from_db()
        assert columns_of(job) not in client.get(f"/catalogue/imports/{job.pk}/").content.decode()
        assert client.get(columns_of(job)).status_code == 302
        with pytest.raises(ValidationError):
            services.import_with_columns(job=job, mapping=MAPPING, actor=as_actor(manager_a))
    assert CatalogueImport.objects.count() == 1


@pytest.mark.parametrize(
    "content",
    [
        workbook(["Foo", "Bar", "Baz"], ["A-1", "Lamp", 9.5]),
        parquet({"Foo": ["A-1"], "Bar": ["Lamp"], "Baz": [9.5]}),
        b'[{"Foo": "A-1", "Bar": "Lamp", "Baz": 9.5}]',
        b'{"Foo": "A-1", "Bar": "Lamp", "Baz": 9.5}\n{"Foo": "A-1", "Bar": "Lamp", "Baz": 9.5}\n',
    ],
    ids=["XLSX", "Parquet", "JSON", "JSONL"],
)
def test_every_format_can_be_mapped(content: bytes, run: Run, client: Client) -> None:
    failed = run(content)
    assert failed.status == "failed"
    preview = client.post(columns_of(failed), {**MAPPING, "preview": "yes"}).content.decode()
    assert "Lamp" in preview
    client.post(columns_of(failed), {**MAPPING, "import": "yes"})
    services.run_imports_due()
    assert [(row.external_id, row.title, str(row.price)) for row in Listing.objects.all()] == [("A-1", "Lamp", "9.50")]


def test_hostile_names_and_values_are_shown_as_text(run: Run, client: Client) -> None:
    job = run('Foo,<script>x</script>,"a\x00""b"\n<img src=x onerror=y>,=1+1,\u202eevil\n')
    page = client.get(columns_of(job)).content.decode()
    assert "<script>x" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;x" in page
