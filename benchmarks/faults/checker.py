"""The checks after the drill, whatever happened in it; every finding is one line that names its row."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from benchmarks.faults.load import Load
from benchmarks.faults.outside import GONE
from enforcement.models import Escalation, Takedown
from enforcement.states import OPEN
from listings.models import Attachment, Flag, Listing
from listings.services import Damaged, content_of
from portal import audit
from portal.models import AuditEvent, Export, Hook, Mail
from recalls.models import Notice

POISON = "Drill"  # written by poison.py instead of the reason of a service
ONE_SWEEP = timedelta(seconds=10)


@dataclass
class Findings:
    """What is wrong: `lost` should have happened and did not, `doubled` happened twice, `false` was never proved."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        for kind in ("lost", "doubled", "false"):
            for line in getattr(self, kind):
                yield f"{kind}: {line}"


def findings(load: Load) -> Findings:
    """Compare the database with what the outside world received."""
    found = Findings()
    _matching(load, found)
    _ladder(found)
    _states(load, found)
    _deliveries(load, found)
    _files(found)
    _events(found)
    return found


def _matching(load: Load, found: Findings) -> None:
    unmatched = Notice.objects.active().filter(matched_at=None, recall__number__in=[case.number for case in load.cases])
    found.lost += [f"notice {notice.pk} was not matched" for notice in unmatched]
    for case in load.cases:
        flags = Flag.objects.filter(listing__platform=case.platform, listing__external_id=case.listing)
        if (count := flags.count()) != 1:
            kept = found.lost if count == 0 else found.doubled
            kept.append(f"listing {case.listing} of {case.platform} has {count} flags")
    waiting = Listing.objects.filter(match_due=True, external_id__regex="^[LN]-[0-9]+$").count()
    if waiting:
        found.lost.append(f"{waiting} listings wait for matching")


def _ladder(found: Findings) -> None:
    now = timezone.now()
    real = Takedown.objects.exclude(start_reason=POISON)
    late = real.filter(status__in=OPEN, next_step_at__lt=now - ONE_SWEEP, paused_at=None)
    found.lost += [
        f"the step of takedown {row.pk} has been due since {row.next_step_at} and was not raised" for row in late
    ]
    rows = Escalation.objects.values("takedown", "step").annotate(count=Count("pk")).filter(count__gt=1)
    found.doubled += [
        f"step {row['step']} of takedown {row['takedown']} was raised {row['count']} times" for row in rows
    ]
    raised = AuditEvent.objects.filter(action="escalation.raised").values("after__takedown", "after__step")
    events = raised.annotate(count=Count("pk")).filter(count__gt=1)
    found.doubled += [f"the audit has {row['count']} events of one step: {row}" for row in events]
    missed = real.filter(status="running", due_at__lt=now - ONE_SWEEP, paused_at=None)
    found.lost += [f"takedown {row.pk} is late and not missed" for row in missed]


def _states(load: Load, found: Findings) -> None:
    proved = Flag.objects.filter(Q(status="removed") | Q(takedown__met_at__isnull=False)).select_related("listing")
    for flag in proved.exclude(listing__external_id__in=load.truth.ever_gone):
        page = load.truth.pages.get(flag.listing.external_id, flag.listing.link)
        found.false.append(f"flag {flag.pk} is proved removed; its page was never taken down: {page}")
    for case in load.cases:
        if case.flag is None:
            continue
        flag = Flag.objects.select_related("takedown").get(pk=case.flag)
        if load.truth.pages[case.listing] == GONE and case.state == "gone" and flag.status != "removed":
            found.lost.append(f"flag {flag.pk} is {flag.status}; its page is gone ({case.plot}). {_checks_of(flag)}")
        if case.state == "back" and flag.status == "removed":
            found.lost.append(f"flag {flag.pk} is still removed; its page came back")
        if case.plot == "dismissed" and case.state == "decided" and flag.status != "dismissed":
            found.lost.append(f"flag {flag.pk} was dismissed and is {flag.status}")


def _checks_of(flag: Flag) -> str:
    """The newest checks of a flag's listing, to explain a finding."""
    newest = flag.takedown.observations.order_by("-pk").values_list("verdict", "rule")[:4]
    due = flag.takedown.check_plan.next_at
    return f"Newest checks: {', '.join(f'{verdict} ({rule})' for verdict, rule in newest) or 'none'}; next at {due}"


def _deliveries(load: Load, found: Findings) -> None:
    sent = Mail.objects.filter(status="sent").exclude(key__startswith="poison:")
    for mail in sent.exclude(sent_as="").values("pk", "sent_as", "to"):
        if mail["to"] not in load.truth.mails.get(mail["sent_as"], ()):
            found.lost.append(f"mail {mail['pk']} counts as sent but no server received it")
    waiting = Mail.objects.filter(status__in=["queued", "failed"], to__endswith=".example").count()
    if waiting:
        found.lost.append(f"{waiting} mails were not sent")
    for hook in Hook.objects.filter(organisation__in=load.cast.platforms):
        if hook.status == "sent" and not load.truth.hooks[hook.key]:
            found.lost.append(f"webhook message {hook.pk} counts as delivered but no receiver got it")
        elif hook.status != "sent":
            found.lost.append(f"webhook message {hook.pk} is {hook.status}")


def _files(found: Findings) -> None:
    """A file is complete or missing, and every requested export is done or says why it failed."""
    for export in Export.objects.all():
        if not export.is_over:
            found.lost.append(f"export {export.pk} is {export.status}")
        elif export.status == "failed" and not export.error:
            found.lost.append(f"export {export.pk} failed without a reason")
        elif export.status == "done" and _size_of(export.file.path) != export.size:
            found.lost.append(f"export {export.pk} is done but its file differs from what was written")
    for row in Attachment.objects.all():
        try:
            content_of(row)
        except (Damaged, OSError) as error:
            found.lost.append(f"attachment {row.pk} differs from what was stored: {error}")


def _size_of(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return -1


def _events(found: Findings) -> None:
    """Every state has its event, and the chain is complete."""
    by_service = "EXISTS (SELECT 1 FROM listings_listing l WHERE l.id = row.listing_id AND l.external_id !~ '^Y-')"
    for model, subject, real in (
        (Flag, "listings.flag", by_service),
        (Takedown, "enforcement.takedown", f"row.start_reason <> '{POISON}'"),
        (Notice, "recalls.notice", "true"),
    ):
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT row.id, row.status FROM {model._meta.db_table} row WHERE {real} AND NOT EXISTS (
                    SELECT 1 FROM portal_auditevent e WHERE e.subject_type = %s AND e.subject_id = row.id::text
                    AND (e.after->>'status' = row.status OR row.status IN ('open', 'running', 'active')))""",  # noqa: S608
                [subject],
            )
            found.lost += [f"{subject} {pk} is {status} without an event" for pk, status in cursor.fetchall()]
    report = audit.verify_chain()
    if report.problem or report.unsealed:
        found.lost.append(
            f"the audit chain is not complete: {report.problem or f'{report.unsealed} events have no seal'}"
        )
