"""Platform and regulator write to each other on a flag, and each side notes for itself what the other never sees."""

import hashlib
import io
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from enforcement import services as enforcement
from listings import services
from listings.models import Attachment, Flag, Message, MessagesRead
from portal.database.acting import SYSTEM, begin
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import AuditEvent, Hook, Mail, Notification, Organisation, User
from portal.templatetags.offshelf import linked
from tests.factories import (
    FlagFactory,
    ListingFactory,
    NoticeFactory,
    RecallFactory,
    UserFactory,
    WebhookEndpointFactory,
)
from tests.portal.test_attachments import PDF
from tests.portal.test_imaging import claiming, colours, saved
from tests.reading import tight

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]


@pytest.fixture
def flag(regulator: Organisation, platform_a: Organisation, moderator_a: User, officer: User) -> Flag:
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a)
    row = FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a), opened_at=timezone.now())
    enforcement.start_clock(flag=row)
    return Flag.objects.get(pk=row.pk)


def write(flag: Flag, who: User, text: str = "Please look", audience: str = "both", **more: object) -> Message:
    return services.post_message(flag=flag, audience=audience, text=text, actor=Actor.person(who), **more)


def told(person: User) -> list[str]:
    return [note.subject.split(" flag ")[0] for note in person.notifications.order_by("pk")]


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def nothing_moved() -> bool:
    left = Path(default_storage.path("")).rglob("*")
    events = AuditEvent.objects.filter(action="message.posted")
    rows = (Message.objects, Attachment.objects, Notification.objects, Mail.objects, MessagesRead.objects, events)
    return not any(row.exists() for row in rows) and not any(path.is_file() for path in left)


# Posting


def test_a_message_is_audited_by_its_number_and_the_digest_of_its_text(flag: Flag, moderator_a: User) -> None:
    message = write(flag, moderator_a, " Line one\r\nLine two ", attachments=[ContentFile(PDF, "../invoice.pdf")])
    assert message.text == "Line one\nLine two"
    event = AuditEvent.objects.get(action="message.posted")
    assert (event.subject_id, event.organisation_id, event.user) == (str(message.pk), flag.platform_id, moderator_a)
    digest = hashlib.sha256(PDF).hexdigest()
    assert event.after == {
        "message": message.pk, "flag": flag.pk, "audience": "both", "mentioned": [],
        "text_sha256": hashlib.sha256(b"Line one\nLine two").hexdigest(),
        "attachments": [{"name": "invoice.pdf", "bytes": len(PDF), "sha256": digest, "sent_sha256": digest}],
    }  # fmt: skip
    assert "Line one" not in json.dumps(event.after)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_itself_refuses_to_change_a_message(change: str, flag: Flag, moderator_a: User) -> None:
    write(flag, moderator_a, attachments=[ContentFile(b"seen", "seen.txt")])
    for rows, field in ((Message.objects.all(), "text"), (Attachment.objects.all(), "name")):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            rows.update(**{field: "other"}) if change == "update" else rows._raw_delete(rows.db)
    assert Message.objects.get().text == "Please look"


def test_the_first_message_reaches_all_of_the_other_side_the_next_those_who_took_part(
    flag: Flag, moderator_a: User, second_moderator_a: User, officer: User, admin: User
) -> None:
    second_officer = UserFactory(role="regulator_staff", organisation=officer.organisation, mail_me="at_once")
    write(flag, moderator_a)
    assert (told(officer), told(second_officer), told(admin)) == (["Message on"], ["Message on"], [])
    assert Mail.objects.get().to == second_officer.email
    write(flag, officer)
    assert (told(moderator_a), told(second_moderator_a)) == (["Message on"], [])
    write(flag, moderator_a, "And again")
    assert (len(told(officer)), len(told(second_officer))) == (2, 1)


def test_who_holds_the_flag_or_decided_takes_part_and_the_platforms_program_is_notified(
    flag: Flag, moderator_a: User, second_moderator_a: User, manager_a: User, officer: User, platform_a: Organisation
) -> None:
    WebhookEndpointFactory(organisation=platform_a)
    flag = Flag.objects.get(pk=flag.pk)
    services.claim_flag(flag=flag, actor=Actor.person(second_moderator_a))
    write(flag, officer)
    assert (told(second_moderator_a), told(moderator_a)) == (["Message on"], [])
    assert Hook.objects.get().payload["data"]["body"].endswith("wrote:\n\nPlease look")
    services.decide(
        flag=flag, kind="ask_seller", seen=services.seen_token(flag), actor=Actor.person(second_moderator_a)
    )
    write(Flag.objects.get(pk=flag.pk), officer, "And again")
    assert len(told(second_moderator_a)) == 2
    write(flag, moderator_a)
    assert Hook.objects.filter(event_type="message.posted").count() == 2, (
        "its own people's messages are not told to the platform's program"
    )


