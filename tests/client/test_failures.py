"""Servers that are away, busy, slow or hostile, and files that are odd: one sentence, and an exit status."""

import gzip
import json
import os
import subprocess
import sys
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from offshelf_client.account import Login, save_login
from offshelf_client.commands import watch
from offshelf_client.printing import one_line
from offshelf_client.recalls import read_recalls
from tests.client.running import KEY, Ran, answer, problem, run, staged

NOTHING = answer(200, {"next": None, "previous": None, "next_updated_since": "2026-03-02T09:00:00Z", "results": []})
RECALL = {"title": "Hearthline HL-200R Heaters Recalled", "description": "", "firms": [], "sold_at": "",
          "products": [{"name": "Hearthline Ceramic Tower Heaters", "brand": "Hearthline", "model_numbers": ["HL-200R"],
                        "gtins": [], "sizes": [], "description": ""}]}  # fmt: skip
NOTICES = answer(200, {"next": None, "results": [{"id": 1, "recall_number": "26117", "recall": RECALL}]})


def notices(url: str, *, seconds: int = 5) -> Ran:
    save_login(Login(url, KEY))
    return run("--timeout", str(seconds), "notices")


def is_one_sentence(ran: Ran) -> bool:
    return len(ran.err.splitlines()) == 1 and ran.err.startswith("offshelf: ") and KEY not in ran.err


def test_a_server_that_is_away_is_named() -> None:
    with staged(NOTHING) as stage:
        url = stage.url
    ran = notices(url, seconds=1)
    assert ran.status == 4
    assert is_one_sentence(ran)
    assert "Cannot reach 127.0.0.1" in ran.err


def test_a_busy_server_is_asked_again_when_it_said() -> None:
    busy = problem(429, "throttled", "This key has used its requests for this minute.", Retry_After="1")
    with staged(busy, NOTHING) as stage:
        start = time.monotonic()
        ran = notices(stage.url)
        assert (ran.status, ran.err, len(stage.asked)) == (0, "", 2)
        assert time.monotonic() - start >= 1


def test_a_wait_longer_than_there_is_time_ends_at_once() -> None:
    later = formatdate(time.time() + 90, usegmt=True)
    for wait in ("60", later):
        with staged(problem(429, "throttled", "Busy.", Retry_After=wait)) as stage:
            start = time.monotonic()
            ran = notices(stage.url, seconds=40)
            assert (ran.status, len(stage.asked)) == (4, 1)
            assert time.monotonic() - start < 20
            assert "try again in " in ran.err


def test_a_change_is_repeated_under_its_own_idempotency_key() -> None:
    lost = problem(503, "unavailable", "Down.", Retry_After="nonsense")
    done = answer(200, {"results": [{"id": "A-1", "result": "absent", "reasons": []}]})
    with staged(lost, done) as stage:
        save_login(Login(stage.url, KEY))
        assert run("report", "A-1", "--gone").status == 0
        first, second = stage.asked
        assert first[2]["Idempotency-Key"] == second[2]["Idempotency-Key"]
        assert first[3] == second[3]
        run("report", "A-1", "--gone")
        assert stage.asked[2][2]["Idempotency-Key"] != first[2]["Idempotency-Key"]


def test_a_refusal_is_not_repeated() -> None:
    with staged(problem(409, "stale", "Changed.")) as stage:
        save_login(Login(stage.url, KEY))
        assert run("report", "A-1", "--gone").status == 1
        assert len(stage.asked) == 1


