"""Histories tell each event as a sentence with the person in front, whatever the log holds."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from portal import audit
from portal.audit.sentences import MAX_SHOWN, SENTENCES, sentence
from portal.audit.words import FIRST_NAMES, WORDS
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory

ADA = {"actor_kind": "person", "actor_label": "Ada Lindqvist, EU regulator"}
NAMED = re.compile(r"%\((\w+)\)s")
OF_EVERY_EVENT = {"who", "name", "about", "number", "what", "to", "of", "file"}


def event(action: str, kind: str, label: str, **given: object) -> AuditEvent:
    return AuditEvent(action=action, subject_type=kind, subject_label=label, **(ADA | given))


def read(row: AuditEvent) -> str:
    return strip_tags(sentence(row))


def texts_of(action: str) -> list[str]:
    """The sentences of an action as they are written, with one and with many."""
    found = []
    for text in SENTENCES[action]:
        counted = getattr(text, "_kw", None) or {}
        found += [counted["singular"], counted["plural"]] if "plural" in counted else [str(text)]
    return found


def test_every_action_has_a_sentence_with_who_did_it_in_front() -> None:
    assert sorted(set(WORDS) - set(SENTENCES)) == [], "write the sentence in event_sentences.py of the app"
    assert sorted(set(SENTENCES) - set(WORDS)) == [], "no action of that name"
    for action in SENTENCES:
        for text in texts_of(action):
            assert text.startswith("%(who)s "), f"{action}: {text}"
            assert not text.endswith("."), f"{action}: it goes on with its reason"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            event("recall_import.done", "recalls.recallimport", "Recall import 7 (cpsc.csv)", after={"added": 9345}),
            "Ada Lindqvist imported 9,345 recalls from cpsc.csv",
        ),
        (
            event("recall_import.done", "recalls.recallimport", "Recall import 7 (a (1).csv)", after={"added": 1}),
            "Ada Lindqvist imported 1 recall from a (1).csv",
        ),
        (
            event("notice.sent", "recalls.notice", "Notice 25-290 to Hallo to go"),
            "Ada Lindqvist sent the notice of recall 25-290 to Hallo to go",
        ),
        (
            event("takedown.missed", "enforcement.takedown", "Takedown of flag 12", actor_kind="system"),
            "Offshelf recorded the missed deadline of flag 12",
        ),
        (
            event("recall.revision_begun", "recalls.recall", "Recall 25-290", after={"version": 2}),
            "Ada Lindqvist started version 2 of recall 25-290",
        ),
        (
            event("naming.published", "enforcement.naming", "Naming of Hallo"),
            "Ada Lindqvist: Public listing published – Naming of Hallo",
        ),
        (event("magic.done", "gone.model", "Wand 3"), "Ada Lindqvist: Magic done – Wand 3"),
        (
            event("person.sign_in_failed", "portal.user", "User x@y.example", actor_kind="unknown"),
            "Someone not signed in failed to sign in as x@y.example",
        ),
    ],
)
def test_an_event_is_told_with_its_values(row: AuditEvent, told: str) -> None:
    assert read(row) == told


@pytest.mark.parametrize("name", ["Offshelf", "offshelf ", "Offshelf, Monitor"])
def test_a_person_who_is_called_as_the_product_is_told_of_with_where_they_work(name: str) -> None:
    row = event("flag.dismissed", "listings.flag", "flag 7", actor_label=f"{name}, Bazaar A")
    assert read(row).startswith(name.strip())
    assert "Bazaar A" in read(row)


def test_a_sentence_is_told_in_the_language_of_the_reader() -> None:
    row = event("takedown.missed", "enforcement.takedown", "Takedown of flag 12")
    with translation.override("de"):
        assert "Verdachtsfalls" in read(row)


HOSTILE: list[object] = [None, "", "<script>alert(1)</script>", "x" * 10_000, "%(name)s %s %d %", ["a"], {"a": 1}, True, 10**400, -1, 0.5,
           "\u202egnp", "\x00", "9345"]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value)[:20])
def test_no_value_breaks_a_sentence_or_the_page(value: object) -> None:
    label = value if isinstance(value, str) else "12"
    for action in SENTENCES:
        named = {name for text in texts_of(action) for name in NAMED.findall(text)} - OF_EVERY_EVENT
        for payload in (dict.fromkeys(named, value), value):
            row = event(action, "listings.flag", f"Flag {label}", actor_label=label, before=payload, after=payload)
            told = sentence(row)
            assert "<script" not in told
            assert "\u202e" not in told
            assert strip_tags(told).strip()
            assert len(strip_tags(told)) < 6 * MAX_SHOWN


@pytest.mark.django_db
def test_the_audit_tells_of_a_flag_with_the_title_of_its_listing(
    moderator_a: User, platform_a: Organisation, admin: User, client: Client
) -> None:
    listing = ListingFactory(platform=platform_a, title="Tower fan <b>cheap</b>")
    notice = NoticeFactory(recall__regulator=admin.organisation, platform=platform_a)
    flag = FlagFactory(notice=notice, listing=listing)
    row = audit.record(actor=Actor.person(moderator_a), action="flag.claimed_removed", subject=flag)
    client.force_login(admin)
    for address in (
        reverse("portal:audit"),
        reverse("portal:audit_event", args=[row.pk]),
        reverse("enforcement:history", args=["listings.flag", flag.pk]),
    ):
        page = client.get(address).content.decode()
        told = (
            f"{moderator_a.name} confirmed flag {flag.pk}: Tower fan &lt;b&gt;cheap&lt;/b&gt; and claimed the removal"
        )
        assert told in re.sub("</?(strong|bdi)[^>]*>", "", page)


@pytest.mark.django_db
def test_the_list_shows_events_whose_values_were_erased(admin: User, client: Client) -> None:
    for action in ("recall_import.done", *FIRST_NAMES, "flag.opened"):
        subject = {"subject_type": "portal.user", "subject_id": str(admin.pk), "subject_label": ""}
        AuditEvent.objects.create(action=action, **subject, **ADA)
    client.force_login(admin)
    page = client.get(reverse("portal:audit"))
    assert page.status_code == 200
    assert page.content.decode().count("<strong>Ada Lindqvist</strong>") == len(FIRST_NAMES) + 2
