"""A row that breaks in any periodic task costs itself alone: the one behind it is dealt with, and the alarm rings.

`CASES` says for each periodic task how a broken row comes about; a task without one fails the last test of this file.
Most rows break in the database: a trigger there refuses the row, as a value does that nobody thought of.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.files.base import ContentFile
from django.db import connection, models
from django.utils import timezone

from enforcement import services as enforcement
from enforcement.models import CheckPlan, Escalation, Takedown
from listings import services as listings
from listings import tasks as listings_tasks
from listings.models import (
    CatalogueImport,
    CodeCheck,
    Decision,
    DryRun,
    Exclusion,
    Flag,
    HeldMatch,
    Listing,
    RemovalTrace,
    ScheduledFeed,
)
from listings.pictures import HASH_LENGTH
from portal import audit
from portal import services as portal_services
from portal.background import queues
from portal.identity.actors import Actor
from portal.models import (
    Absence,
    Export,
    Hook,
    Mail,
    Notification,
    Organisation,
    PasswordRequest,
    PersonErasure,
    SavedView,
    SetAside,
    User,
)
from recalls.models import IncidentLead, Notice, Recall, RecallFeed, RecallImport, RecallVersion
from tests.factories import (
    FlagFactory,
    HookFactory,
    ListingFactory,
    NoticeFactory,
    OrganisationFactory,
    RecallFactory,
    UserFactory,
    WebhookEndpointFactory,
)
from tests.owner import owner

pytestmark = pytest.mark.django_db
UNREADABLE = {"nonsense": True}


def aside(row: models.Model) -> str:
    """With which error a row was set aside; empty where it was not."""
    kept = SetAside.objects.filter(subject_type=row._meta.label_lower, subject_id=row.pk, at_work=False)
    return "; ".join(kept.values_list("error", flat=True))


@dataclass
class Case:
    """A broken row and a good one behind it: whether the good one was dealt with, and where the error of the other is kept."""

    poison: models.Model
    is_done: Callable[[], bool]
    error: Callable[[models.Model], str] = field(default=aside)
    alarm: str = "Rows were skipped with an error"


REFUSED = (Export, CodeCheck, Notice, Recall, RecallImport, RecallFeed, CatalogueImport, ScheduledFeed, DryRun, Exclusion, Decision, Flag, HeldMatch, Listing,
           User, PasswordRequest, PersonErasure, Absence)  # fmt: skip


@pytest.fixture(scope="module")
def _triggers(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """On each table a trigger that refuses the row which the test names in a setting: only the owner may make it."""
    with django_db_blocker.unblock(), owner() as own:
        own.execute(
            "CREATE FUNCTION refuse_poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poison'; END $$"
        )
        for model in REFUSED:
            own.execute(
                f'CREATE TRIGGER poison BEFORE UPDATE OR DELETE ON "{model._meta.db_table}" FOR EACH ROW '
                f"WHEN (OLD.id::text = current_setting('poison.{model._meta.db_table}', true)) "
                "EXECUTE FUNCTION refuse_poison()"
            )
    yield
    with django_db_blocker.unblock(), owner() as own:
        own.execute("DROP FUNCTION refuse_poison CASCADE")


@pytest.fixture
def refuse(_triggers: None, db: None) -> Callable[[models.Model], None]:
    """Have the database refuse to change a row, for the rest of the test."""

    def name_it(row: models.Model) -> None:
        assert type(row) in REFUSED
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [f"poison.{row._meta.db_table}", str(row.pk)])

    return name_it


@dataclass
class Cast:
    regulator: Organisation
    platform: Organisation
    officer: User
    admin: User
    refuse: Callable[[models.Model], None]

    def notice(self, **fields: Any) -> Notice:
        return NoticeFactory(
            **{"recall": RecallFactory(regulator=self.regulator), "platform": self.platform, "matched_at": timezone.now()} | fields
        )  # fmt: skip

    def flag(self, **fields: Any) -> Flag:
        listing = fields.pop("listing", None) or ListingFactory(platform=self.platform)
        return FlagFactory(notice=self.notice(), listing=listing, opened_at=timezone.now(), **fields)

    def takedown(self, status: str = "open", **fields: Any) -> Takedown:
        row = enforcement.start_clock(flag=self.flag(status=status))
        Takedown.objects.filter(pk=row.pk).update(**fields)
        return row


@pytest.fixture
def cast(
    regulator: Organisation,
    platform_a: Organisation,
    officer: User,
    admin: User,
    refuse: Callable[[models.Model], None],
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    settings.INACTIVE_DAYS = 365
    current_app.loader.import_default_modules()  # as a worker does
    monkeypatch.setattr(listings_tasks, "hurry", lambda task, *given, **_options: task(*given))
    return Cast(regulator, platform_a, officer, admin, refuse)


def mail(cast: Cast) -> Case:
    poison, good = (
        Mail.objects.create(key=to, to=to, subject="S", body="…") for to in ("two\nlines@example.org", "b@example.org")
    )
    return Case(
        poison, lambda: Mail.objects.get(pk=good.pk).status == "sent", lambda row: Mail.objects.get(pk=row.pk).error, ""
    )


def hook(cast: Cast) -> Case:
    endpoint = WebhookEndpointFactory(organisation=cast.platform, url="https://xn--n3h.example/")
    poison, good = HookFactory(endpoint=endpoint), HookFactory(endpoint=endpoint)
    return Case(
        poison, lambda: Hook.objects.get(pk=good.pk).attempts == 1, lambda row: Hook.objects.get(pk=row.pk).error, ""
    )


def export(cast: Cast) -> Case:
    asked = {"person": cast.admin, "organisation": cast.regulator, "arguments": {"query": ""}, "unit": "rows"}
    poison = Export.objects.create(kind="nobody's", filename="a.csv", **asked)
    good = Export.objects.create(kind="audit", filename="b.csv", **asked)
    return Case(poison, lambda: Export.objects.get(pk=good.pk).status == "done")


def old_export(cast: Cast) -> Case:
    over = {"person": cast.admin, "organisation": cast.regulator, "status": "done", "unit": "rows", "kind": "audit"}
    poison, good = (
        Export.objects.create(file=ContentFile(b"x", name), kept_until=timezone.now(), filename=name, **over)
        for name in ("a.csv", "b.csv")
    )
    cast.refuse(poison)
    return Case(poison, lambda: not Export.objects.get(pk=good.pk).file)


def password_request(cast: Cast) -> Case:
    poison, good = (PasswordRequest.objects.create(account=cast.admin.email, address="203.0.113.9") for _ in "ab")
    cast.refuse(poison)
    return Case(poison, lambda: not PasswordRequest.objects.filter(pk=good.pk).exists())


def erasure(cast: Cast) -> Case:
    other = UserFactory(organisation=cast.regulator, role="admin")
    asked = {"reason": "R", "asked_by": cast.admin, "closed_by": other, "confirmed": True, "expires_at": timezone.now()}
    poison, good = (
        PersonErasure.objects.create(person=UserFactory(), names={"names": [name], "addresses": [name]}, **asked)
        for name in ("a@example.org", "b@example.org")
    )
    cast.refuse(poison)
    return Case(poison, lambda: PersonErasure.objects.get(pk=good.pk).done_at is not None)


def absence(cast: Cast) -> Case:
    now = timezone.now()
    poison, good = (
        Absence.objects.create(
            person=person,
            organisation=cast.regulator,
            starts_at=now - timedelta(hours=hours),
            ends_at=now + timedelta(days=1),
        )
        for person, hours in ((cast.officer, 2), (cast.admin, 1))
    )
    cast.refuse(poison)
    return Case(poison, lambda: Absence.objects.get(pk=good.pk).handed_over_at is not None)


def inactive_person(cast: Cast) -> Case:
    long_ago = timezone.now() - timedelta(days=400)
    User.objects.filter(pk=cast.admin.pk).update(last_login=timezone.now())
    poison, good = (UserFactory(organisation=cast.platform, date_joined=long_ago) for _ in "ab")
    cast.refuse(poison)
    return Case(poison, lambda: User.objects.get(pk=good.pk).locked_at is not None)


def delivery(cast: Cast) -> Case:
    Organisation.objects.filter(pk=cast.platform.pk).update(contact_email="")
    poison, good = cast.notice(), cast.notice()
    reader = User.objects.create(name="Bo", email="bo@example.org", role="moderator", organisation=cast.platform)
    for row in (poison, good):
        Notification.objects.create(person=reader, organisation=cast.platform, key=f"notice:{row.pk}", subject="S")
    cast.refuse(poison)
    return Case(poison, lambda: Notice.objects.get(pk=good.pk).delivered_at is not None)


def embargo(cast: Cast) -> Case:
    over = {"regulator": cast.regulator, "status": "embargoed", "publish_at": timezone.now(), "published_at": None}
    poison, good = RecallFactory(**over), RecallFactory(**over)
    cast.refuse(poison)
    return Case(poison, lambda: Recall.objects.get(pk=good.pk).status == "published")


def incident_search(cast: Cast) -> Case:
    """A poison recall whose facts are no facts; the good one is compared with one of another regulator."""
    poison, good, other = (
        RecallFactory(regulator=cast.regulator),
        RecallFactory(regulator=cast.regulator),
        RecallFactory(),
    )
    RecallVersion.objects.filter(recall=poison).update(facts=[UNREADABLE])
    poison.current.refresh_from_db()
    return Case(poison.current, lambda: IncidentLead.objects.filter(first=good, second=other).exists())


def findability(cast: Cast) -> Case:
    """Both scores are of other rules; the poison's cannot be written."""
    poison, good = RecallFactory(regulator=cast.regulator), RecallFactory(regulator=cast.regulator)
    cast.refuse(poison)
    return Case(poison, lambda: Recall.objects.get(pk=good.pk).findability > 0)