def test_a_note_notifies_only_those_it_mentions(
    flag: Flag, moderator_a: User, second_moderator_a: User, officer: User
) -> None:
    note = write(flag, moderator_a, "@Li Wen, do you know this seller?", "own")
    assert list(note.mentioned.all()) == [second_moderator_a]
    assert (told(second_moderator_a), told(officer)) == (["You were mentioned on"], [])


def test_someone_who_is_mentioned_is_notified_once(flag: Flag, moderator_a: User, officer: User) -> None:
    write(flag, moderator_a, "@Ada @Ada Lindqvist see ada@psa.example.gov", mentions=[officer])
    assert told(officer) == ["You were mentioned on"]


@pytest.mark.parametrize(
    ("text", "audience", "field", "detail"),
    [
        ("@Ada, see this", "own", "mentions", "Ada Lindqvist cannot read notes"),
        ("@Jonas Brandt", "both", "text", "No one with access to this case has the name @Jonas"),
        ("@Nobody", "both", "text", "No one with access to this case has the name @Nobody"),
        (" \n ", "both", "text", "Enter a message."),
        ("x" * 10_001, "both", "text", "up to 10000 characters"),
        ("nul\x00", "both", "text", "up to 10000 characters"),
        ("Hello", "everybody", "audience", "Choose who can read the message."),
    ],
)
def test_what_is_not_right_is_said_and_nothing_is_posted(
    text: str, audience: str, field: str, detail: str, flag: Flag, moderator_a: User, officer: User, moderator_b: User
) -> None:
    with pytest.raises(ValidationError) as refused:
        write(flag, moderator_a, text, audience, attachments=[ContentFile(b"seen", "seen.txt")])
    assert detail in refused.value.message_dict[field][0]
    assert nothing_moved()


def test_someone_of_neither_side_cannot_be_mentioned_and_looks_like_an_unknown_name(
    flag: Flag, moderator_a: User, moderator_b: User
) -> None:
    with pytest.raises(ValidationError) as refused:
        write(flag, moderator_a, mentions=[moderator_b])
    assert refused.value.message_dict == {"mentions": ["Choose people who have access to this case."]}
    assert nothing_moved()


@pytest.mark.parametrize("who", ["admin", "moderator_b", "system"])
def test_who_is_of_neither_side_posts_nothing(who: str, flag: Flag, request: pytest.FixtureRequest) -> None:
    someone = request.getfixturevalue(who)
    actor = someone if isinstance(someone, Actor) else Actor.person(someone)
    with pytest.raises(PermissionDenied):
        services.post_message(flag=flag, audience="both", text="x", actor=actor)
    assert nothing_moved()


# Attachments


@pytest.mark.parametrize(
    ("files", "detail"),
    [
        ([("page.html.png", b"\x00<html>")], "page.html.png is not a readable file"),
        ([("song.gif", saved(colours((64, 64)), "GIF"))], "song.gif is not a readable file"),
        ([("large.txt", b"x" * 5_000_001)], "large.txt is too large"),
        ([("bomb.png", claiming(60_000, 60_000))], "bomb.png is too large"),
        ([("good.txt", b"good"), ("bad.zip", b"PK\x03\x04\x00")], "bad.zip is not a readable file"),
        ([(f"{number}.txt", b"x") for number in range(4)], "up to 3 files"),
    ],
)
def test_a_hostile_file_is_refused_with_its_name_and_leaves_no_trace(
    files: list[tuple[str, bytes]], detail: str, flag: Flag, moderator_a: User, sign_in: Enter
) -> None:
    uploads = [SimpleUploadedFile(name, data, "image/png") for name, data in files]
    sent = {"audience": "own", "text": "My long text", "attachments": uploads}
    response = sign_in(moderator_a).post(reverse("listings:message_post", args=[flag.pk]), sent)
    page = response.content.decode()
    assert (response.status_code, detail in page) == (422, True)
    assert re.search(r"<textarea[^>]*>My long text<", page), "what was entered is kept"
    assert re.search(r'value="own"[^>]* checked', page)
    assert nothing_moved()


