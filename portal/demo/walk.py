"""The steps of the demo check: the main workflow as people and programs do it, over HTTP."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from portal.demo.browser import Browser, StepFailed, expect
from portal.demo.policy_forms import policy_fields

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds to wait on a slow machine for something that is due within seconds
OFTEN = ", ".join(f"{seconds} s" for seconds in range(12, 600, 15))
"""Rescans for as long as a slow machine takes from a removal to the step in which its page comes back."""


class Walk:
    """The steps, and what later steps need to know about earlier ones."""

    def __init__(self, base: str, shop: str, folder: Path, *, sample: bool, wanted: list[str]) -> None:
        self.base, self.shop, self.folder, self.sample, self.wanted = base, shop, folder, sample, wanted
        sign_ins = (folder / "sign-ins.txt").read_text()
        match = re.search(r"password (\S+)\)", sign_ins)
        self.password = match.group(1) if match else ""
        self.people = {
            name: Browser(base)
            for name in ("officer", "second_officer", "moderator", "manager", "other_moderator", "admin", "operator")
        }
        self.officer, self.moderator, self.manager = (
            self.people["officer"],
            self.people["moderator"],
            self.people["manager"],
        )
        self.other, self.admin, self.operator = (
            self.people["other_moderator"],
            self.people["admin"],
            self.people["operator"],
        )
        self.shop_http = httpx.Client(base_url=shop, timeout=30, trust_env=False)
        self.flags: dict[str, str] = {}  # listing id → flag id
        self.recall_id = ""
        self.key = ""
        self.removed: tuple[str, str] = ("", "")
        self.number = f"drill-{int(time.time())}"

    def wait(self, what: str, ready: Callable[[], object]) -> None:
        until = time.monotonic() + PATIENCE
        while not ready():
            if time.monotonic() > until:
                raise StepFailed(f"after {PATIENCE:.0f} s still waiting for: {what}")
            time.sleep(0.5)

    def export(self, person: Browser, address: str, data: dict[str, Any]) -> bytes:
        """The content of an export: requested, waited for and downloaded."""
        person.submit(address, data)
        made = person.url
        self.wait("the export", lambda: person.shows(made, "Download"))
        return person.http.get(f"{made}file/").raise_for_status().content

    def verified(self, detail: str, *command: str) -> None:
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *command],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        expect(done.returncode == 0 and detail in done.stdout, done.stdout + done.stderr)

    # The steps, in order. The first line of each docstring is what the report prints.

    def sign_in(self) -> None:
        """all seven people sign in; a wrong password is refused"""
        emails = {"officer": "ada@commission.example", "second_officer": "tomas@commission.example", "moderator": "nia@bazaarly.example", "manager": "omar@bazaarly.example",
                  "other_moderator": "jonas@market-one.example", "admin": "ines@commission.example",
                  "operator": "olga@operator.example"}  # fmt: skip
        for name, person in self.people.items():
            person.open("/sign-in/")
            person.submit("/sign-in/", {"username": emails[name], "password": self.password})
            expect("Sign out" in person.text, f"{name} is not signed in")
        stranger = Browser(self.base)
        stranger.open("/sign-in/")
        stranger.submit("/sign-in/", {"username": emails["admin"], "password": "wrong"}, status=422)

    def refuse(self) -> None:
        """a moderator cannot open the board, and nobody can open a page without signing in"""
        self.moderator.open("/board/", status=403)
        self.moderator.open("/audit/", status=403)
        expect(
            "Sign in to Offshelf" in Browser(self.base).open("/audit/").text(),
            "the audit log was shown without signing in",
        )

    def policies(self) -> None:
        """the admin creates two drill policies: 6 hours and 15 seconds"""
        for name, amount, unit, steps in (
            ("Drill, six hours", 6, "hours", [("reminder", 2, "before"), ("missed", 0, "at"), ("officer", 1, "after")]),
            (
                "Drill, seconds",
                15,
                "seconds",
                [("reminder", 7, "before"), ("missed", 0, "at"), ("officer", 2, "after"), ("letter", 4, "after")],
            ),
        ):
            rescans = {"rescans": f"4 s, 8 s, {OFTEN}, 1 h", "history_rescans": f"3 s, 6 s, 9 s, {OFTEN}, 1 h"}
            self.admin.open("/policies/add/")
            self.admin.submit("/policies/add/", policy_fields(name, amount, unit, steps, check_seconds=2, **rescans))
            expect(name in self.admin.text, f"the policy {name} is not listed")

    def publish(self) -> None:
        """the regulator writes a recall with a product and submits it; a second person publishes it"""
        self.officer.open("/recalls/add/")
        form = {
            "number": self.number, "title": "Offshelf Drill Rig Kettles KTL-4711D Recalled: Burn Hazard", "priority": "urgent",
            "description": "Drillrig kettles with model number KTL-4711D. Model KTL-4712D is not included.", "hazard": "Burn hazard", "remedy": "Refund",
            "products-TOTAL_FORMS": "1", "products-INITIAL_FORMS": "0", "products-0-name": "Drillrig Steam Kettles",
            "products-0-brand": "Drillrig", "products-0-model_numbers": "KTL-4711D", "products-0-gtins": "123",
        }  # fmt: skip
        self.officer.submit("/recalls/add/", form, status=422)
        expect("has 3 digits" in self.officer.text, "the wrong GTIN was not explained")
        self.officer.submit("/recalls/add/", {**form, "products-0-gtins": "012345678905"})
        match = re.search(r"/recalls/(\d+)/", self.officer.url)
        expect(match, f"expected a recall page after saving, got {self.officer.url}")
        self.recall_id = match.group(1) if match else ""
        self.moderator.open(f"/recalls/{self.recall_id}/", status=404)
        self.officer.submit(f"/recalls/{self.recall_id}/move/in_review/", {})
        self.officer.submit(f"/recalls/{self.recall_id}/move/published/", {"reason": ""}, status=403)
        second = self.people["second_officer"]
        second.open(f"/recalls/{self.recall_id}/")
        second.submit(f"/recalls/{self.recall_id}/move/published/", {"reason": "", "seen": second.field("seen")})
        expect("published" in second.text, "the recall is not published")
        self.moderator.open(f"/recalls/{self.recall_id}/", status=404)

    def import_listings(self) -> None:
        """the platform imports a feed with three kettles, a broken line and a spare part; the import rejects are listed"""
        rows = [
            {
                "id": "DRILL-1",
                "title": "Drillrig steam kettle KTL-4711D 1.7 l",
                "brand": "Drillrig",
                "seller": "kettle-cove",
                "price": "29.90 USD",
            },
            {
                "id": "DRILL-2",
                "title": "DRILLRIG kettle ktl 4711d boxed",
                "brand": "Drillrig",
                "gtin": "012345678905",
                "seller": "kettle-cove",
            },
            {
                "id": "DRILL-3",
                "title": "Drillrig KTL-4711D steam kettles, used",
                "brand": "Drillrig",
                "seller": "attic",
            },
            {
                "id": "DRILL-4",
                "title": "Lid for Drillrig kettle KTL-4711D, lid only",
                "brand": "",
                "seller": "spare-barn",
            },
            {"id": "DRILL-5", "title": "Drillrig steam kettle KTL-4712D", "brand": "Drillrig", "seller": "kettle-cove"},
        ]
        for row in rows:
            self.shop_http.post("/listing", json=row).raise_for_status()
        feed = "\n".join(map(json.dumps, rows)) + '\n{"id": "DRILL-6", "title": \n'
        self.manager.open("/catalogue/imports/add/")
        self.manager.submit(
            "/catalogue/imports/add/", {"kind": "delta"}, files={"file": ("drill.jsonl", feed.encode())}
        )
        address = self.manager.url
        self.wait("the import", lambda: self.manager.shows(address, "Done"))
        expect(
            "5 added" in self.manager.text and "1 rejected" in self.manager.text,
            f"not what was expected: {self.manager.text[:400]}",
        )
        expect("not JSON" in self.manager.text, "the broken line's reason is not shown")
        rejects = self.export(self.manager, f"{address}rejects/", {}).decode()
        expect("not JSON" in rejects and "6," in rejects, "the rejects cannot be downloaded")
        self.other.open(address.removeprefix(self.base), status=403)

    def send(self) -> None:
        """the regulator sends the recall to one platform with a deadline of 6 hours and waits until it is matched"""
        self.officer.open(f"/send/?recall={self.recall_id}")
        policies = {
            option.text(strip=True).partition(" (")[0]: option.attributes["value"]  # without the time, in brackets
            for option in self.officer.page.css('select[name="policy"] option')
        }
        boxes = [node.css_first("input") for node in self.officer.page.css("label") if "Bazaarly" in node.text()]
        platform = next(box.attributes["value"] for box in boxes if box)
        self.officer.submit(
            "/send/",
            {
                "recall": [self.recall_id],
                "platforms": [platform],
                "policy": policies["Drill, six hours"],
                "message": "Drill",
                "step": "send",
            },
        )
        progress = self.officer.url
        self.wait("the matching", lambda: self.officer.shows(progress, "1 of 1 notices"))
        self.platform, self.policy_ids = platform, policies
        if self.wanted:
            self._send_wanted()

    def _send_wanted(self) -> None:
        """Also send the recalls for which the file run found listings in this catalogue."""
        found = []
        for number in self.wanted:
            self.officer.open(f"/recalls/?q={number}")
            found += [
                link.split("/")[2] for link in self.officer.links(r"/recalls/\d+/") if self._number_of(link) == number
            ]
        data = {
            "recall": found,
            "platforms": [self.platform],
            "policy": self.policy_ids["Drill, six hours"],
            "message": "",
            "step": "send",
        }
        self.officer.submit("/send/", data)
        address = self.officer.url
        self.wait("the matching", lambda: self.officer.shows(address, f"{len(found)} of {len(found)} notices"))

    def _number_of(self, link: str) -> str:
        node = self.officer.page.css_first(f'a[href="{link}"]')
        return node.text(strip=True) if node else ""

    def flags_found(self) -> None:
        """the moderator sees the recall and exactly its three kettles flagged, with evidence; the other platform sees nothing"""
        self.moderator.open(f"/recalls/{self.recall_id}/")
        self.wait("three flags", lambda: len(self._queue()) >= 3)
        flags = self._queue()
        expect(set(flags) == {"DRILL-1", "DRILL-2", "DRILL-3"}, f"flagged: {sorted(flags)}")
        self.flags = flags
        self.moderator.open(f"/flags/{flags['DRILL-2']}/")
        expect(
            "Same model number" in self.moderator.text or "Same GTIN" in self.moderator.text,
            "the evidence is not shown",
        )
        expect(self.moderator.page.css("mark"), "no evidence is highlighted")
        self.other.open(f"/flags/{flags['DRILL-1']}/", status=404)
        self.other.open(f"/recalls/{self.recall_id}/", status=404)

    def _queue(self) -> dict[str, str]:
        self.moderator.open(f"/queue/?recall={self.number}&view=all")
        found: dict[str, str] = {}
        for link in self.moderator.links(r"\?.*flag=\d+"):
            pk = link.rpartition("=")[2]
            self.moderator.open(f"/flags/{pk}/")
            links = (node.text(strip=True) for node in self.moderator.page.css('a[href^="/catalogue/"]'))
            if match := next(filter(None, (re.match(r"DRILL-\w+", text) for text in links)), None):
                found.setdefault(match.group(), pk)
        return found

    def same_as_file_run(self) -> None:
        """the portal flagged the same listings for the real recalls as the engine run on the files"""
        expected = json.loads((self.folder / "expected.json").read_text())
        for number, listings in expected.items():
            self.moderator.open(f"/queue/?recall={number}&view=all")
            titles = self.moderator.page.css(".wb-item")
            expect(
                len(titles) == len(listings),
                f"recall {number}: {len(titles)} flags, the file run found {len(listings)}",
            )

    def acknowledge(self) -> None:
        """a program of the platform fetches and acknowledges the notice with an API key; a key without the scope gets 403"""
        self.manager.open("/keys/add/")
        organisation = self.manager.page.css_first('select[name="organisation"] option[value]:not([value=""])')
        data = {"organisation": organisation.attributes["value"] if organisation else "", "name": "Drill", "days": 1}
        self.manager.submit("/keys/add/", {**data, "scopes": ["notices", "flags", "observations", "catalogue"]})
        node = self.manager.page.css_first("#key")
        self.key = node.text(strip=True) if node else ""
        self.manager.submit("/keys/add/", {**data, "scopes": ["notices"], "name": "Notices only"})
        node = self.manager.page.css_first("#key")
        narrow = {"Authorization": f"Bearer {node.text(strip=True) if node else ''}"}
        expect(
            httpx.get(f"{self.base}/api/v1/flags", headers=narrow).status_code == 403,
            "a key without the scope was accepted",
        )
        expect(httpx.get(f"{self.base}/api/v1/notices").status_code == 401, "no key was needed")
        notices = self.api("GET", f"notices?q={self.number}").json()["results"]
        expect(len(notices) == 1 and notices[0]["recall_number"] == self.number, f"notices: {notices}")
        notice = self.api("POST", f"notices/{notices[0]['id']}/acknowledge").json()
        expect(
            notice["delivered_at"] and notice["acknowledged_at"], "delivery and acknowledgement are not both recorded"
        )

    def api(self, method: str, path: str, **more: Any) -> httpx.Response:
        return httpx.request(
            method, f"{self.base}/api/v1/{path}", headers={"Authorization": f"Bearer {self.key}"}, timeout=60, **more
        )

    def bad_bulk(self) -> None:
        """a bulk upsert answers item by item; a bad item does not stop the others"""
        items = [{"id": "DRILL-7", "title": "Cotton towel"}, {"id": "DRILL-8"}, "nonsense"]
        results = self.api("POST", "listings/bulk", json={"listings": items}).json()["results"]
        expect([row["result"] for row in results] == ["created", "rejected", "rejected"], f"results: {results}")

    def decide(self) -> None:
        """the moderator claims and decides removed; a second, stale decision gets 409 and says who was first"""
        flag = self.flags["DRILL-1"]
        self.moderator.submit(f"/flags/{flag}/claim/", {})
        expect("Claimed by you" in self.moderator.text, "the claim is not shown")
        seen = self.moderator.field("seen")
        self.manager.submit(f"/flags/{flag}/claim/", {}, status=409)
        expect("Nia Adeyemi" in self.manager.text, "the page does not say who claimed the flag")
        self.moderator.submit(
            f"/flags/{flag}/decide/", {"kind": "removed", "reason": "", "note": "taken down", "seen": seen}
        )
        expect(
            "Removal claimed" in self.moderator.text or "removal claimed" in self.moderator.text,
            "the claim of removal is not shown",
        )
        self.moderator.submit(
            f"/flags/{flag}/decide/",
            {"kind": "not_the_product", "reason": "other_model", "note": "", "seen": seen},
            status=409,
        )
        expect("decided flag" in self.moderator.text, "the stale page does not say who decided")

    def live_reopens(self) -> None:
        """the page is still online, so a check finds it live and the flag opens again"""
        self.wait("the flag to open again", lambda: "Seen on sale" in self._takedown_text("DRILL-1"))

    def prove(self) -> None:
        """the shop takes the page down; after a new decision, two checks confirm the removal"""
        flag = self.flags["DRILL-1"]
        self.shop_http.post("/listing/DRILL-1/take-down")
        self.moderator.open(f"/flags/{flag}/")
        self.moderator.submit(
            f"/flags/{flag}/decide/",
            {"kind": "removed", "reason": "", "note": "", "seen": self.moderator.field("seen")},
        )
        self.wait(
            "the confirmed removal",
            lambda: "removal confirmed" in self._takedown_text("DRILL-1").lower(),
        )

    def unknown_never_counts(self) -> None:
        """a page behind a captcha is unknown and confirms nothing"""
        flag = self.flags["DRILL-3"]
        self.shop_http.post("/listing/DRILL-3/take-down?how=captcha")
        self.moderator.open(f"/flags/{flag}/")
        self.moderator.submit(
            f"/flags/{flag}/decide/",
            {"kind": "removed", "reason": "", "note": "", "seen": self.moderator.field("seen")},
        )
        self.wait("an unknown check", lambda: "Unknown" in self._takedown_text("DRILL-3"))
        expect(
            "removal confirmed" not in self._flag_text(flag).lower(),
            "a captcha confirmed a removal",
        )

    def _flag_text(self, flag: str) -> str:
        self.moderator.open(f"/flags/{flag}/")
        return self.moderator.text

    def _takedown_text(self, listing: str) -> str:
        self.moderator.open(f"/flags/{self.flags[listing]}/")
        link = self.moderator.links(r"/takedowns/\d+/")[0]
        self.moderator.open(link)
        return self.moderator.text

    def relist(self) -> None:
        """the seller lists it again under another id; a new flag is linked to the old one"""
        row = {
            "id": "DRILL-9",
            "title": "Steam kettle Drillrig 4711 KTL4711D new",
            "brand": "Drillrig",
            "seller": "kettle-cove",
        }
        self.shop_http.post("/listing", json=row).raise_for_status()
        result = self.api("POST", "listings/bulk", json={"listings": [row]}).json()["results"][0]
        expect(result["result"] == "created", f"result: {result}")
        self.wait("the relisting's flag", lambda: "DRILL-9" in self._queue())
        self.moderator.open(f"/flags/{self._queue()['DRILL-9']}/")
        expect("Relisting: the same seller" in self.moderator.text, "the relisting is not linked")

    def comes_back(self) -> None:
        """the removed page comes back; a rescan sees it and the same takedown opens again"""
        self.shop_http.post("/listing/DRILL-1/put-back")
        self.wait(
            "the flag to open again",
            lambda: "Running" in self._takedown_text("DRILL-1") or "running" in self._takedown_text("DRILL-1"),
        )
        expect("Seen on sale" in self.moderator.text, "the history does not say why")

    def shorten(self) -> None:
        """the regulator withdraws the notice and sends the recall again with a deadline of 15 seconds"""
        self.officer.open("/recalls/notices/?q=" + self.number)
        notice = self.officer.links(r"/recalls/notices/\d+/")[0]
        self.officer.submit(f"{notice}withdraw/", {"reason": "The drill goes on under the short policy."})
        data = {
            "recall": [self.recall_id],
            "platforms": [self.platform],
            "policy": self.policy_ids["Drill, seconds"],
            "message": "",
            "step": "send",
        }
        self.officer.submit("/send/", data)
        progress = self.officer.url
        self.wait("the matching", lambda: self.officer.shows(progress, "1 of 1 notices"))

    def miss(self) -> None:
        """with all programs restarted in between, a listing is missed: reminder, missed, officer and letter, each once"""
        pattern = r"/letters/\d+/"
        self.wait("the letter", lambda: self.officer.open("/escalations/") and self.officer.links(pattern))
        letters = self.officer.links(pattern)
        self.officer.open(letters[0])
        expect(
            self.number in self.officer.text and "still on sale" in self.officer.text,
            "the letter does not say what it is about",
        )
        self.moderator.open(letters[0], status=404)
        self.officer.open("/escalations/")
        acknowledge = self.officer.links(r"/escalations/\d+/acknowledge/")[0]
        self.officer.submit(acknowledge, {"note": "Called the platform."})
        expect("Called the platform." in self.officer.text, "the acknowledgement is not shown")
        self.officer.open("/board/")
        expect("Late" in self.officer.text, "the board does not show what is late")

    def dismiss_and_overrule(self) -> None:
        """a dismissal needs a reason; an admin overrules it and the clock resumes with the same deadline"""
        api_flags = self.api("GET", f"flags?recall={self.number}&status=open").json()["results"]
        flag = next(row for row in api_flags if row["listing"]["id"] == "DRILL-2")
        refused = self.api("POST", f"flags/{flag['id']}/decide", json={"kind": "not_the_product", "seen": flag["seen"]})
        expect(
            refused.status_code == 422 and "reason" in refused.json()["errors"],
            f"answered {refused.status_code}: {refused.text[:200]}",
        )
        done = self.api(
            "POST",
            f"flags/{flag['id']}/decide",
            json={"kind": "not_the_product", "reason": "other_model", "seen": flag["seen"]},
        )
        expect(done.json()["status"] == "dismissed", done.text[:200])
        self.admin.submit(f"/flags/{flag['id']}/overrule/", {"note": "The model number is on the picture."})
        again = self.api("GET", f"flags/{flag['id']}").json()
        expect(
            again["status"] == "open" and again["due_at"] == flag["due_at"],
            f"after overruling: {again['status']}, due {again['due_at']}",
        )

    def notify(self) -> None:
        """people were notified: in the moderator's inbox and by mail"""
        self.moderator.open("/inbox/")
        expect(self.number in self.moderator.text, "the notice is not in the inbox")
        mails = list((self.folder / "mail").glob("*.log"))
        expect(
            any(self.number in path.read_text(errors="replace") for path in mails), "no mail about the notice was sent"
        )

    def audit(self) -> None:
        """the admin finds who did what and when, and verifies the chain on the page and by command"""
        self.admin.open(f"/audit/?subject_type=listings.flag&subject_id={self.flags['DRILL-1']}")
        for action in ("opened flag", "claimed the removal", "reopened flag", "recorded the removal"):
            expect(action in self.admin.text, f"{action} is not in the activity of the flag")
        self.admin.submit("/audit/verify/", {})
        expect("The chain is intact" in self.admin.text, "the chain is not complete")
        table = self.export(self.admin, "/audit/export/?action=flag.", {}).decode()
        expect("flag.claimed_removed" in table, "the export lacks the decisions")
        self.verified("chain intact", "verify_audit")

    def take_proof(self) -> None:
        """the admin takes an evidence pack of all takedowns of the day; it verifies from the file alone"""
        self.admin.open("/packs/")
        choices = {
            option.text(strip=True): option.attributes["value"]
            for option in self.admin.page.css('select[name="platform"] option')
        }
        days = [datetime.now(UTC).date() + timedelta(days=days) for days in (-1, 1)]
        period = {"platform": choices["Bazaarly"], "first": days[0].isoformat(), "last": days[1].isoformat()}
        pack = self.folder / "period.zip"
        pack.write_bytes(self.export(self.admin, "/packs/", period))
        self.verified("All checks passed", "verify_pack", str(pack))

    def health(self) -> None:
        """worker, beat, broker, database and the deadline monitor report no problem"""
        self.operator.open("/health/")
        expect("Look here" not in self.operator.text, self.operator.text[:400])
        self.operator.open("/deadline-monitor/")
        expect("Every open takedown has a valid next step" in self.operator.text, self.operator.text[:300])

    def killed(self) -> None:
        """kill -9 of worker, beat and web during work: they restart, the import continues, nothing is lost or doubled"""
        rows = [{"id": f"MANY-{number}", "title": f"Cotton towel number {number}"} for number in range(20_000)]
        rows.append(
            {"id": "DRILL-10", "title": "Drillrig KTL-4711D steam kettle", "brand": "Drillrig", "seller": "other-cove"}
        )
        feed = "\n".join(map(json.dumps, rows)).encode()
        self.manager.open("/catalogue/imports/add/")
        self.manager.submit("/catalogue/imports/add/", {"kind": "delta"}, files={"file": ("many.jsonl", feed)})
        address = self.manager.url
        victims = self._processes("portal.worker", "celery", "gunicorn")
        expect(len(victims) >= 6, f"found only {len(victims)} processes to kill")
        for pid in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.wait("the web server", lambda: self._answers("/healthz"))
        self.wait("the import", lambda: self.manager.shows(address, "20,001 rows") and "Done" in self.manager.text)
        expect("20,001 added" in self.manager.text or "unchanged" in self.manager.text, self.manager.text[:300])
        self.wait("the flag", lambda: "DRILL-10" in self._queue())
        listings = self.api("GET", f"flags?recall={self.number}&page_size=1000").json()["results"]
        ids = [row["listing"]["id"] for row in listings if row["status"] != "withdrawn"]
        expect(ids.count("DRILL-10") == 1, f"flags: {ids}")

    def _processes(self, *names: str) -> list[int]:
        """The processes of this instance whose command line contains one of these names."""
        found, mine = [], f"OFFSHELF_FOLDER={self.folder}".encode()
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes()
                if any(name.encode() in command for name in names) and mine in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
        return found

    def _answers(self, path: str) -> bool:
        try:
            return httpx.get(f"{self.base}{path}", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def reimport(self) -> None:
        """importing the same recalls again changes nothing and says so"""
        path = self.folder / "recalls-again.json"
        self.officer.open("/recalls/imports/add/")
        with path.open("rb") as file:
            self.officer.submit("/recalls/imports/add/", {}, files={"file": ("recalls.json", file)})
        address = self.officer.url
        self.wait("the import", lambda: self.officer.shows(address, "Done"))
        expect("0 new, 0 changed" in self.officer.text, self.officer.text[:300])

    def environment(self) -> dict[str, str]:
        return {**os.environ, **json.loads((self.folder / "environment.json").read_text())}

    def steps(self) -> list[Callable[[], None]]:
        found = [
            self.sign_in,
            self.refuse,
            self.policies,
            self.publish,
            self.import_listings,
            self.send,
            self.flags_found,
        ]
        if self.wanted:
            found.append(self.same_as_file_run)
        return [
            *found, self.acknowledge, self.bad_bulk, self.decide, self.live_reopens, self.prove, self.unknown_never_counts, self.relist,
            self.comes_back, self.shorten, self.notify, self.killed, self.miss, self.dismiss_and_overrule, self.reimport, self.audit,
            self.take_proof, self.health,
        ]  # fmt: skip
