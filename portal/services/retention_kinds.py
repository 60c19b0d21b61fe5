"""What portal itself deletes after some days."""

from collections.abc import Collection, Sequence
from contextlib import suppress

from django.db.models import F, Func, IntegerField, Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext_noop

from portal.identity.actors import Actor
from portal.models import (
    Absence,
    AccountLink,
    Export,
    FactorReset,
    Hook,
    HookAttempt,
    KeptAnswer,
    Mail,
    Notification,
    Organisation,
    Session,
    User,
)
from portal.models.jobs import JobStatus
from portal.retention.files import delete_rows, digest_of_file
from portal.retention.registry import Holdable, Kind, register, register_holdable
from portal.services.exports import NotKept, delete_export


def _export_files() -> QuerySet[Export]:
    return Export.objects.exclude(file="")


def _delete_export_files(rows: Sequence[Export]) -> None:
    for row in rows:
        with suppress(NotKept):  # someone else did
            delete_export(export=row, actor=Actor.system("exports"))


def _export_records() -> QuerySet[Export]:
    return Export.objects.filter(status__in=(JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED), file="")


def _mails() -> QuerySet[Mail]:
    return Mail.objects.filter(status=Mail.Status.SENT).exclude(body="")


def _empty(rows: Sequence[Mail]) -> None:
    Mail.objects.filter(pk__in=[row.pk for row in rows]).update(body="")


def _to_held_people(keys: Collection[int]) -> Q:
    return Q(to__in=User.objects.filter(pk__in=keys).values("email"))


def _to_held_organisations(keys: Collection[int]) -> Q:
    contacts = Organisation.objects.filter(pk__in=keys).exclude(contact_email="").values("contact_email")
    return Q(to__in=contacts) | Q(to__in=User.objects.filter(organisation__in=keys).values("email"))


def _delete_links(rows: Sequence[AccountLink]) -> None:
    """The mails that brought them stay, as any mail does."""
    Mail.objects.filter(account_link__in=rows).exclude(status=Mail.Status.QUEUED).update(account_link=None)
    delete_rows(rows)


register_holdable(
    Holdable("portal.organisation", gettext_noop("Platform or regulator"), "name__iexact"),
    Holdable("portal.user", gettext_noop("Person"), "email__iexact"),
)
register(
    Kind(
        name="export_files",
        title=gettext_noop("Exported files"),
        detail=gettext_noop("Files that people exported. A file keeps the date that it was given when it was made."),
        days=Export.KEPT.days,
        min_days=1,
        since="kept_until",
        rows=_export_files,
        erase=_delete_export_files,
        held={"portal.organisation": "organisation", "portal.user": "person"},
        stated=digest_of_file("file"),
        size=F("size"),
        file="file",
        dated=True,
    ),
    Kind(
        name="export_records",
        title=gettext_noop("Records of exports"),
        detail=gettext_noop("Finished exports without a file. The audit log still says who exported what."),
        days=365,
        min_days=30,
        since="created_at",
        rows=_export_records,
        erase=delete_rows,
        held={"portal.organisation": "organisation", "portal.user": "person"},
    ),
    Kind(
        name="mail_bodies",
        title=gettext_noop("Texts of sent mails"),
        detail=gettext_noop("Texts of mails that were accepted. To whom, when and about what stays."),
        days=365,
        min_days=30,
        since="sent_at",
        rows=_mails,
        erase=_empty,
        held={"portal.user": _to_held_people, "portal.organisation": _to_held_organisations},
        size=Func(F("body"), function="octet_length", output_field=IntegerField()),
    ),
    Kind(
        name="notifications",
        title=gettext_noop("Read inbox messages"),
        detail=gettext_noop("Messages in the inbox that their reader has read."),
        days=365,
        min_days=30,
        since="read_at",
        rows=lambda: Notification.objects.exclude(read_at=None),
        erase=delete_rows,
        held={"portal.user": "person", "portal.organisation": "organisation"},
    ),
    Kind(
        name="absences",
        title=gettext_noop("Past absences"),
        detail=gettext_noop("When people were away and who stood in. The audit log still says so."),
        days=365,
        min_days=30,
        since="ends_at",
        rows=Absence.objects.all,
        erase=delete_rows,
        held={"portal.user": "person", "portal.organisation": "organisation"},
    ),
    Kind(
        name="webhook_attempts",
        title=gettext_noop("Webhook attempts"),
        detail=gettext_noop("What each attempt sent to a program and what it answered."),
        days=30,
        min_days=7,
        since="at",
        rows=HookAttempt.objects.all,
        erase=delete_rows,
        held={"portal.organisation": "hook__organisation"},
        size=Length("answer"),
    ),
    Kind(
        name="webhook_deliveries",
        title=gettext_noop("Webhook deliveries"),
        detail=gettext_noop("Deliveries that were taken, or failed for good, with their attempts."),
        days=365,
        min_days=30,
        since="created_at",
        rows=lambda: Hook.objects.exclude(status=Hook.Status.QUEUED),
        erase=delete_rows,
        held={"portal.organisation": "organisation"},
    ),
    Kind(
        name="kept_answers",
        title=gettext_noop("Answers kept for repeated API calls"),
        detail=gettext_noop(
            "Answers to calls with an Idempotency-Key. They serve for 24 hours, however long they stay."
        ),
        days=KeptAnswer.KEPT.days,
        min_days=KeptAnswer.KEPT.days,
        since="created_at",
        rows=KeptAnswer.objects.all,
        erase=delete_rows,
        held={"portal.organisation": "organisation"},
    ),
    Kind(
        name="sessions",
        title=gettext_noop("Ended sessions"),
        detail=gettext_noop("Sign-ins that have expired. The audit log still says who signed in when."),
        days=1,
        min_days=0,
        since="expire_date",
        rows=Session.objects.all,
        erase=delete_rows,
        held={"portal.user": "person"},
        stated=lambda row: row.handle,
    ),
    Kind(
        name="account_links",
        title=gettext_noop("Expired invitations and password links"),
        detail=gettext_noop("Links from mails that open nothing any more."),
        days=30,
        min_days=1,
        since="expires_at",
        rows=AccountLink.objects.all,
        erase=_delete_links,
        held={"portal.user": "person"},
    ),
    Kind(
        name="factor_resets",
        title=gettext_noop("Closed requests to reset a second factor"),
        detail=gettext_noop("Requests that were confirmed, refused or forgotten. The audit log still has them."),
        days=365,
        min_days=30,
        since="expires_at",
        rows=FactorReset.objects.all,
        erase=delete_rows,
        held={"portal.user": "person"},
    ),
)
