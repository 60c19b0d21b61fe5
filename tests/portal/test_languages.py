"""Pages in the reader's language; what is written down, sent or answered to programs stays in its own."""

import ast
import gettext
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
import time_machine
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation.template import templatize

from enforcement import services as enforcement
from enforcement.letters.texts import SHIPPED
from enforcement.models import Letter
from listings import services
from listings.models import Flag
from portal.http.language import shown
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.media.thumbnails import digest_of
from portal.models import AuditEvent, Organisation, User
from portal.notifications.mail import send_mail_due
from portal.templatetags import offshelf
from recalls.models import Notice
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, ThumbnailFactory
from tests.reading import tight

OTHERS = {"de": "de", "es": "es", "zh-hans": "zh_Hans"}
MARCH = datetime(2026, 3, 5, 9, 4, tzinfo=UTC)
PLACEHOLDER = re.compile(r"%\(\w+\)\d*[a-z]|%%|#")
MARKED = re.compile(r"\b(?:_|gettext|ngettext)\(\s*(u?'(?:[^'\\\\]|\\\\.)*'|u?\"(?:[^\"\\\\]|\\\\.)*\")")
TAG = re.compile(r"</?[a-z][^>]*>")


# The catalogues


def file_of(locale: str, ending: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / locale / "LC_MESSAGES" / f"django.{ending}"


def unquoted(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)


def entries(locale: str) -> dict[str, tuple[str | None, list[str]]]:
    """What a .po file says: of each English text its plural, if it has one, and the words for it."""
    found = {}
    for block in file_of(locale, "po").read_text().split("\n\n")[1:]:
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        said = {name: unquoted(value) for name, value in re.findall(r'^(\S+) "(.*)"$', "\n".join(lines), re.MULTILINE)}
        assert len(said) == len(lines), f"one line a text: {block}"
        words = [value for name, value in said.items() if name.startswith("msgstr")]
        found[said["msgid"]] = (said.get("msgid_plural"), words)
    return found


@pytest.mark.parametrize("locale", OTHERS.values())
def test_every_text_has_words_with_the_same_placeholders_and_none_is_a_guess(locale: str) -> None:
    assert "fuzzy" not in file_of(locale, "po").read_text()
    assert "#: " not in file_of(locale, "po").read_text(), "places in the code would change with every line"
    said = entries(locale)
    assert len(said) > 500
    for english, (plural, words) in said.items():
        assert all(word.strip() for word in words), f"no words for {english!r}"
        for word in words:
            for pattern in (PLACEHOLDER, TAG):
                wanted = [sorted(pattern.findall(form)) for form in (english, plural) if form is not None]
                assert sorted(pattern.findall(word)) in wanted, f"{english!r}: {word!r}"


def test_all_languages_have_words_for_the_same_texts() -> None:
    first, *others = (set(entries(locale)) for locale in OTHERS.values())
    assert all(other == first for other in others)


def marked_texts() -> Iterator[str]:
    """Every text that Python or a template marks for translation."""
    root = Path(settings.BASE_DIR)
    names = {"_", "gettext", "gettext_noop", "gettext_lazy", "ngettext", "ngettext_lazy"}
    for app in ("portal", "recalls", "listings", "enforcement"):
        for path in (root / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in names:
                    continue
                if isinstance(node.args[0], ast.Constant):
                    yield str(node.args[0].value)
    for path in (root / "templates").rglob("*.html"):
        for call in MARKED.findall(templatize(path.read_text(), origin=str(path))):
            yield str(ast.literal_eval(call))


def test_every_marked_text_is_in_the_catalogues() -> None:
    marked = set(marked_texts())
    assert marked == set(entries("de")), "a text changed: `make words`, then fill in what is empty or fuzzy"


@pytest.mark.parametrize("locale", OTHERS.values())
def test_the_compiled_catalogue_says_what_the_written_one_does(locale: str) -> None:
    with file_of(locale, "mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    said = entries(locale)
    for english, (plural, words) in said.items():
        if plural is None:
            assert compiled.gettext(english) == words[0]
        else:
            assert compiled.ngettext(english, plural, 1) == words[0]
            assert compiled.ngettext(english, plural, 2) == words[-1]
    assert {key if isinstance(key, str) else key[0] for key in vars(compiled)["_catalog"] if key} == set(said)


@pytest.mark.parametrize("language", OTHERS)
def test_one_word_stands_for_one_idea(language: str) -> None:
    ideas = {
        "de": {
            "Recall": "Rückruf",
            "Listing": "Angebot",
            "Takedown reopened": "Entfernung",
            "Your notice": "Mitteilung",
        },
        "es": {
            "Recall": "Retirada",
            "Listing": "Anuncio",
            "Takedown reopened": "Eliminación",
            "Your notice": "notificación",
        },
        "zh-hans": {"Recall": "召回", "Listing": "商品信息", "Takedown reopened": "下架", "Your notice": "通知"},
    }
    with translation.override(language):
        for english, word in ideas[language].items():
            assert word in shown(english)


@pytest.mark.parametrize("locale", OTHERS.values())
def test_no_other_word_stands_for_a_term(locale: str) -> None:
    """locale/terms.tsv: of each language and English term its word, and what must not stand for it."""
    lines = (Path(settings.LOCALE_PATHS[0]) / "terms.tsv").read_text(encoding="utf-8").splitlines()
    terms = [line.split("\t") for line in lines if not line.startswith("#")]
    assert sorted(terms) == terms
    said = [(f"{english}\n{plural}".lower(), "\n".join(words)) for english, (plural, words) in entries(locale).items()]
    wrong = []
    for _, english, word, others in (term for term in terms if term[0] == locale):
        about = [words for text, words in said if english.lower() in text]
        assert about, f"no text has the term {english!r}"
        wrong += [f"{english}: {word}, not in {words!r}" for words in about if re.search(others, words)]
    assert wrong == []


# Numbers, spans, dates


@pytest.mark.parametrize(
    ("language", "date", "share", "left"),
    [
        ("en", "05 Mar 2026, 09:04 UTC", "87%", "3 h 05 min left"),
        ("de", "5. März 2026 09:04 UTC", "87 %", "noch 3 Std. 05 Min."),
        ("es", "5 de marzo de 2026 a las 09:04 UTC", "87 %", "quedan 3 h 05 min"),
        ("zh-hans", "2026年3月5日 09:04 UTC", "87%", "剩余 3 小时 05 分"),
    ],
)
def test_dates_and_numbers_are_written_as_the_language_does(language: str, date: str, share: str, left: str) -> None:
    with translation.override(language), timezone.override(UTC), time_machine.travel(MARCH, tick=False):
        assert f">{date}<" in offshelf.when(MARCH)
        in_full = offshelf.to_the_second(MARCH + timedelta(seconds=7))
        assert f">{date.replace('09:04', '09:04:07')}<" in in_full
        assert 'title="2026-03-05T09:04:07+00:00"' in in_full
        assert offshelf.percent(0.87) == share
        assert offshelf.time_left(MARCH + timedelta(hours=3, minutes=5)) == left


@pytest.mark.parametrize(
    ("language", "end"),
    [
        ("en", "end of Thu 5 Mar 2026 CET"),
        ("de", "Ende Do, 5. Mär 2026 CET"),
        ("es", "fin del jue 5 Mar 2026 CET"),
        ("zh-hans", "2026年3月5日 星期四 结束时 CET"),
    ],
)
def test_a_deadline_at_midnight_is_the_end_of_the_day_before_in_the_readers_zone(language: str, end: str) -> None:
    midnight = datetime(2026, 3, 5, 23, tzinfo=UTC)  # 00:00 on Friday in Berlin
    with translation.override(language), timezone.override("Europe/Berlin"):
        shown = offshelf.due(midnight)
        assert f">{end}<" in shown
        assert 'datetime="2026-03-05T23:00:00+00:00"' in shown, "the moment itself is as stored"
        assert offshelf.in_zone(midnight, "Europe/Berlin") == end.removesuffix(" CET")
        assert offshelf.due(midnight - timedelta(minutes=1)) == offshelf.when(midnight - timedelta(minutes=1))
    with translation.override(language), timezone.override(UTC):
        assert offshelf.due(midnight) == offshelf.when(midnight)


# Pages


@pytest.fixture
def notice(platform_a: Organisation, regulator: Organisation) -> Notice:
    return NoticeFactory(platform=platform_a, recall__regulator=regulator)


@pytest.fixture
def flags(notice: Notice) -> list[Flag]:
    """Two open flags whose clocks run."""
    rows = []
    for number in range(2):
        listing = ListingFactory(platform=notice.platform, external_id=f"A-{number}")
        flag = FlagFactory(notice=notice, listing=listing, opened_at=timezone.now())
        enforcement.start_clock(flag=flag)
        rows.append(Flag.objects.get(pk=flag.pk))
    return rows


def reader(person: User, language: str) -> Client:
    person.language = language
    person.save(update_fields=["language"])
    client = Client()
    client.force_login(person)
    return client


def text_of(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize(
    ("language", "tag", "words"),
    [
        ("en", "en", ["Queue", "Evidence", "Claim the most urgent", "Ask the seller", "Recall"]),
        ("de", "de", ["Warteschlange", "Belege", "Dringendsten übernehmen", "Den Verkäufer fragen", "Rückruf"]),
        ("es", "es", ["Cola", "Pruebas", "Tomar el más urgente", "Preguntar al vendedor", "Retirada"]),
        ("zh-hans", "zh-Hans", ["队列", "证据", "认领最紧急的", "询问卖家", "召回"]),
    ],
)
@pytest.mark.django_db
def test_queue_and_flag_speak_the_readers_language(
    language: str, tag: str, words: list[str], flags: list[Flag], moderator_a: User
) -> None:
    services.claim_flag(flag=flags[0], actor=Actor.person(moderator_a))
    queue = text_of(reader(moderator_a, language), reverse("listings:queue"))
    assert f'<html lang="{tag}" dir="ltr">' in queue
    assert [word for word in words if word not in queue] == []
    flag = text_of(reader(moderator_a, language), reverse("listings:flag", args=[flags[0].pk]))
    assert f'<html lang="{tag}" dir="ltr">' in flag
    with translation.override(language):
        for english in ("Clock and decision", "Another brand or maker", "Not stated", "Choose"):
            assert str(translation.gettext(english)) in flag
    if language != "en":
        for english in ("Clock and decision", "Ask the seller", "Not claimed", "Reason <"):
            assert english not in flag


def test_a_page_without_translation_says_that_it_is_english() -> None:
    with translation.override("de"):
        page = tight(render_to_string("base.html"))
    assert '<html lang="de"' in page
    assert '<main id="main" tabindex="-1" class="wb-page" lang="en" dir="ltr">' in page


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "1 flag<", "2 flags<"),
        ("de", "1 Verdachtsfall<", "2 Verdachtsfälle<"),
        ("zh-hans", "1 个标记<", "2 个标记<"),
    ],
)
@pytest.mark.django_db
def test_a_count_has_the_right_plural(language: str, one: str, many: str, flags: list[Flag], officer: User) -> None:
    client = reader(officer, language)
    assert many in tight(text_of(client, f"{reverse('listings:queue')}?view=undecided"))
    Flag.objects.filter(pk=flags[0].pk).update(status="dismissed")
    assert one in tight(text_of(client, f"{reverse('listings:queue')}?view=undecided"))


@pytest.mark.django_db
def test_why_there_is_no_picture_is_said_in_the_readers_language(flags: list[Flag], moderator_a: User) -> None:
    address = "https://shop.example.org/picture.jpg"
    flags[0].listing.image_link = address
    flags[0].listing.save(update_fields=["image_link"])
    ThumbnailFactory(digest=digest_of(address), outcome="too_large", data=b"")
    page = text_of(reader(moderator_a, "de"), reverse("listings:flag", args=[flags[0].pk]))
    assert "Kein Bild" in page
    assert "Seine Datei ist zu groß." in page


@pytest.mark.django_db
def test_the_audit_is_searched_by_an_actions_words_in_the_readers_language(
    flags: list[Flag], moderator_a: User, admin: User
) -> None:
    services.claim_flag(flag=flags[0], actor=Actor.person(moderator_a))
    client, audit = reader(admin, "de"), reverse("portal:audit")
    assert str(moderator_a) in text_of(client, f"{audit}?action=verdachtsfall+%C3%BCbernommen")
    assert str(moderator_a) in text_of(client, f"{audit}?action=Flag+claimed")
    assert "Keine passenden Ereignisse" in text_of(client, f"{audit}?action=verdachtsfall+verworfen")


# Which language


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("fr,es;q=0.7", "es"),
        ("fr", "en"),
        ("*", "en"),
        ("", "en"),
        ("nonsense;;q=x", "en"),
    ],
)
@pytest.mark.django_db
def test_without_a_choice_the_browser_says_which(asked: str, given: str) -> None:
    response = Client().get(reverse("portal:sign_in"), headers={"accept-language": asked})
    assert f'<html lang="{given}"' in response.content.decode()
    assert "Accept-Language" in response["Vary"]