def trickle(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(1_000):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass


def test_an_answer_that_trickles_ends_with_the_time() -> None:
    with staged(trickle) as stage:
        start = time.monotonic()
        ran = notices(stage.url, seconds=4)
        assert time.monotonic() - start < 12, "once, not for each part of an answer; all of it would take 50 s"
        assert ran.err == "offshelf: 127.0.0.1 did not answer in time.\n"
        assert ran.status == 4


BOMB = gzip.compress(b" " * (80 << 20), 9)
STRANGE = [
    answer(200, b"<html>hello</html>"),
    answer(200, b"[" * 200_000),
    answer(200, []),
    answer(200, {"results": "none"}),
    answer(404, b"<html>"),
    answer(302, {}, Location="https://elsewhere.example/\x1b[31m"),
    answer(500, b"oops"),
    answer(200, BOMB, Content_Encoding="gzip"),
    answer(200, b"no gzip", Content_Encoding="gzip"),
]


@pytest.mark.parametrize("given", STRANGE, ids=range(len(STRANGE)))
def test_what_is_not_the_api_is_named_in_one_sentence(given: Any) -> None:
    with staged(given) as stage:
        ran = notices(stage.url, seconds=2)
        assert (ran.status, ran.out) == (4, "")
        assert is_one_sentence(ran)
        assert "\x1b" not in ran.err


def test_the_key_goes_to_no_other_address() -> None:
    with staged(NOTHING) as other:
        page = answer(200, {"next": f"{other.url}/api/v1/notices?cursor=c1", "results": []})
        with staged(page, answer(302, {}, Location=other.url)) as stage:
            assert notices(stage.url).status == 4
            assert [asked[1] for asked in stage.asked] == ["/api/v1/notices?status=active", "/api/v1/notices?status=active&cursor=c1"]  # fmt: skip
        assert other.asked == []


def test_a_list_that_goes_in_a_circle_ends() -> None:
    with staged(answer(200, {"next": "https://x.example/?cursor=c1", "results": [{"id": 1}, 7, None]})) as stage:
        ran = notices(stage.url)
        assert (ran.status, len(stage.asked), len(ran.out.splitlines())) == (0, 2, 2)


def test_texts_of_sellers_do_not_steer_the_terminal() -> None:
    title = "Lamp\x1b]0;owned\x07\r\nA-9  removed \u202egnp\u2028 " + "x" * 100_000
    row = {"id": 1, "recall_number": "26117", "status": "active", "recall": {"title": title}}
    with staged(answer(200, {"results": [row]})) as stage:
        ran = notices(stage.url)
    assert len(ran.out.splitlines()) == 1
    assert ran.out.rstrip("\n").isprintable()
    assert len(ran.out) < 300
    assert one_line("a\tb\n\n c") == "a b c"


NO_ADDRESSES = ["offshelf", "ftp://x.example", "http://offshelf.example.gov", "https://", "https://me:word@x.example",
                "https://x.example/?a=1", "https://[::1", "https://x.example:99999"]  # fmt: skip


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_an_address_that_would_not_be_safe_is_refused(address: str, home: Path) -> None:
    ran = run("login", address, "--key-stdin", stdin=KEY)
    assert ran.status == 2
    assert is_one_sentence(ran)
    assert not (home / "config").exists()


def test_a_key_is_never_an_argument_and_what_is_none_is_not_repeated(home: Path) -> None:
    assert run("login", "https://x.example", KEY).status == 2
    assert run("login", "https://x.example", "--key", KEY).status == 2
    ran = run("login", "https://x.example", "--key-stdin", stdin="hunter2 hunter2")
    assert ran.status == 2
    assert "hunter2" not in ran.err
    assert run("login", "https://x.example").err == "offshelf: There is no terminal to ask for the key: use --key-stdin.\n"  # fmt: skip
    assert "ofs_" not in repr(Login("https://x.example", KEY))


def test_a_login_that_others_could_read_or_that_is_damaged_is_not_used(home: Path) -> None:
    save_login(Login("https://x.example", KEY))
    file = home / "config" / "offshelf" / "login.json"
    for content, mode in (('{"address": "https://x.example"', 0o600), ("[]", 0o600), ("{}", 0o600), (None, 0o640)):
        if content is not None:
            file.write_text(content)
        file.chmod(mode)
        ran = run("notices")
        assert ran.status == 2
        assert is_one_sentence(ran)


ODD = {
    "empty.csv": (b"", 2),
    "blank.csv": (b"\n\n \n", 2),
    "header.csv": (b"id,title\n", 2),
    "no_ids.csv": (b"title,brand\nLamp,Glow\n", 2),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 40, 2),
    "bomb.csv.gz": (gzip.compress(b"id,title\n" + b"\x00" * (4 << 20)), 2),
    "half.csv.gz": (
        gzip.compress(b"id,title\n" + b"".join(b"A-%d,Hearthline HL-200R heater\n" % each for each in range(300)))[
            :-100
        ],
        5,
    ),
    "one_bad_row.jsonl": (
        b'{"id": "A-1", "title": "Hearthline HL-200R heater"}\n{"id": "A-2"}\n{"id": "A-3", "ti\n',
        5,
    ),
    "utf16.csv": ("id,title\nA-1,Hearthline HL-200R ceramic heater\n".encode("utf-16"), 0),
    "steer.jsonl": (b'{"id": "A\\u001b[2J", "title": "Hearthline HL-200R \\u202e heater"}\n', 0),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_catalogue_costs_itself_alone(name: str, home: Path) -> None:
    content, status = ODD[name]
    file = home / name
    file.write_bytes(content)
    with staged(NOTICES) as stage:
        save_login(Login(stage.url, KEY))
        ran = run("match", str(file))
        assert ran.status == status, ran.err
        assert all(asked[0] == "GET" for asked in stage.asked)
    assert bool(ran.out) == (status != 2)
    assert all(line.isprintable() for line in (ran.out + ran.err).splitlines())
    assert bool(list(home.glob("state/offshelf/commitment-*"))) == (status != 2)


def test_a_file_that_is_not_there_is_named(home: Path) -> None:
    with staged(NOTICES) as stage:
        save_login(Login(stage.url, KEY))
        for path in (home / "nowhere.csv", home):
            ran = run("match", str(path))
            assert ran.status == 2
            assert is_one_sentence(ran)


NO_NOTICES: list[dict[str, Any]] = [{}, {"recall": None}, {"recall_number": 7, "recall": RECALL}, {"recall_number": "1", "recall": {**RECALL, "products": [7]}},
              {"recall_number": "1", "recall": {**RECALL, "firms": "x"}}]  # fmt: skip


def test_a_notice_that_cannot_be_read_costs_itself_alone() -> None:
    found = read_recalls([*NO_NOTICES, {"id": 1, "recall_number": "26117", "recall": RECALL}])
    assert found.index.numbers == ["26117"]
    assert len(found.refused) == len(NO_NOTICES)


def test_a_reader_that_has_enough_ends_the_command_quietly(home: Path) -> None:
    rows = [{"id": number, "recall": {"title": "x" * 100}} for number in range(5_000)]
    with staged(answer(200, {"results": rows})) as stage:
        save_login(Login(stage.url, KEY))
        command = f"{sys.executable} -m offshelf_client notices | head -n 1; exit ${{PIPESTATUS[0]}}"
        done = subprocess.run(["/bin/bash", "-c", command], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2], env=dict(os.environ))  # noqa: S603  # fmt: skip
    assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (0, "", 1)