def test_what_goes_wrong_later_takes_the_files_away(
    flag: Flag, moderator_a: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listings.services.messages.notify_all", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(flag, moderator_a, attachments=[ContentFile(b"seen", "seen.txt")])
    assert nothing_moved()


def test_an_attachment_is_a_download_of_ours_with_no_path_in_its_name(
    flag: Flag, moderator_a: User, officer: User, sign_in: Enter
) -> None:
    picture = SimpleUploadedFile(
        "..\\..\\sh\u202eot\r\n.php", saved(colours((400, 300)), "PNG", compress_level=0), "text/html"
    )
    sent = {"audience": "both", "text": "See", "attachments": [picture]}
    assert sign_in(moderator_a).post(reverse("listings:message_post", args=[flag.pk]), sent).status_code == 302
    row = Attachment.objects.get()
    response = sign_in(officer).get(reverse("listings:attachment", args=[row.pk]))
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert re.fullmatch(r'attachment; filename="[\w. ]+\.png"', response["Content-Disposition"])
    assert response["X-Content-Type-Options"] == "nosniff"
    assert hashlib.sha256(response.content).hexdigest() == row.sha256 != row.sent_sha256
    assert Image.open(io.BytesIO(response.content)).size == (400, 300)
    Path(row.file.path).write_bytes(b"changed")
    with pytest.raises(services.Damaged, match="not the one that was kept"):
        services.content_of(row)


# Who sees what


def test_each_side_sees_its_notes_and_an_admin_those_of_the_own_side(
    flag: Flag, moderator_a: User, officer: User, admin: User, moderator_b: User, sign_in: Enter
) -> None:
    files = {"attachments": [ContentFile(b"seen", "seen.txt")]}
    for who, audience, text in (
        (moderator_a, "both", "to both from Nia"),
        (moderator_a, "own", "note of Bazaarly"),
        (officer, "both", "to both from Ada"),
        (officer, "own", "note of the Authority"),
    ):
        write(flag, who, text, audience, **files)
    elsewhere = UserFactory(
        role="regulator_staff", organisation__kind="regulator", organisation__name="Elsewhere Authority"
    )
    texts = [message.text for message in Message.objects.all()]
    address = reverse("listings:flag", args=[flag.pk])
    for who, seen in (
        (moderator_a, texts[:3]),
        (officer, [texts[0], *texts[2:]]),
        (admin, [texts[0], *texts[2:]]),
        (moderator_b, []),
        (elsewhere, []),
    ):
        response = sign_in(who).get(address)
        page = response.content.decode()
        assert response.status_code == (200 if seen else 404)
        assert [text for text in texts if text in page] == seen, who
        for row in Attachment.objects.select_related("message"):
            status = sign_in(who).get(reverse("listings:attachment", args=[row.pk])).status_code
            assert status == (200 if row.message.text in seen else 404), (who, row.message.text)
    assert "Post message</button>" not in sign_in(admin).get(address).content.decode()


@pytest.mark.parametrize(("who", "status"), [("moderator_b", 404), ("outsider", 404), ("admin", 403)])
def test_posting_on_what_is_not_ones_own_is_refused_and_moves_nothing(
    who: str, status: int, flag: Flag, sign_in: Enter, request: pytest.FixtureRequest
) -> None:
    client = sign_in(request.getfixturevalue(who))
    sent = {"audience": "both", "text": "Hello", "last": "1"}
    assert client.post(reverse("listings:message_post", args=[flag.pk]), sent).status_code == status
    read = client.post(reverse("listings:messages_read", args=[flag.pk]), sent).status_code
    assert read == (302 if who == "admin" else 404)
    assert nothing_moved()


# Pages


def test_a_message_is_posted_from_the_queue_and_comes_back_there(
    flag: Flag, moderator_a: User, officer: User, sign_in: Enter
) -> None:
    client, address = sign_in(moderator_a), reverse("listings:message_post", args=[flag.pk])
    sent = {"audience": "both", "text": "Look:\nhttps://x.example/a?b=1&c=<b>.", "mentions": [officer.pk]}
    response = client.post(address, {**sent, "kept": "view=all"})
    assert response["Location"] == f"{reverse('listings:queue')}?view=all&flag={flag.pk}#messages"
    page = tight(client.get(response["Location"]).content.decode())
    assert 'rel="noopener noreferrer nofollow">https://x.example/a?b=1&amp;c=</a>&lt;b&gt;.' in page
    assert "Mentioned: Ada Lindqvist" in page
    fragment = client.post(address, {**sent, "text": "And again"}, headers={"HX-Request": "true"})
    assert fragment.content.decode().strip().startswith('<section id="messages"')
    assert client.post(address, {**sent, "text": ""}, headers={"HX-Request": "true"}).status_code == 422
    assert Message.objects.count() == 2


def test_the_form_says_who_will_read_it_and_a_refusal_is_in_the_readers_language(
    flag: Flag, moderator_a: User, sign_in: Enter
) -> None:
    page = sign_in(moderator_a).get(reverse("listings:flag", args=[flag.pk])).content.decode()
    assert "Both sides: people at Bazaarly and Product Safety Authority" in page
    assert "Note: only people at Bazaarly" in page
    moderator_a.language = "de"
    moderator_a.save()
    sent = {"audience": "both", "text": "@Niemand"}
    refused = sign_in(moderator_a).post(reverse("listings:message_post", args=[flag.pk]), sent)
    assert "Niemand mit Zugang zu diesem Fall heißt @Niemand" in refused.content.decode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\n<b>", "a<br>&lt;b&gt;"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ('https://x.example/"onclick=a', '<a href="https://x.example/&quot;onclick=a"'),
        ("(https://x.example/a).", 'rel="noopener noreferrer nofollow">https://x.example/a</a>).'),
        ("https://", "https://"),
    ],
)
def test_text_is_shown_as_text_with_plain_links(text: str, shown: str) -> None:
    assert shown in linked(text)
    assert "<b>" not in linked(text)