@pytest.mark.django_db
def test_a_persons_choice_outweighs_the_browser(moderator_a: User) -> None:
    page = text_of(reader(moderator_a, "es"), reverse("portal:account"), **{"accept-language": "de"})
    assert '<html lang="es"' in page


@pytest.mark.django_db
def test_the_account_page_changes_the_language(moderator_a: User) -> None:
    client = reader(moderator_a, "")
    page = text_of(client, reverse("portal:account"))
    for name in ("English", "Deutsch", "Español", "简体中文"):
        assert name in page, "each language calls itself by its own name"
    sent = {"language": "de", "time_zone": "", "mail_me": moderator_a.mail_me}
    after = client.post(reverse("portal:account"), sent, follow=True).content.decode()
    moderator_a.refresh_from_db()
    assert moderator_a.language == "de"
    assert "Ihr Konto" in after
    assert "Gespeichert." in after
    assert "Nicht per E-Mail" in after


@pytest.mark.django_db
def test_a_language_that_there_is_not_is_refused(moderator_a: User) -> None:
    sent = {"language": "xx", "time_zone": "", "mail_me": moderator_a.mail_me}
    assert reader(moderator_a, "").post(reverse("portal:account"), sent).status_code == 422


# What stays as it is


@pytest.fixture
def german_thread() -> Iterator[None]:
    """As if the code under test were called from a German page."""
    with translation.override("de"):
        yield