def test_watch_asks_from_where_the_server_says_and_prints_each_change_once(home: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("offshelf_client.commands.watch.LISTS", {"flag": watch.LISTS["flag"]})
    until = {"next_updated_since": "2026-03-02T11:00:00Z"}
    first = answer(
        200,
        {**until, "next": "http://x.example/?cursor=c", "results": [{"id": 2, "updated_at": "2026-03-02T08:00:00Z"}]},
    )
    last = answer(200, {**until, "next": None, "results": [{"id": 1, "updated_at": "2026-03-02T10:00:00Z"}]})
    later = answer(200, {"next": None, "results": [], "next_updated_since": "2026-03-02T12:00:00Z"})
    with staged(first, last, later) as stage:
        save_login(Login(stage.url, KEY))
        assert len(run("watch", "--once").out.splitlines()) == 2
        assert run("watch", "--once").out == ""
        run("watch", "--once")
    asked = [parse_qs(urlsplit(path).query)["updated_since"][0][:16] for _, path, _, _ in stage.asked]
    assert asked == ["1970-01-01T00:00", "1970-01-01T00:00", "2026-03-02T11:00", "2026-03-02T12:00"]


def test_watch_that_breaks_off_goes_on_after_the_last_page_that_it_printed(home: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("offshelf_client.commands.watch.LISTS", {"flag": watch.LISTS["flag"]})
    page = {"next": "http://x.example/?cursor=c", "next_updated_since": "2026-03-02T11:00:00Z"}
    first = answer(200, {**page, "results": [{"id": 2, "updated_at": "2026-03-02T08:00:00.000001Z"}]})
    with staged(first, problem(403, "permission_denied", "No."), NOTHING) as stage:
        save_login(Login(stage.url, KEY))
        assert run("watch", "--once").status == 3
        assert run("watch", "--once").status == 0
    asked = parse_qs(urlsplit(stage.asked[-1][1]).query)["updated_since"]
    assert asked == ["2026-03-02T08:00:00.000001Z"]


def test_watch_of_a_server_that_does_not_say_from_when_to_ask_next_ends_with_the_reason(home: Path) -> None:
    with staged(answer(200, {"next": None, "previous": None, "results": []})) as stage:
        save_login(Login(stage.url, KEY))
        ran = run("watch", "--once")
    assert ran.status == 4
    assert ran.err == "offshelf: The server does not say from when to ask next: it is older than this command.\n"


def test_a_key_is_shown_in_one_line_whatever_the_server_says_of_it(home: Path) -> None:
    hostile = {
        "organisation": {"name": "Bazaarly\x1b[2J"},
        "name": "Robot",
        "expires_at": None,
        "scopes": ["flags", {"a": 1}],
    }
    for content, shown in ((hostile, "Bazaarly [2J  Robot  until None  flags  {'a': 1}\n"), ({}, "    until None\n")):
        with staged(answer(200, content)) as stage:
            save_login(Login(stage.url, KEY))
            assert (run("key").out, run("key", "--json").rows) == (shown, [content])
        assert stage.asked[0][1] == "/api/v1/key"


def test_watch_goes_on_while_the_server_is_away_and_ends_where_the_key_is_refused(monkeypatch: Any) -> None:
    waited: list[float] = []
    monkeypatch.setattr("offshelf_client.commands.watch.time", SimpleNamespace(sleep=waited.append))  # its own alone
    down, refused = answer(500, b"oops"), problem(401, "authentication_failed", "Unknown API key.")
    with staged(down, down, NOTHING, NOTHING, down, refused) as stage:
        save_login(Login(stage.url, KEY))
        ran = run("watch", "--interval", "10")
    assert ran.status == 3
    assert waited == [20, 40, 10, 20]
    assert ran.err.splitlines()[-1] == "offshelf: Unknown API key (authentication_failed)."
    assert json.dumps(KEY) not in ran.err