def test_what_somebody_has_not_read_is_counted_until_they_say_so(
    flag: Flag, moderator_a: User, second_moderator_a: User, officer: User, sign_in: Enter
) -> None:
    client, queue = sign_in(moderator_a), reverse("listings:queue")
    first = write(flag, officer)
    write(flag, second_moderator_a, "note", "own")
    write(flag, officer, "note of the Authority", "own")
    write(flag, moderator_a)
    for address in (queue, reverse("listings:flag", args=[flag.pk])):
        client.get(address)  # looking changes nothing
    assert "2 new messages" in client.get(queue).content.decode()
    read = reverse("listings:messages_read", args=[flag.pk])
    client.post(read, {"last": first.pk, "kept": ""})
    assert "1 new message<" in tight(client.get(queue).content.decode())
    for nonsense in ("9" * 30, "9" * 5_000, "²", "x", "-1"):
        client.post(read, {"last": nonsense})
    assert "1 new message<" in tight(client.get(queue).content.decode())
    client.post(read, {"last": 2**63 - 1})
    assert "new message" not in client.get(queue).content.decode()
    client.post(read, {"last": first.pk})
    assert "new message" not in client.get(queue).content.decode(), "what was read stays read"
    assert "1 new message<" in tight(
        sign_in(officer).get(f"{queue}?view=undecided").content.decode().replace("3 new", "")
    )


