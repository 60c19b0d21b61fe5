"""manage.py load_demo: loads the sample data. It is in the top app because it uses all the others.

Safe to run at every start: existing data is kept, and files that were loaded before are not loaded again.
"""

import hashlib
import json
import os
import secrets
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from enforcement.demo.cast import MORE_PEOPLE, MORE_PLATFORMS, OPERATOR, PEOPLE, PLATFORMS, REGULATOR, SECOND_REGULATOR
from enforcement.demo.history import DAYS, History
from enforcement.demo.sample_pictures import with_pictures
from enforcement.models import Policy
from enforcement.policies.presets import install_presets
from enforcement.services import freeze
from listings import services as listings
from listings.models import Flag, Listing
from portal import audit
from portal.demo.clock import StagedClock
from portal.demo.shop import Shelves, open_shop
from portal.identity.actors import Actor
from portal.models import Organisation, User
from portal.services import create_organisation, create_person, edit_organisation
from recalls import services as recalls
from recalls.models import Notice, Recall

DATA = Path(settings.BASE_DIR) / "portal" / "demo" / "data"
SENT = {"China: 24 hours": ("24287", "23064", "24159", "22078"), "CPSC priority: 6 hours": ("25192", "25315", "22168")}
"""The sample recalls that are sent to the platforms from the start, by policy; the others are not sent yet. The most
urgent are those with pictures, so that a moderator's first queue shows what is compared."""


