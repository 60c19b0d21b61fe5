"""What the queue says of itself: where one is, which filters are set, what was refused, and what the seller was asked."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement import services as enforcement
from listings import services
from listings.matching import share_right
from listings.models import Decision, Flag
from portal.identity.actors import Actor
from portal.models import Organisation, User
from tests.factories import PASSWORD, FlagFactory, ListingFactory, NoticeFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]
QUEUE = reverse("listings:queue")


@pytest.fixture
def flags(platform_a: Organisation) -> list[Flag]:
    notice, rows = NoticeFactory(platform=platform_a), []
    for number in range(3):
        listing = ListingFactory(platform=platform_a, title=f"Heater number {number}", seller="north")
        row = FlagFactory(
            notice=notice, listing=listing, opened_at=timezone.now(), listing_as_flagged={"title": listing.title}
        )
        enforcement.start_clock(flag=row)
        rows.append(Flag.objects.get(pk=row.pk))
    return rows


def decide(client: Client, flag: Flag, **given: str) -> Any:
    flag.refresh_from_db()
    data = {"kind": "removed", "seen": services.seen_token(flag), **given}
    return client.post(reverse("listings:flag_decide", args=[flag.pk]), data)


def text_of(answer: Any) -> str:
    return tight(answer.content.decode())


def test_a_refused_decision_keeps_list_position_and_the_way_on(
    flags: list[Flag], moderator_a: User, sign_in: Enter
) -> None:
    kept = "view=undecided&seller=north"
    answer = decide(sign_in(moderator_a), flags[1], kept=kept, kind="not_the_product", note="a toy")
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Choose why it is not the product." in page
    assert "2 of 3" in page
    assert "Decide and next" in page
    assert page.count('<li class="wb-item') == 3
    assert f'href="{QUEUE}?view=undecided&amp;seller=north&amp;flag={flags[2].pk}"' in page, "links lead to the queue"
    assert ">a toy</textarea>" in page
    assert not Decision.objects.exists()


def hold(flag: Flag, person: User) -> None:
    services.claim_flag(flag=flag, actor=Actor.person(person))


@pytest.mark.parametrize("act", ["flag_decide", "flag_claim", "flag_release", "flag_hand_over"])
def test_a_flag_that_somebody_holds_offers_no_form_and_what_was_entered_is_shown(
    act: str, flags: list[Flag], moderator_a: User, second_moderator_a: User, sign_in: Enter
) -> None:
    hold(flags[0], second_moderator_a)
    data = {"kind": "not_the_product", "reason": "accessory", "note": "only the lid", "kept": "", "seen": "open:0"}
    answer = sign_in(moderator_a).post(
        reverse(f"listings:{act}", args=[flags[0].pk]), {**data, "to": second_moderator_a.pk}
    )
    page = text_of(answer)
    assert (answer.status_code, page.count('<li class="wb-item'), "1 of 3" in page) == (409, 3, True)
    assert 'id="decision"' not in page
    assert "are kept below" not in page
    if act == "flag_decide":
        assert '<dd dir="auto">Not the product</dd>' in page
        assert '<dd dir="auto">Accessory or spare part</dd>' in page
    if act in {"flag_decide", "flag_hand_over"}:
        assert "only the lid" in page
    row = Flag.objects.get(pk=flags[0].pk)
    assert (row.status, row.claimed_by_id) == ("open", second_moderator_a.pk)


def test_a_held_flag_offers_no_form_before_anything_is_sent(
    flags: list[Flag], moderator_a: User, second_moderator_a: User, sign_in: Enter
) -> None:
    hold(flags[0], second_moderator_a)
    for person, offered in ((moderator_a, False), (second_moderator_a, True)):
        page = text_of(sign_in(person).get(reverse("listings:flag", args=[flags[0].pk])))
        assert ('id="decision"' in page, 'href="#decision"' in page) == (offered, offered)


def test_the_queue_opens_and_goes_on_at_flags_that_no_colleague_holds(
    flags: list[Flag], moderator_a: User, second_moderator_a: User, sign_in: Enter
) -> None:
    client = sign_in(moderator_a)

    def opened(query: str = "") -> int:
        return client.get(f"{QUEUE}{query}").context["flag"].pk

    assert opened() == flags[0].pk
    hold(flags[0], second_moderator_a)
    assert opened() == flags[1].pk
    assert opened(f"?flag={flags[0].pk}") == flags[0].pk, "what is asked for is shown"
    hold(flags[1], moderator_a)
    assert opened() == flags[1].pk, "one's own"
    services.release_flag(flag=flags[1], actor=Actor.person(moderator_a))
    hold(flags[1], second_moderator_a)
    answer = decide(client, flags[2], kept="view=undecided")
    assert answer["Location"] == f"{QUEUE}?view=undecided", "and nothing after it, so the queue opens at its first"
    assert opened() == flags[0].pk, "all that is left is held"
    Flag.objects.filter(pk=flags[1].pk).update(claim_expires_at=timezone.now())
    assert opened() == flags[1].pk, "no longer held"


def test_decide_and_next_skips_what_a_colleague_holds(
    flags: list[Flag], moderator_a: User, second_moderator_a: User, sign_in: Enter
) -> None:
    hold(flags[1], second_moderator_a)
    answer = decide(sign_in(moderator_a), flags[0], kept="view=undecided")
    assert answer["Location"] == f"{QUEUE}?view=undecided&flag={flags[2].pk}"
    assert Flag.objects.get(pk=flags[1].pk).claimed_by == second_moderator_a


def test_the_same_decision_sent_twice_goes_on_to_the_next_flag_and_counts_once(
    flags: list[Flag], moderator_a: User, second_moderator_a: User, sign_in: Enter
) -> None:
    client, seen = sign_in(moderator_a), services.seen_token(flags[0])
    first, again = (decide(client, flags[0], seen=seen, kept="view=undecided") for _ in range(2))
    assert (first.status_code, again.status_code, again["Location"]) == (302, 302, first["Location"])
    assert Decision.objects.count() == 1
    other = {"kind": "escalate", "note": "Which lots?"}
    assert decide(client, flags[0], seen=seen, kept="", **other).status_code == 409, "not what was decided"
    assert decide(sign_in(second_moderator_a), flags[0], seen=seen, kept="").status_code == 409, "another person's"
    assert Decision.objects.count() == 1


def test_closed_flags_are_listed_from_the_latest_and_are_not_late(
    flags: list[Flag], moderator_a: User, sign_in: Enter
) -> None:
    client = sign_in(moderator_a)
    for days, row in enumerate(flags):
        closed = {"status": "dismissed", "due_at": timezone.now() - timedelta(days=days + 1)}
        Flag.objects.filter(pk=row.pk).update(**closed)
    answer = client.get(QUEUE, {"view": "closed"})
    assert [row.pk for row in answer.context["page"].rows] == [row.pk for row in flags]
    assert (answer.context["flag"].pk, answer.context["position"], answer.context["next"]) == (
        flags[0].pk,
        1,
        flags[1].pk,
    )
    assert " late" not in text_of(answer).split('<ul class="wb-list">')[1].split("</ul>")[0]
    last = client.get(QUEUE, {"view": "closed", "flag": flags[2].pk}).context
    assert (last["position"], last["previous"], last["next"]) == (3, flags[1].pk, None)


def test_after_a_conflict_the_kept_entries_can_be_sent_again(
    flags: list[Flag], moderator_a: User, second_moderator_a: User, sign_in: Enter
) -> None:
    client, colleague, seen = sign_in(moderator_a), Actor.person(second_moderator_a), services.seen_token(flags[0])
    services.decide(flag=flags[0], kind="ask_seller", seen=seen, actor=colleague)
    answer = decide(client, flags[0], seen=seen, kept="", kind="escalate", note="Which lots?")
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Your entries are kept below." in page
    assert ">Which lots?</textarea>" in page
    fresh = page.split('name="seen" value="')[1].split('"')[0]
    assert fresh != seen
    assert decide(client, flags[0], seen=fresh, kept="", kind="escalate", note="Which lots?").status_code == 302
    assert Flag.objects.get(pk=flags[0].pk).status == "referred"


def test_a_lost_session_leads_back_to_the_flag_with_the_same_decision_chosen(
    flags: list[Flag], moderator_a: User, sign_in: Enter
) -> None:
    form = {"kind": "not_the_product", "reason": "media", "kept": "view=undecided&seller=north"}
    plain = decide(Client(), flags[1], **form)
    written = decide(Client(), flags[1], **form, note="only the manual of it")
    page = text_of(written)
    back = f"/sign-in/?next=%2Fqueue%2F%3Fview%3Dundecided%26seller%3Dnorth%26flag%3D{flags[1].pk}%26kind%3Dnot_the_product%26reason%3Dmedia"
    assert (plain.status_code, plain["Location"], written.status_code) == (302, back, 403)
    assert f'<a class="usa-button" href="{back}">Sign in</a>' in page
    assert "only the manual of it" in page
    assert "Sign out" not in page
    again = text_of(
        sign_in(moderator_a).get(
            plain["Location"]
            .partition("next=")[2]
            .replace("%2F", "/")
            .replace("%3F", "?")
            .replace("%3D", "=")
            .replace("%26", "&")
        )
    )
    assert 'value="not_the_product" checked' in again
    assert '<option value="media" selected>' in again
    assert f"Flag {flags[1].pk}," in again
    assert {row.status for row in Flag.objects.all()} == {"open"}


def test_what_another_form_would_do_after_a_lost_session_is_no_address_to_go_to(
    flags: list[Flag],
) -> None:
    address = reverse("listings:flag_claim", args=[flags[0].pk])
    for referer, back in (
        (f"http://testserver/flags/{flags[0].pk}/?messages=all", f"%2Fflags%2F{flags[0].pk}%2F%3Fmessages%3Dall"),
        ("https://evil.example/flags/1/", "%2F"),
        ("", "%2F"),
    ):
        answer = Client(headers={"Referer": referer}).post(address)
        assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={back}")
    assert Flag.objects.get(pk=flags[0].pk).claimed_by is None


def test_active_filters_are_chips_that_can_be_removed_one_by_one(
    flags: list[Flag], moderator_a: User, sign_in: Enter
) -> None:
    client = sign_in(moderator_a)
    page = text_of(client.get(f"{QUEUE}?view=undecided&seller=north&band=flag&q=&flag={flags[0].pk}"))
    assert 'aria-label="Remove filter Seller: north"' in page
    assert '<a href="?view=undecided&amp;band=flag&amp;q=" aria-label="Remove filter Seller: north">' in page
    assert 'aria-label="Remove filter Band: Match"' in page
    assert page.count("Remove filter") == 2
    assert 'href="?view=undecided">Clear all</a>' in page
    assert "Clear all" not in text_of(client.get(f"{QUEUE}?view=undecided&q="))


def test_other_lists_show_their_filters_the_same_way(flags: list[Flag], moderator_a: User, sign_in: Enter) -> None:
    page = text_of(sign_in(moderator_a).get(f"{reverse('listings:catalogue')}?q=heater&present=yes"))
    assert 'aria-label="Remove filter Status: On sale"' in page
    assert 'href="/catalogue/?present=yes"' in page
    assert 'href="/catalogue/">Clear all</a>' in page


@pytest.mark.parametrize(
    ("query", "said", "unsaid"),
    [
        ("", "No flags are waiting.", "filters"),
        ("?view=undecided&q=&band=", "No flags are waiting.", "Clear filters"),
        ("?view=closed", "This view has no flags.", "Clear filters"),
        ("?seller=south", "match the filters that are set.", "No flags are waiting."),
    ],
)
def test_an_empty_queue_blames_only_filters_that_are_set(
    query: str, said: str, unsaid: str, moderator_a: User, sign_in: Enter
) -> None:
    page = text_of(sign_in(moderator_a).get(f"{QUEUE}{query}")).partition("<main")[2].partition('class="wb-done"')[2]
    assert said in page
    assert unsaid not in page


def test_only_one_tab_is_current_and_deleting_a_view_is_in_sight(
    flags: list[Flag], moderator_a: User, sign_in: Enter
) -> None:
    client = sign_in(moderator_a)
    for name in ("North", "North again"):
        client.post(
            reverse("portal:saved_view"),
            {"page": "listings:queue", "name": name, "kept": "view=undecided&seller=north"},
        )
    page = text_of(client.get(f"{QUEUE}?seller=north&view=undecided")).partition('class="wb-views"')[2]
    tabs, _, after = page.partition("</nav>")
    assert tabs.count('aria-current="true"') == 1
    before_details = after.partition("<details")[0] + after.partition('class="wb-save"')[0]
    assert "Delete view North" in before_details
    assert "Awaiting proof" in tabs
    assert "Claimed" not in tabs


def test_what_was_decided_together_is_undone_together(
    flags: list[Flag], moderator_a: User, sign_in: Enter, settings: Any
) -> None:
    settings.UNDO_SECONDS = 60
    client = sign_in(moderator_a)
    decide(client, flags[2], kept="")
    chosen = [f"{row.pk}|{services.seen_token(row)}" for row in flags[:2]]
    data = {"kind": "not_the_product", "reason": "accessory", "chosen": chosen, "kept": ""}
    client.post(reverse("listings:bulk_decide"), data)
    page = client.get(QUEUE).content.decode()
    forms = page.partition('id="undoings"')[2].split("</form>")
    assert "Undo 2 decisions: not the product" in forms[0]
    numbers = [part.split('"')[0] for part in forms[0].split('name="decision" value="')[1:]]
    assert len(numbers) == 2
    client.post(reverse("listings:undo"), {"decision": numbers, "kept": ""})
    assert [row.status for row in Flag.objects.order_by("pk")] == ["open", "open", "claimed_removed"]


def test_decisions_that_were_taken_one_by_one_are_undone_one_by_one(
    flags: list[Flag], moderator_a: User, sign_in: Enter, settings: Any
) -> None:
    settings.UNDO_SECONDS = 60
    client = sign_in(moderator_a)
    for row in flags[:2]:
        decide(client, row, kept="")
    forms = client.get(QUEUE).content.decode().partition('id="undoings"')[2].split("</form>")
    assert [form.count('name="decision"') for form in forms[:2]] == [1, 1]


def test_asking_the_seller_asks_something_and_the_reply_stands_beside_it(
    flags: list[Flag], moderator_a: User, sign_in: Enter
) -> None:
    client, address = sign_in(moderator_a), reverse("listings:flag", args=[flags[0].pk])
    form = text_of(client.get(address))
    assert "Is your listing “Heater number 0” the recalled product “Hearthline Ceramic Tower Heaters”?" in form
    decide(client, flags[0], kind="ask_seller", question="Which <b>lot</b> is it?", note="third time")
    decision = Decision.objects.get()
    assert (decision.question, decision.note) == ("Which <b>lot</b> is it?", "third time")
    waiting = text_of(client.get(address))
    assert "Which &lt;b&gt;lot&lt;/b&gt; is it?" in waiting
    assert "None yet." in waiting
    assert reverse("listings:flag_seller_links", args=[flags[0].pk]) in waiting
    decide(client, flags[0], kind="seller_answered", note="Lot 7, they say.")
    answered = text_of(client.get(address)).partition('id="asked-h"')[2]
    assert answered.index("Which &lt;b&gt;lot") < answered.index("Lot 7, they say.") < answered.index("</section>")


def test_who_asks_without_words_asks_the_usual_question_and_silence_is_said(
    flags: list[Flag], moderator_a: User, sign_in: Enter
) -> None:
    actor = Actor.person(moderator_a)
    services.decide(flag=flags[0], kind="ask_seller", seen="open:0", actor=actor)
    services.decide(flag=flags[1], kind="ask_seller", note="which lot?", seen="open:0", actor=actor)
    asked = list(Decision.objects.order_by("pk").values_list("question", flat=True))
    assert asked[0].startswith("Is your listing “Heater number 0”")
    assert asked[1].startswith("Is your listing “Heater number 1”"), (
        "a note stays inside, and the seller reads the question"
    )
    Flag.objects.update(seller_due_at=timezone.now() - timedelta(minutes=1))
    assert services.reopen_unanswered() == 2
    page = text_of(sign_in(moderator_a).get(reverse("listings:flag", args=[flags[0].pk])))
    assert "Seller did not reply in time" in page.partition('id="asked-h"')[2].partition("</section>")[0]


def test_a_question_that_is_too_long_is_refused_and_nothing_is_decided(
    flags: list[Flag], moderator_a: User, sign_in: Enter
) -> None:
    answer = decide(sign_in(moderator_a), flags[0], kind="ask_seller", question="x" * 2001, kept="")
    assert answer.status_code == 422
    assert "2000" in text_of(answer)
    assert not Decision.objects.exists()


def test_the_review_says_how_many_matches_with_this_score_are_right(
    flags: list[Flag], moderator_a: User, sign_in: Enter
) -> None:
    client, flag, said = sign_in(moderator_a), flags[0], "Of labelled matches with this score, about"
    Flag.objects.filter(pk=flag.pk).update(score=0.55)
    assert f"{said} {round(100 * share_right(0.55))}% are the recalled product" in text_of(
        client.get(QUEUE, {"flag": flag.pk})
    )
    evidence = [{"signal": "same_picture", "weight": 3.0, "says": "The picture of a removed listing."}]
    Flag.objects.filter(pk=flag.pk).update(evidence=evidence)
    assert said not in text_of(client.get(QUEUE, {"flag": flag.pk})), "no pair was labelled by past removals"
    Flag.objects.filter(pk=flag.pk).update(score=0, evidence=[])  # flagged by a person
    assert said not in text_of(client.get(QUEUE, {"flag": flag.pk}))


def test_a_flag_that_a_check_opened_again_says_so_and_why_until_it_is_decided(
    flags: list[Flag], moderator_a: User, sign_in: Enter
) -> None:
    client, flag, said = sign_in(moderator_a), flags[0], "Open again since"
    assert said not in text_of(client.get(QUEUE, {"flag": flag.pk}))
    decide(client, flag)
    flag.refresh_from_db()
    why = "Seen on sale: The page shows the listing's title and a way to buy it."
    services.prove(flag=flag, to="open", actor=Actor.system("proof"), reason=why)
    page = text_of(client.get(QUEUE, {"flag": flag.pk}))
    assert said in page
    assert page.index(said) < page.index("Evidence for and against")
    assert why.replace("'", "&#x27;") in page[page.index(said) :][:400]
    decide(client, flag, kind="escalate", note="Which model?")
    assert said not in text_of(client.get(QUEUE, {"flag": flag.pk, "view": "waiting"}))


def test_a_dismissed_flag_says_who_can_reopen_it_to_those_who_cannot(
    flags: list[Flag], moderator_a: User, officer: User, admin: User, sign_in: Enter
) -> None:
    flag, said = flags[0], "Only an admin of the regulator can reopen this flag."
    Flag.objects.filter(pk=flag.pk).update(status="dismissed", regulator=officer.organisation)
    flag.recall.regulator = officer.organisation
    flag.recall.save()
    address = reverse("listings:flag", args=[flag.pk])
    for person, asks in ((moderator_a, False), (officer, True)):
        page = text_of(sign_in(person).get(address))
        assert said in page
        assert (f"Ask one of these people: {admin.name}." in page) == asks, "nobody is named to a platform"
    client = sign_in(admin)
    page = text_of(client.get(address))
    assert said not in page
    assert "The platform and the regulator see this note." in page
    refused = client.post(reverse("listings:flag_overrule", args=[flag.pk]), {"note": ""})
    assert refused.status_code == 422
    assert "Enter a note." in text_of(refused)
    summary = text_of(refused).partition("data-autofocus")[2].partition("</form>")[0]
    assert '<a href="#id_note">' in summary, "the focus is on what is wrong, wherever on the page the form is"
    flag.refresh_from_db()
    assert flag.status == "dismissed"


def test_an_admin_who_has_to_confirm_who_they_are_does_so_before_writing_and_comes_back_to_the_flag(
    flags: list[Flag], officer: User, admin: User, sign_in: Enter
) -> None:
    for flag in flags:
        Flag.objects.filter(pk=flag.pk).update(status="dismissed", regulator=officer.organisation)
        flag.recall.regulator = officer.organisation
        flag.recall.save()
    client, page = sign_in(admin), f"{QUEUE}?view=closed&flag={flags[1].pk}"
    assert ">Reopen flag</button>" in text_of(client.get(page))
    session = client.session
    session["proved_at"] = (timezone.now() - timedelta(days=1)).isoformat()
    session.save()
    asked = text_of(client.get(page))
    assert ">Reopen flag</button>" not in asked
    way = re.search(r'href="(/[^"]*)"[^>]*> ?Confirm that it is you', asked)
    assert way
    back = client.post(html.unescape(way[1]), {"password": PASSWORD})["Location"]
    assert back == f"{page}#overrule"
    assert ">Reopen flag</button>" in text_of(client.get(back))


def test_evidence_is_said_once_in_other_languages_and_named_where_its_sentence_stays_english(
    flags: list[Flag], moderator_a: User, sign_in: Enter
) -> None:
    says = ("Same GTIN 04006381333931.", "Written by an older release.")
    evidence = [
        {"signal": "same_gtin", "weight": 9.0, "says": each, "recall_span": None, "listing_span": None} for each in says
    ]
    Flag.objects.filter(pk=flags[0].pk).update(evidence=evidence)
    User.objects.filter(pk=moderator_a.pk).update(language="de")
    page = text_of(sign_in(moderator_a).get(reverse("listings:flag", args=[flags[0].pk])))
    assert "<span>Gleiche GTIN 04006381333931.</span>" in page
    assert page.count("<span>Gleiche GTIN:</span>") == 1
    assert '<span>Gleiche GTIN:</span><span><span lang="en" dir="ltr">Written by an older release.</span>' in page


def test_who_reopens_a_flag_from_the_queue_stays_in_it_while_refused_and_then_sees_the_flag(
    flags: list[Flag], admin: User, sign_in: Enter
) -> None:
    flag, client = flags[0], sign_in(admin)
    Flag.objects.update(status="dismissed", regulator=admin.organisation)
    flag.recall.regulator = admin.organisation
    flag.recall.save()
    address, kept = reverse("listings:flag_overrule", args=[flag.pk]), "view=closed"
    page = client.get(QUEUE, {"view": "closed", "flag": flag.pk}).content.decode()
    assert f'<input type="hidden" name="kept" value="{kept}">' in page[page.index(address) :]
    refused = client.post(address, {"note": "", "kept": kept})
    assert refused.status_code == 422
    assert "Enter a note." in text_of(refused)
    assert all(f"Heater number {number}" in text_of(refused) for number in range(3)), "the list stays"
    flag.refresh_from_db()
    assert flag.status == "dismissed"
    done = client.post(address, {"note": "Same model.", "kept": kept})
    assert (done.status_code, done.headers["Location"]) == (302, reverse("listings:flag", args=[flag.pk]))
    flag.refresh_from_db()
    assert flag.status == "open"


def test_the_queue_opens_at_what_its_badge_counts(
    flags: list[Flag], officer: User, moderator_a: User, admin: User, sign_in: Enter
) -> None:
    Flag.objects.update(regulator=officer.organisation)
    flags[0].recall.regulator = officer.organisation
    flags[0].recall.save()
    clients = {person: sign_in(person) for person in (officer, moderator_a, admin)}

    def seen(person: User) -> tuple[str, int]:
        page = text_of(clients[person].get(QUEUE)).partition('class="wb-views"')[2]
        current = page.partition('aria-current="true">')[2].partition("<")[0].strip()
        return current, page.count('<li class="wb-item')

    assert {person.role: seen(person) for person in clients} == {
        "regulator_staff": ("To answer", 0),
        "moderator": ("To decide", 3),
        "admin": ("To decide", 3),
    }
    empty = text_of(clients[officer].get(QUEUE))
    assert "No platform waits for your answer." in empty
    assert f'href="{QUEUE}?view=undecided"' in empty
    decide(clients[moderator_a], flags[1], kind="escalate", note="Which lots?")
    assert seen(officer) == ("To answer", 1)
    assert seen(moderator_a) == ("To decide", 2)


@pytest.mark.parametrize(
    "since",
    ["9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59", "2020-01-01T00:00:00+20:00"],
)
def test_no_moment_breaks_the_page(
    since: str, flags: list[Flag], moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    """PostgreSQL takes no offset of sixteen hours or more, and no reader's zone has the year 10000: such a one filters nothing."""
    answer = sign_in(moderator_a).get("/queue/", {"since": since})
    assert answer.status_code == 200
    assert flags[0].listing.title in answer.content.decode()
