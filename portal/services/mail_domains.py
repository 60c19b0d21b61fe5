"""Whose a mail domain is: who speaks for it signs its people on, and keeps their accounts."""

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext

from portal.database.acting import as_system
from portal.identity.actors import Actor
from portal.models import Organisation, Provisioning, Role, SingleSignOn, User

_LOCK = 0x0FF5_0041  # advisory lock: who gives somebody a mail domain


def one_speaker_at_a_time() -> None:
    """Have everybody else who gives a mail domain to an organisation wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def require_own_domains(domains: list[str], organisation: Organisation, actor: Actor) -> None:
    """Raise ValidationError for a mail domain that another organisation speaks for, or whose people are another's.

    Operators, who know whose it is, may give one to an organisation where others have people at it, as companies of a group
    do. An admin may not: whoever speaks for a domain leads its people to a provider of their own at sign-in, and learns
    which addresses have accounts. The caller holds the lock of `one_speaker_at_a_time`.
    """
    for domain in domains:
        if _is_anothers(domain, organisation, by_people=actor.regulator_id is not None):
            detail = gettext("The mail domain %(domain)s belongs to another organisation.") % {"domain": domain}
            raise ValidationError({"domains": detail})


@as_system("a mail domain belongs to one organisation, whoever may see which")
def _is_anothers(domain: str, organisation: Organisation, *, by_people: bool) -> bool:
    others = ~Q(organisation=organisation)
    named = (model.objects.filter(others, domains__contains=[domain]) for model in (SingleSignOn, Provisioning))
    if any(rows.exists() for rows in named):
        return True
    people = User.objects.filter(others, email__endswith=f"@{domain}", is_active=True).exclude(role=Role.OPERATOR)
    return by_people and people.exists()