def recall_import(cast: Cast) -> Case:
    poison, good = (
        RecallImport.objects.create(regulator=cast.regulator, filename=name, file=ContentFile(b"[]", name))
        for name in ("a.json", "b.json")
    )
    cast.refuse(poison)
    return Case(poison, lambda: RecallImport.objects.get(pk=good.pk).is_over)


def recall_feed(cast: Cast) -> Case:
    poison, good = (
        RecallFeed.objects.create(regulator=cast.regulator, name=name, url=f"https://127.0.0.1/{name}.json")
        for name in "ab"
    )
    cast.refuse(poison)
    return Case(poison, lambda: RecallFeed.objects.get(pk=good.pk).result == "failed")


def scheduled_feed(cast: Cast) -> Case:
    poison, good = (
        ScheduledFeed.objects.create(
            platform=cast.platform, kind="delta", name=name, url=f"https://127.0.0.1/{name}.csv"
        )
        for name in "ab"
    )
    cast.refuse(poison)
    return Case(poison, lambda: ScheduledFeed.objects.get(pk=good.pk).result == "failed")


def catalogue_import(cast: Cast) -> Case:
    row = json.dumps({"id": "1", "title": "Lamp"}).encode()
    poison, good = (
        CatalogueImport.objects.create(platform=cast.platform, kind="delta", filename=name, file=ContentFile(row, name))
        for name in ("a.jsonl", "b.jsonl")
    )
    cast.refuse(poison)
    return Case(poison, lambda: CatalogueImport.objects.get(pk=good.pk).status == "done")


