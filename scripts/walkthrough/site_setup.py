"""What is on the site before the visitors come in: made through the product's own pages and the demo shop's.

The policies are short, so that a deadline is missed and a removal proved within a minute; nothing else is unlike a real
installation, and nothing is written behind the product's back.
"""

import json
import re
from pathlib import Path

import httpx

from portal.demo.browser import expect
from portal.demo.policy_forms import Row, policy_fields
from walkthrough import words
from walkthrough.visitor import Visitor

LATE_LISTING, LATE_RECALL = "BZ-1013", "24013"
KETTLE = {
    "number": "2026-117", "title": "Kettlewright Steam Kettles Recalled: Burn Hazard", "product": "Kettlewright Steam Kettles",
    "brand": "Kettlewright", "model": "KW-4711D", "hazard": "The lid can open while it boils: burn hazard.", "remedy": "Refund",
    "description": "Kettlewright steam kettles with model number KW-4711D. Model KW-4712D is not included.",
}  # fmt: skip
FEED = (
    {"id": "BZ-3001", "title": "Kettlewright steam kettle KW-4711D 1.7 l", "brand": "Kettlewright", "seller": "kettle-cove", "price": "29.90 USD"},
    {"id": "BZ-3002", "title": "KETTLEWRIGHT kettle kw 4711d, boxed", "brand": "Kettlewright", "seller": "attic-finds", "price": "18.00 USD"},
    {"id": "BZ-3003", "title": "Lid for Kettlewright kettle KW-4711D, lid only", "brand": "", "seller": "spare-barn", "price": "6.00 USD"},
    {"id": "BZ-3004", "title": "Kettlewright steam kettle KW-4712D", "brand": "Kettlewright", "seller": "kettle-cove", "price": "35.00 USD"},
    {"id": "BZ-3012", "title": "Ubio Labs power bank with cable and pouch", "brand": "Ubio Labs", "seller": "attic-finds", "price": "10.00 USD"},
    {"id": "BZ-3016", "title": "Toy model of the Porter-Cable PCX362010 table saw", "brand": "Porter-Cable", "seller": "toy-box", "price": "15.00 USD"},
)  # fmt: skip
SHORT, SIX_HOURS = "Walkthrough: 20 seconds", "Walkthrough: 6 hours"
POLICIES: dict[str, tuple[int, str, list[Row]]] = {
    SHORT: (
        20,
        "seconds",
        [("reminder", 7, "before"), ("missed", 0, "at"), ("contact", 4, "after"), ("officer", 7, "after")],
    ),
    SIX_HOURS: (6, "hours", [("reminder", 2, "before"), ("missed", 0, "at"), ("officer", 1, "after")]),
}
OTHERS = ("25351", "25061", "24344", "23783", "20034", "19172")


class SiteSetup:
    """The demo's shop, and the people who know the product: they prepare the site."""

    def __init__(self, folder: Path, shop: str) -> None:
        match = re.search(r"password (\S+)\)", (folder / "sign-ins.txt").read_text())
        self.password = match.group(1) if match else ""
        self.folder, self._shop = folder, httpx.Client(base_url=shop, timeout=30, trust_env=False)

    def make_policies(self, admin: Visitor) -> None:
        """Sent as the form sends it: the page offers no seconds to whoever begins a policy."""
        for name, (amount, unit, rows) in POLICIES.items():
            admin.go_to(words.POLICIES)
            rescans = {"rescans": "1 h, 1 d", "history_rescans": "1 h, 1 d"}
            admin.send("/policies/add/", policy_fields(name, amount, unit, rows, check_seconds=5, **rescans))
            admin.go_to(words.POLICIES)
            admin.must_see(re.escape(name), "the policy is not listed")

    def sell(self, manager: Visitor) -> None:
        """Put a few more listings on sale: on the shop's pages and in the platform's catalogue."""
        for row in FEED:
            self._shop.post("/listing", json=row).raise_for_status()
        path = self.folder / "walkthrough-feed.jsonl"
        path.write_text("\n".join(map(json.dumps, FEED)) + "\n")
        manager.go_to(words.IMPORTS)
        manager.press(words.named("^import"))
        manager.field(words.named("^file")).set_input_files(path)
        manager.tick(words.named("^delta"))
        manager.press(words.named("^import"))
        manager.wait_until("the import", lambda: manager.sees(f"{len(FEED)} added"))

    def send(self, officer: Visitor, numbers: tuple[str, ...], policy: str) -> None:
        """Send published recalls to Bazaarly from the list of recalls."""
        officer.go_to(words.RECALLS)
        for number in numbers:
            officer.tick(words.named(f"^select recall {number}"))
        officer.press(words.SEND_SELECTED)
        send_notices(officer, policy)
        officer.wait_until("the matching", lambda: officer.sees(f"{len(numbers)} of {len(numbers)} notices"))

    def take_down(self, listing: str) -> None:
        """What the platform does in its own tools when it removes a listing."""
        answer = self._shop.post(f"/listing/{listing}/take-down")
        expect(answer.is_redirect, f"the demo's shop has no listing {listing} to take down")


def send_notices(officer: Visitor, policy: str) -> None:
    """On the page for sending: choose Bazaarly and the policy, and send; where the page asks once more, say yes."""
    officer.tick(words.named("^bazaarly"))
    officer.choose(words.POLICY, policy)
    officer.press(words.SEND_NOTICES)
    if officer.button(words.YES_SEND).count():
        officer.press(words.YES_SEND)