class Command(BaseCommand):
    help = "Load the sample data: people, policies, recalls and catalogues. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--recalls", type=Path, help="a publisher's file of recalls, instead of the sample")
        parser.add_argument("--catalogue", type=Path, help="a catalogue for Bazaarly, instead of the samples")
        parser.add_argument(
            "--history",
            action="store_true",
            help="first load three months of sample history, with more platforms and a second regulator; only into an "
            "empty database, and not with files of your own",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("load_demo creates accounts with known passwords. You cannot run it in production.")
        actor = Actor.system("demo")
        real_recalls, real_catalogue = options["recalls"], options["catalogue"]
        if options["history"] and not (real_recalls or real_catalogue or Organisation.objects.exists()):
            self._live_through_the_past(actor)
        with transaction.atomic():
            self._accounts(actor)
        regulator = Organisation.objects.get(slug="commission")
        install_presets(regulator=regulator, actor=actor)
        self._load(real_recalls or DATA / "sample_recalls.json", partial(self._recalls, real_recalls is None))
        if real_catalogue:
            self._load(real_catalogue, partial(self._catalogue, "bazaarly"))
        else:
            for platform, file in (
                ("bazaarly", "sample_catalogue_bazaarly.jsonl"),
                ("market-one", "sample_catalogue_market_one.jsonl"),
            ):
                self._load(DATA / file, partial(self._catalogue, platform))
        sent = [number for numbers in SENT.values() for number in numbers]
        if not (real_recalls or real_catalogue) and not Notice.objects.filter(recall__number__in=sent).exists():
            self._send(regulator, actor)

    def _live_through_the_past(self, actor: Actor) -> None:
        """Before anything else, so that the audit log's times ascend; sealed at once."""
        shop, now, begun = os.environ.get("OFFSHELF_SHOP", ""), timezone.now(), time.monotonic()
        port = urlsplit(shop).port
        if not port:
            raise CommandError("The history needs the demo's shop: set OFFSHELF_SHOP to its address, with a free port.")
        with connection.cursor() as cursor:  # thousands of small commits: only the last has to be on disk
            cursor.execute("SET synchronous_commit TO off")
        clock, shelves = StagedClock(now - timedelta(days=DAYS + 1)), Shelves(settings.FOLDER, [])
        with open_shop(port=port, shelves=shelves, clock=clock.timestamp), clock.in_force():
            with transaction.atomic():
                self._accounts(actor, with_history=True)
            for regulator in Organisation.objects.filter(kind="regulator").order_by("pk"):
                install_presets(regulator=regulator, actor=actor)
            History(clock=clock, until=now, shop=shop, shelves=shelves).live()
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO DEFAULT")
        sealed, took = audit.seal_events(), time.monotonic() - begun
        self.stdout.write(f"Three months of history: {Flag.objects.count()} flags, {sealed:,} events, {took:.1f} s")

    def _accounts(self, actor: Actor, *, with_history: bool = False) -> None:
        shop = os.environ.get("OFFSHELF_SHOP", "")
        pattern = f"{shop}/listing/{{id}}" if shop else ""
        with_history = with_history or Organisation.objects.filter(slug=SECOND_REGULATOR["slug"]).exists()
        more = (SECOND_REGULATOR, *MORE_PLATFORMS) if with_history else ()
        people = (*PEOPLE, *MORE_PEOPLE) if with_history else PEOPLE
        for fields in (OPERATOR, REGULATOR, *PLATFORMS, *more):
            known = Organisation.objects.filter(slug=fields["slug"]).first()
            wanted = pattern if fields["kind"] == "platform" else ""
            if known is None:
                create_organisation(actor=actor, **fields, listing_url_pattern=wanted)
            elif known.listing_url_pattern != wanted:
                edit_organisation(organisation=known, actor=actor, listing_url_pattern=wanted)
        sign_ins = settings.FOLDER / "sign-ins.txt"
        if User.objects.exists() and sign_ins.exists():
            return
        password = secrets.token_urlsafe(9)
        lines = ["Sign in as (all with the password " + password + "):"]
        for email, name, role, slug in people:
            organisation = Organisation.objects.get(slug=slug)
            person = User.objects.filter(email=email).first()
            if person is None:
                person = create_person(
                    email=email, name=name, role=role, organisation=organisation, password=password, actor=actor
                )
            else:
                person.set_password(password)
                person.save()
            lines.append(f"  {email:28} {person.get_role_display()}, {organisation.name}")
        if shop:
            lines += ["", f"Demo shop, where listings can be taken down: {shop}"]
        sign_ins.touch(mode=0o600)
        sign_ins.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _load(self, path: Path, load: Callable[[Path], None]) -> None:
        """Load a file unless the same content was loaded into this folder before."""
        if not path.is_file():
            raise CommandError(f"File not found: {path}. Check the path.")
        marks = settings.FOLDER / "loaded.json"
        done = json.loads(marks.read_text()) if marks.exists() else {}
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
        if done.get(path.name) == digest:
            return
        with tempfile.TemporaryDirectory() as folder:
            load(
                with_pictures(path, os.environ.get("OFFSHELF_SHOP", ""), Path(folder)) if path.parent == DATA else path
            )
        marks.write_text(json.dumps({**done, path.name: digest}))

    def _catalogue(self, platform: str, path: Path) -> None:
        # A full feed would mark absent what the history sold.
        kind = "delta" if Listing.objects.filter(platform__slug=platform).exists() else "full"
        call_command("import_catalogue", path, platform=platform, kind=kind)

    def _recalls(self, sample: bool, path: Path) -> None:
        call_command("import_recalls", path, regulator="commission", sample=sample, publish=True)
        for number in (number for numbers in SENT.values() for number in numbers):
            if sample and (recall := Recall.objects.filter(number=number).first()):
                recalls.set_priority(recall=recall, priority="urgent", actor=Actor.system("demo"))

    def _send(self, regulator: Organisation, actor: Actor) -> None:
        platforms = list(Organisation.objects.platforms())
        for name, numbers in SENT.items():
            policy = Policy.objects.get(regulator=regulator, name=name)
            chosen = list(Recall.objects.filter(number__in=numbers).order_by("number"))
            sending = recalls.send_notices(recalls=chosen, platforms=platforms, terms=freeze(policy), actor=actor)
            notices = list(sending.notices.order_by("pk"))
            flags = sum(listings.match_notice(notice=notice) for notice in notices)
            self.stdout.write(f"{len(notices)} notices sent under {name}, {flags} listings flagged")
