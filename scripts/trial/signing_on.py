"""Single sign-on in the trial: an admin sets it up behind a second factor, people come in by it or not, and the audit says so."""

import csv
import re
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
from selectolax.lexbor import LexborHTMLParser

from trial.record import Failed, Record
from trial.visitor import Visitor

PROVIDER_NAME, PROVIDER_PORT = "login.psa.internal", 18444
ISSUER = f"https://{PROVIDER_NAME}:{PROVIDER_PORT}"
INTRODUCTION = """The provider is `oidc-provider-mock` of the project's development packages, on this machine, over TLS; programs have to be
registered there. It stands for one inside the regulator's network, with a certificate of the regulator's own authority: the web hosts
run with `SIGN_ON_PRIVATE_HOSTS` and `SIGN_ON_ROOTS`."""
NIA = {"email": "nia@psa.example.gov", "email_verified": True, "name": "Nia Adeyemi", "groups": ["recall-team"]}
STRANGER = {"email": "mallory@elsewhere.example", "email_verified": True, "name": "Mallory", "groups": ["recall-team"]}


def start_provider(authority: Path, log: Path, stack: ExitStack) -> None:
    """The provider, with the certificate that the authority made for its name."""
    keys = authority.parent
    words = [
        "-W",
        "ignore",
        "-m",
        "trial.provider",
        str(keys / f"{PROVIDER_NAME}.pem"),
        str(keys / f"{PROVIDER_NAME}.key"),
    ]
    process = subprocess.Popen(
        [sys.executable, *words, str(PROVIDER_PORT)], cwd=Path(__file__).resolve().parents[1],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stack.enter_context(log.open("w")), text=True,
    )  # fmt: skip
    stack.callback(process.wait, 20)
    stack.callback(process.terminate)
    if not (process.stdout and process.stdout.readline()):
        raise Failed(f"The provider did not start: {log.read_text()[-2000:]}")