def dry_run(cast: Cast) -> Case:
    poison, good = (
        listings.start_dry_run(
            version=RecallFactory(regulator=cast.regulator).current, actor=Actor.person(cast.officer)
        )
        for _ in range(2)
    )
    cast.refuse(poison)
    return Case(poison, lambda: type(good).objects.get(pk=good.pk).status == "done")


def exclusion(cast: Cast) -> Case:
    listing = ListingFactory(platform=cast.platform)
    said = {
        "platform": cast.platform,
        "regulator": cast.regulator,
        "scope": "listing",
        "identity": "none",
        "reason": "R",
    }
    poison, good = (
        Exclusion.objects.create(listing=listing, expires_at=timezone.now() - timedelta(hours=ago), **said)
        for ago in (2, 1)
    )
    cast.refuse(poison)
    return Case(
        poison,
        lambda: (
            Exclusion.objects.get(pk=good.pk).expired_at is not None and Listing.objects.get(pk=listing.pk).match_due
        ),
    )


def decision(cast: Cast) -> Case:
    poison, good = (
        Decision.objects.create(
            flag=cast.flag(), kind="removed", score=0.9, actor_kind="person", actor_label="Nia",
            final_at=timezone.now() - timedelta(minutes=ago), finalized_at=None, before="open",
        )
        for ago in (2, 1)
    )  # fmt: skip
    cast.refuse(poison)
    return Case(poison, lambda: Decision.objects.get(pk=good.pk).finalized_at is not None)


def silent_seller(cast: Cast) -> Case:
    asked = {"status": "asked_seller", "seller_due_at": timezone.now()}
    poison, good = (enforcement.start_clock(flag=cast.flag(**asked)).flag for _ in range(2))
    cast.refuse(poison)
    return Case(poison, lambda: Flag.objects.get(pk=good.pk).status == "open")


def notice_to_match(cast: Cast) -> Case:
    ListingFactory(platform=cast.platform, match_due=True)
    listings.match_listings_due(platform_id=cast.platform.pk)
    poison, good = cast.notice(matched_at=None, terms=UNREADABLE), cast.notice(matched_at=None)
    return Case(
        poison,
        lambda: Notice.objects.get(pk=good.pk).matched_at is not None and good.flags.filter(status="open").exists(),
    )