@pytest.mark.django_db
def test_the_api_answers_in_english_whatever_is_asked_for(
    flags: list[Flag], platform_a: Organisation, manager_a: User
) -> None:
    _, secret = api_keys.create_key(
        organisation=platform_a, name="k", scopes=["flags"], days=5, actor=Actor.person(manager_a)
    )
    german = {"accept-language": "de"}
    mine = german | {"authorization": f"Bearer {secret}"}
    decide = f"/api/v1/flags/{flags[0].pk}/decide"
    answers = [
        (Client().get("/api/v1/flags", headers=german), 401, "credentials were not provided"),
        (Client().get("/api/v1/flags/999999", headers=mine), 404, "not found"),
        (Client().get("/api/v1/flags?status=strange", headers=mine), 422, "there is no 'strange' here. known: open"),
        (Client().post(decide, {}, content_type="application/json", headers=mine), 422, "required"),
    ]
    for answer, status, english in answers:
        told = answer.content.decode()
        assert answer.status_code == status, told
        assert english in told.lower()
        assert answer.headers.get("Content-Language") in {None, "en"}


@pytest.mark.django_db
def test_what_a_german_reader_does_is_audited_in_english(flags: list[Flag], moderator_a: User) -> None:
    client, flag = reader(moderator_a, "de"), flags[0]
    client.post(reverse("listings:flag_claim", args=[flag.pk]))
    sent = {
        "kind": "not_the_product",
        "reason": "other_brand",
        "seen": services.seen_token(Flag.objects.get(pk=flag.pk)),
    }
    after = client.post(reverse("listings:flag_decide", args=[flag.pk]), {**sent, "remember": "listing"}, follow=True)
    assert f"Verdachtsfall {flag.pk}: Nicht das Produkt." in after.content.decode()
    written = AuditEvent.objects.filter(action__startswith="flag.").order_by("pk")
    assert {event.action for event in written} >= {"flag.claimed", "flag.dismissed"}
    german = ("Verdachtsfall", "Nicht das Produkt", "Andere Marke", "Rückruf")
    for event in AuditEvent.objects.all():
        told = f"{event.action} {event.subject_label} {event.reason} {event.before} {event.after}"
        assert not any(word in told for word in german), told