def test_the_queue_counts_in_as_many_queries_for_one_flag_as_for_many(
    flag: Flag, moderator_a: User, officer: User, sign_in: Enter, django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    client, queue = sign_in(moderator_a), reverse("listings:queue")
    write(flag, officer)
    client.get(queue)  # the first page of a session also keeps when it was used
    with django_assert_max_num_queries(60) as one:
        client.get(queue)
    for _ in range(3):
        other = FlagFactory(notice=flag.notice, listing=ListingFactory(platform=flag.platform))
        enforcement.start_clock(flag=other)
        for text in ("Look", "And again"):
            write(Flag.objects.get(pk=other.pk), officer, text)
    with django_assert_num_queries(len(one)):
        assert client.get(queue).content.decode().count("2 new messages") == 3


def test_of_a_long_thread_the_newest_are_shown_and_all_when_asked(
    flag: Flag, moderator_a: User, sign_in: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listings.views.thread.SHOWN", 2)
    for number in range(3):
        write(flag, moderator_a, f"number {number}")
    client, address = sign_in(moderator_a), reverse("listings:flag", args=[flag.pk])
    page = client.get(address).content.decode()
    assert ("number 0" in page, "number 2" in page, "Show all 3 messages" in page) == (False, True, True)
    assert "number 0" in client.get(f"{address}?messages=all").content.decode()


# Programs


@pytest.fixture
def program() -> Callable[..., dict[str, str]]:
    def key(platform: Organisation, *scopes: str) -> dict[str, str]:
        manager = UserFactory(role="platform_manager", organisation=platform)
        made = {"organisation": platform, "name": "Desk", "scopes": list(scopes), "days": 5}
        return {"HTTP_AUTHORIZATION": f"Bearer {api_keys.create_key(**made, actor=Actor.person(manager))[1]}"}

    return key


def test_a_program_reads_posts_and_downloads(
    flag: Flag, officer: User, program: Callable[..., dict[str, str]], client: Client
) -> None:
    own, address = program(flag.platform, "flags"), f"/api/v1/flags/{flag.pk}/messages"
    write(flag, officer, "Secret of the Authority", "own")
    write(flag, officer, "Which lot?", attachments=[ContentFile(PDF, "lot.pdf")])
    sent = {"text": "Lot 7", "mentions": [officer.email]}
    made = client.post(address, sent, content_type="application/json", **own)
    assert (made.status_code, made.json()["audience"], made.json()["mentioned"]) == (201, "both", ["Ada Lindqvist"])
    form = {"text": "Note", "audience": "own", "attachments": [SimpleUploadedFile("n.txt", b"seen")]}
    assert client.post(address, form, **own).json()["attachments"][0]["name"] == "n.txt"
    rows = client.get(address, **own).json()["results"]
    assert [row["text"] for row in rows] == ["Note", "Lot 7", "Which lot?"]
    assert rows[1]["author"].startswith("Desk (")
    file = rows[2]["attachments"][0]
    got = client.get(f"/api/v1/attachments/{file['id']}", **own)
    assert (got.content, got["Content-Type"], got["Content-Disposition"]) == (
        PDF, "application/pdf", 'attachment; filename="lot.pdf"'
    )  # fmt: skip
    assert hashlib.sha256(got.content).hexdigest() == file["sha256"]


def test_a_program_is_refused_as_a_person_is(
    flag: Flag, officer: User, moderator_b: User, platform_b: Organisation,
    program: Callable[..., dict[str, str]], client: Client,
) -> None:  # fmt: skip
    address, sent = f"/api/v1/flags/{flag.pk}/messages", {"text": "Hello"}

    def post(key: dict[str, str], **more: object) -> tuple[int, str]:
        answer = client.post(address, {**sent, **more}, content_type="application/json", **key)
        return answer.status_code, answer.content.decode()

    own, other = program(flag.platform, "flags"), program(platform_b, "flags")
    assert post(other)[0] == 404
    assert post(program(flag.platform, "catalogue", "observations"))[0] == 403
    assert client.get(address, **program(flag.platform, "observations")).status_code == 403
    status, said = post(own, mentions=[moderator_b.email])
    assert (status, "mentions" in json.loads(said)["errors"]) == (422, True)
    assert said.replace(moderator_b.email, "x") == post(own, mentions=["no@one.example"])[1].replace(
        "no@one.example", "x"
    ), "an address of another platform's is answered as one of nobody's"
    assert post(own, audience="own", text="@Ada")[0] == 422
    bad = client.post(address, {**sent, "attachments": [SimpleUploadedFile("a.png", b"MZ\x90\x00")]}, **own)
    assert (bad.status_code, list(bad.json()["errors"])) == (422, ["attachments"])
    assert nothing_moved()
    row = write(flag, officer, "note", "own", attachments=[ContentFile(b"x", "x.txt")]).attachments.get()
    for key in (own, other):
        assert client.get(f"/api/v1/attachments/{row.pk}", **key).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_six_equal_messages_at_once_become_one(flag: Flag, moderator_a: User, sign_in: Enter) -> None:
    clients, together = [sign_in(moderator_a) for _ in range(6)], Barrier(6)
    address = reverse("listings:message_post", args=[flag.pk])

    def post(client: Client) -> int:
        together.wait()
        try:
            return client.post(address, {"audience": "both", "text": "Is it the same heater?"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6, initializer=begin, initargs=(SYSTEM,)) as threads:
        assert list(threads.map(post, clients)) == [302] * 6
    assert Message.objects.get().text == "Is it the same heater?"
    assert AuditEvent.objects.filter(action="message.posted").count() == 1
    assert Notification.objects.filter(subject__startswith="Message on").count() == 1


def test_only_the_very_same_message_within_moments_is_taken_for_the_one_that_is_there(
    flag: Flag, moderator_a: User, second_moderator_a: User, officer: User
) -> None:
    first = write(flag, moderator_a, attachments=[ContentFile(b"seen", "a.txt")])
    assert write(flag, moderator_a, attachments=[ContentFile(b"seen", "a.txt")]) == first
    others = [
        write(flag, moderator_a),
        write(flag, moderator_a, attachments=[ContentFile(b"other", "a.txt")]),
        write(flag, moderator_a, audience="own"),
        write(flag, moderator_a, mentions=[officer]),
        write(flag, second_moderator_a),
        write(flag, officer),
    ]
    with time_machine.travel(timezone.now() + services.TWICE_WITHIN, tick=False):
        others.append(write(flag, moderator_a))
    assert len({first.pk, *(row.pk for row in others)}) == 8
    kept = [path for path in Path(default_storage.path("")).rglob("*") if path.is_file()]
    assert len(kept) == Attachment.objects.count() == 2