def listing_to_match(cast: Cast) -> Case:
    notice = cast.notice()
    poison, good = (ListingFactory(platform=cast.platform, match_due=True) for _ in range(2))
    cast.refuse(poison)
    return Case(poison, lambda: notice.flags.filter(listing=good).exists())


def held_back(cast: Cast) -> Case:
    notice = cast.notice()
    poison, good = (
        HeldMatch.objects.create(
            notice=notice,
            version=notice.version,
            regulator=cast.regulator,
            listing=(listing := ListingFactory(platform=cast.platform)),
            listing_digest=listing.digest,
            score=0.9,
        )
        for _ in range(2)
    )
    cast.refuse(poison)
    return Case(poison, lambda: notice.flags.filter(listing=good.listing).exists())


def new_version(cast: Cast) -> Case:
    poison = cast.flag()
    good = FlagFactory(notice=poison.notice, listing=ListingFactory(platform=cast.platform), opened_at=timezone.now())
    listings.begin_coverage_check(notice=poison.notice)
    cast.refuse(poison)
    return Case(poison, lambda: Flag.objects.get(pk=good.pk).judged_by_id is not None)


def codes(cast: Cast) -> Case:
    poison, good = OrganisationFactory(), OrganisationFactory()
    for platform in (poison, good):
        CatalogueImport.objects.create(
            platform=platform, kind="delta", filename="a.csv", status="done", finished_at=timezone.now()
        )
        CodeCheck.objects.create(platform=platform, checked_at=timezone.now() - timedelta(hours=2))
    cast.refuse(poison.code_check)
    recent = timezone.now() - timedelta(minutes=1)
    return Case(poison, lambda: CodeCheck.objects.filter(platform=good, checked_at__gt=recent).exists())


def removal(cast: Cast) -> Case:
    poison, good = (cast.flag(status="removed") for _ in range(2))
    for flag in (poison, good):
        Decision.objects.create(flag=flag, kind="removed", score=1, actor_kind="person", actor_label="Nia")
    Flag.objects.filter(pk=poison.pk).update(listing_as_flagged=["no fields"])
    return Case(poison, lambda: RemovalTrace.objects.filter(flag=good).exists())


def picture_search(cast: Cast) -> Case:
    poison, good = (cast.flag(status="removed") for _ in range(2))
    for flag in (poison, good):
        Listing.objects.filter(pk=flag.listing_id).update(picture_hash="0" * HASH_LENGTH)
        RemovalTrace.objects.create(flag=flag, platform=flag.platform)
    Flag.objects.filter(pk=poison.pk).update(listing_as_flagged=["no fields"])
    searched = RemovalTrace.objects.filter(flag=good, pictures_sought_at__isnull=False)
    return Case(RemovalTrace.objects.get(flag=poison), searched.exists)


def step(cast: Cast) -> Case:
    due = {"next_step_at": timezone.now() - timedelta(seconds=9)}
    poison, good = cast.takedown(terms=UNREADABLE, **due), cast.takedown(**due)
    return Case(poison, lambda: Escalation.objects.filter(takedown=good).exists())


def check(cast: Cast) -> Case:
    Organisation.objects.filter(pk=cast.platform.pk).update(listing_url_pattern="")
    poison, good = cast.takedown("claimed_removed", terms=UNREADABLE), cast.takedown("claimed_removed")
    CheckPlan.objects.update(next_at=timezone.now())
    CheckPlan.objects.filter(pk=poison.pk).update(attempts=7)
    Listing.objects.update(link="")
    return Case(poison, good.observations.exists, lambda row: Takedown.objects.get(pk=row.pk).check_plan.error, "")


def feed(cast: Cast) -> Case:
    poison, good = cast.takedown("claimed_removed", terms=UNREADABLE), cast.takedown("claimed_removed")
    Listing.objects.update(present=False)
    CatalogueImport.objects.create(platform=cast.platform, kind="full", filename="f.csv", status="done")
    return Case(poison, lambda: good.observations.filter(source="feed").exists())


def picture(cast: Cast) -> Case:
    poison, good = (
        cast.flag(listing=ListingFactory(platform=cast.platform, image_link=f"http://127.0.0.1:9/{name}.jpg")).listing
        for name in "ab"
    )
    cast.refuse(poison)
    return Case(poison, lambda: Listing.objects.get(pk=good.pk).picture_seen_at is not None)