@pytest.mark.django_db
def test_a_message_about_what_a_german_reader_did_is_english(
    flags: list[Flag], moderator_a: User, officer: User, mailoutbox: list[EmailMessage]
) -> None:
    client = reader(moderator_a, "de")
    sent = {"side": "seller", "text": "Es ist ein anderes Modell."}
    assert client.post(reverse("enforcement:appeal_make", args=[flags[0].takedown.pk]), sent).status_code == 302
    send_mail_due()
    told = " ".join(
        [note.subject + note.body for person in (moderator_a, officer) for note in person.notifications.all()]
        + [f"{mail.subject} {mail.body}" for mail in mailoutbox]
    )
    assert "Appeal: " in told
    assert not any(word in told for word in ("Widersprochen", "Verdachtsfall", "Rückruf", "Frist"))


@pytest.mark.django_db
def test_an_evidence_pack_made_by_a_german_reader_is_english(
    flags: list[Flag], moderator_a: User, officer: User, tmp_path: Path,
    as_actor: Callable[[User], Actor], german_thread: None,
) -> None:  # fmt: skip
    officer.language = "de"
    officer.save(update_fields=["language"])
    flag = Flag.objects.get(pk=flags[0].pk)
    services.decide(
        flag=flag, kind="removed", note="", seen=services.seen_token(flag), actor=as_actor(moderator_a)
    )  # fmt: skip
    pack = enforcement.start_takedown_pack(takedown=flag.takedown, actor=as_actor(officer))
    path = tmp_path / "pack.zip"
    path.write_bytes(b"".join(enforcement.stream_pack(pack)))
    with ZipFile(path) as archive:
        files = {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}
    assert '<html lang="en"' in files["summary.html"]
    assert "Removed" in files["summary.txt"]
    assert "removed" in files["decisions.csv"]
    german = ("Verdachtsfall", "Rückruf", "Entfernt", "Frist", "Angebot")
    assert [name for name, text in files.items() if any(word in text for word in german)] == []


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.django_db
def test_a_letter_is_in_the_platforms_language_not_in_the_readers(
    language: str, platform_a: Organisation, officer: User, german_thread: None
) -> None:
    platform_a.language = language
    platform_a.save(update_fields=["language"])
    with time_machine.travel(MARCH, tick=False) as clock:
        notice = NoticeFactory(recall__regulator=officer.organisation, platform=platform_a, sent_at=MARCH)
        enforcement.start_clock(flag=FlagFactory(notice=notice, opened_at=MARCH))
        clock.shift(timedelta(days=4))
        while enforcement.sweep_escalations():
            pass
    letter = Letter.objects.get()
    assert letter.language == language
    assert letter.subject.split()[0] == SHIPPED[language].subject.split()[0]
    assert not any(word in letter.body for word in ("Rückruf", "Frist", "März", "Angebot"))
    page = text_of(reader(officer, "de"), reverse("enforcement:letter", args=[letter.pk]))
    assert f'<h1 lang="{language}">{letter.subject}</h1>' in page
    assert "Zu prüfen" in page