class SigningOn:
    """The steps, in order: `set_up`, then `use`."""

    def __init__(self, base: str, authority: Path, record: Record) -> None:
        self.base, self.authority, self.record = base, authority, record
        self.provider = Visitor(ISSUER, authority)
        self.admin, self.secret = Visitor(base, authority), ""

    def set_up(self, email: str, password: str) -> None:
        record, admin = self.record, self.admin
        known = {}

        def register() -> str:
            known.update(
                self.provider.call(
                    "POST", "/oauth2/clients", {"redirect_uris": [f"{self.base}/sign-in/organisation/return/"]}
                )
            )
            for sub, claims in (("nia", NIA), ("mallory", STRANGER)):
                self.provider.call("PUT", f"/users/{sub}", claims)
            return f"client_id {known['client_id']}\nredirect_uris {', '.join(known['redirect_uris'])}\n"

        record.step(f"register Offshelf at {ISSUER}", register, expect="client_id")
        record.step(f"sign in as {email}", lambda: admin.sign_in(email, password), expect="200")
        record.step("Account, Second factor, Set up an authenticator app", self._add_app, expect="10 recovery codes")
        number = self._own_organisation()
        record.step(
            f"Platforms, Product Safety Authority: Require a second factor   # /platforms/{number}/",
            lambda: self._say(admin.fill(f"/platforms/{number}/", second_factor_required="on")),
            expect="200 /platforms/",
        )
        entered = {
            "issuer": ISSUER, "client_id": known["client_id"], "client_secret": known["client_secret"],
            "domains": "psa.example.gov", "role_claim": "groups", "roles": "recall-team = regulator_staff", "is_active": "on",
        }  # fmt: skip
        record.step(
            "Single sign-on of Product Safety Authority: issuer, client, psa.example.gov, groups, recall-team = regulator_staff",
            lambda: self._say(admin.fill(f"/platforms/{number}/single-sign-on/", **entered)),
            expect="200 /platforms/",
        )

    def use(self, email: str, password: str) -> None:
        record, nia = self.record, Visitor(self.base, self.authority)
        record.step(
            "Sign in with your organisation: nia@psa.example.gov",
            lambda: self._come(nia, "nia@psa.example.gov", "nia"),
            expect="302 https://offshelf.example.gov:",
        )
        record.step("her pages, and what she may not do", lambda: self._pages(nia), expect="200 /queue/.*\n403 /audit/")
        record.step(
            "somebody whose address at the provider is mallory@elsewhere.example",
            lambda: self._come(Visitor(self.base, self.authority), "nia@psa.example.gov", "mallory"),
            expect="403 /sign-in/organisation/return/",
        )
        other = Visitor(self.base, self.authority)
        record.step(
            f"{email} in another browser: the password alone",
            lambda: other.sign_in(email, password) + f"{other.ask('/audit/')[0]} /audit/\n",
            expect="200 /sign-in/second-step/\n302 /audit/",
        )
        record.step("and the code of the app", lambda: self._enter_code(other), expect="200 /audit/")
        record.step("Audit, exported as CSV", lambda: self._audit(other), expect=r"(?s)person.signed_in: User Nia Adeyemi, .*"
                    r"single sign-on.*person.sign_on_refused: .*outside the mail domains.*person.signed_in: User Ines Duarte, .*app")  # fmt: skip

    def _add_app(self) -> str:
        _, page, _ = self.admin.ask("/account/second-factor/app/")
        shown = LexborHTMLParser(page).css_first("p.wb-key")
        self.secret = shown.text().replace(" ", "").strip() if shown is not None else ""
        status, page, _ = self.admin.fill("/account/second-factor/app/", code=pyotp.TOTP(self.secret).now())
        return f"{status} {len(LexborHTMLParser(page).css('ul.wb-key li'))} recovery codes\n"

    def _own_organisation(self) -> str:
        _, page, _ = self.admin.ask("/platforms/")
        found = re.search(r'href="/platforms/(\d+)/single-sign-on/"', page)
        if found is None:
            raise Failed(f"The page of organisations leads to no single sign-on: {page[:3000]}")
        return found[1]

    def _come(self, browser: Visitor, email: str, sub: str) -> str:
        """From the form to the provider, through its own form, and back; the way, a line each."""
        status, page, _ = browser.fill("/sign-in/organisation/", email=email)
        link = LexborHTMLParser(page).css_first("a.usa-button")
        if link is None:
            raise Failed(f"No way to the provider: {status} {page[:2000]}")
        there = urlsplit(link.attributes["href"] or "")
        lines = [f"{status} /sign-in/organisation/ → {there.scheme}://{there.netloc}{there.path}"]
        status, _, back = self.provider.ask(f"{there.path}?{there.query}", {"sub": sub})
        returned = urlsplit(back)
        lines.append(f"{status} {returned.scheme}://{returned.netloc}{returned.path}")
        status, _, leads = browser.ask(f"{returned.path}?{returned.query}")
        lines.append(f"{status} {returned.path}" + (f" → {leads}" if leads else ""))
        return "".join(f"{line}\n" for line in lines)

    def _pages(self, browser: Visitor) -> str:
        return "".join(f"{browser.ask(path)[0]} {path}\n" for path in ("/account/", "/queue/", "/audit/"))

    def _enter_code(self, browser: Visitor) -> str:
        app = pyotp.TOTP(self.secret)
        code = app.at(int(time.time()) + app.interval)  # the present one was used: it serves once
        return self._say(browser.fill("/sign-in/second-step/", code=code)) + f"{browser.ask('/audit/')[0]} /audit/\n"

    def _audit(self, browser: Visitor) -> str:
        """Who came in, how, and who did not, oldest first."""
        wanted = {
            "person.signed_in",
            "person.sign_on_refused",
            "person.factor_added",
            "organisation.single_sign_on_edited",
        }
        rows = csv.DictReader(browser.export("/audit/export/", page="/audit/").lstrip("\ufeff").splitlines())
        lines = [f"{row['action']}: {row['object']}, {row['after']}\n" for row in rows if row["action"] in wanted]
        return "".join(reversed(lines))

    def _say(self, answer: tuple[int, str, str]) -> str:
        status, body, leads = answer
        problems = [
            node.text(strip=True) for node in LexborHTMLParser(body).css(".usa-error-message, .usa-alert--error")
        ]
        return f"{status} {urlsplit(leads).path}\n" + "".join(f"{problem}\n" for problem in problems)