def subscription(cast: Cast) -> Case:
    """The poison's filters name a platform that is none: a filter left out would tell of everything."""
    views = [
        SavedView.objects.create(
            person=cast.admin, organisation=cast.regulator, page="portal:audit", name=query[:9], query=query
        )
        for query in ("organisation=987654321", "action=key.revoked")
    ]
    poison, _ = [portal_services.subscribe(view=view, actor=Actor.person(cast.admin)) for view in views]
    event = audit.event_for(actor=Actor.system("test"), action="key.revoked", subject=cast.regulator)
    event.at = timezone.now() - timedelta(hours=1)
    audit.record_many([event])
    audit.seal_events()
    return Case(poison, Notification.objects.filter(key__startswith="audit-subscription:").exists)


CASES: dict[str, tuple[Callable[[Cast], Case], ...]] = {
    "portal.tasks.send_mail_due": (mail,),
    "portal.tasks.send_hooks_due": (hook,),
    "portal.tasks.run_exports_due": (export,),
    "portal.tasks.apply_retention": (old_export,),
    "portal.tasks.erase_people": (erasure,),
    "portal.tasks.answer_password_requests": (password_request,),
    "portal.tasks.begin_absences": (absence,),
    "portal.tasks.notify_subscribers": (subscription,),
    "portal.tasks.lock_inactive_people": (inactive_person,),
    "recalls.tasks.confirm_deliveries": (delivery,),
    "recalls.tasks.publish_embargoed_due": (embargo,),
    "recalls.tasks.run_recall_imports_due": (recall_import,),
    "recalls.tasks.fetch_recall_feeds_due": (recall_feed,),
    "recalls.tasks.find_incidents_due": (incident_search,),
    "recalls.tasks.refresh_findability_due": (findability,),
    "listings.tasks.fetch_scheduled_feeds_due": (scheduled_feed,),
    "listings.tasks.run_imports_due": (catalogue_import,),
    "listings.tasks.run_dry_runs_due": (dry_run,),
    "listings.tasks.expire_exclusions": (exclusion,),
    "listings.tasks.finalize_decisions_due": (decision, silent_seller),
    "listings.tasks.check_codes_due": (codes,),
    "listings.tasks.learn_removals_due": (removal,),
    "listings.tasks.seek_pictures_due": (picture_search,),
    "listings.tasks.match_notices_due": (notice_to_match,),
    "listings.tasks.match_listings_due": (listing_to_match,),
    "listings.tasks.follow_held_due": (held_back,),
    "listings.tasks.check_coverage_due": (new_version,),
    "enforcement.tasks.sweep_escalations": (step,),
    "enforcement.tasks.observe_due": (check,),
    "enforcement.tasks.observe_feeds_due": (feed,),
    "enforcement.tasks.check_pictures_due": (picture,),
}
WITHOUT_ROWS = {
    "portal.tasks.seal_audit": "it seals events that are committed, whatever they say",
    "portal.tasks.stamp_audit": "it asks one authority for one stamp",
    "portal.tasks.anchor_audit": "it leaves one anchor",
    "enforcement.tasks.watch_clocks": "tests/enforcement/test_deadline_monitor.py breaks each of its checks",
}


@pytest.mark.parametrize(
    ("task", "make"),
    [pytest.param(task, make, id=make.__name__) for task, makes in CASES.items() for make in makes],
)
def test_the_row_behind_a_broken_one_is_dealt_with_and_the_alarm_rings(
    task: str, make: Callable[[Cast], Case], cast: Cast
) -> None:
    case = make(cast)
    current_app.tasks[task]()
    assert case.is_done()
    assert case.error(case.poison)
    assert case.alarm in enforcement.watch_clocks().problem


def test_every_periodic_task_has_a_case(settings: Any) -> None:
    periodic = {entry["task"] for entry in queues.SCHEDULE.values()}
    assert periodic == {*CASES, *WITHOUT_ROWS}


def test_two_hundred_notices_that_nobody_got_hold_up_no_later_delivery(cast: Cast) -> None:
    version = RecallFactory(regulator=cast.regulator).current
    recalls = Recall.objects.bulk_create(
        Recall(regulator=cast.regulator, number=f"26-{number}", title="T", status="published") for number in range(201)
    )
    sent: dict[str, Any] = {"version": version, "platform": cast.platform, "terms": {}, "sent_at": timezone.now()}
    rows = Notice.objects.bulk_create(Notice(recall=recall, **sent) for recall in recalls)
    Mail.objects.create(
        key=f"notice:{rows[-1].pk}:{cast.platform.contact_email}", to="x@example.org", subject="S", body="…", status="sent"
    )  # fmt: skip
    current_app.tasks["recalls.tasks.confirm_deliveries"]()
    assert list(Notice.objects.exclude(delivered_at=None)) == [rows[-1]]
