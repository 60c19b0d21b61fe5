"""Policies as laws, pledges and regulators state them, each with its source."""

from dataclasses import replace

from django.utils.translation import gettext, gettext_noop

from enforcement.models import Policy
from enforcement.services import PolicyContent, create_policy
from portal.identity.actors import Actor
from portal.models import Organisation

DAY = 86_400
_BY_DAYS = (
    ("reminder", -DAY // 2),
    ("missed", 0),
    ("contact", 1800),
    ("officer", 3600),
    ("letter", DAY),
    ("naming", 5 * DAY),
)
PRESETS = (
    PolicyContent(
        name="CPSC priority: 6 hours", amount=6, unit="hours", time_zone="America/New_York",
        description=gettext_noop("The CPSC's priority list for marketplaces: each listing gone within hours of the notice."),
        steps=(("reminder", -2 * 3600), ("missed", 0), ("contact", 1800), ("officer", 3600), ("letter", DAY), ("naming", 3 * DAY)),
    ),
    PolicyContent(
        name="China: 24 hours", amount=24, unit="hours", country="CN", time_zone="Asia/Shanghai",
        description=gettext_noop("Chinese platforms' practice on notices of the market regulator: removal within 24 hours."),
        steps=(("reminder", -4 * 3600), ("missed", 0), ("contact", 1800), ("officer", 3600), ("letter", DAY), ("naming", 3 * DAY)),
    ),
    PolicyContent(
        name="Product safety pledge: 2 business days", amount=2, unit="working_days", starts_on="delivered", time_zone="America/New_York",
        description=gettext_noop("Product safety pledges of the EU, Australia and Canada: two business days from a regulator's notice."), steps=_BY_DAYS,
    ),
    PolicyContent(
        name="Japan pledge: 2 business days", amount=2, unit="working_days", starts_on="delivered", begins="next_working_day",
        country="JP", time_zone="Asia/Tokyo",
        description=gettext_noop("Japan's product safety pledge of 2023: two business days, counted from the next business day."), steps=_BY_DAYS,
    ),
    PolicyContent(
        name="GPSR order: 2 working days", amount=2, unit="working_days", starts_on="delivered", country="DE", time_zone="Europe/Brussels",
        description=gettext_noop("Regulation (EU) 2023/988, Article 22(6): orders of market surveillance authorities, two working days."), steps=_BY_DAYS,
    ),
    PolicyContent(
        name="GPSR notice: 3 working days", amount=3, unit="working_days", starts_on="delivered", country="DE", time_zone="Europe/Brussels",
        description=gettext_noop("Regulation (EU) 2023/988, Article 22(12): notices on product safety, three working days."), steps=_BY_DAYS,
    ),
)  # fmt: skip

BEGINNINGS = (
    ("hours", gettext_noop("Within hours"), PolicyContent(
        name="Within hours", amount=6, unit="hours",
        steps=(("reminder", -2 * 3600), ("missed", 0), ("officer", 3600), ("letter", DAY)),
    )),
    ("day", gettext_noop("24 hours"), PolicyContent(
        name="24 hours", amount=24, unit="hours",
        steps=(("reminder", -4 * 3600), ("missed", 0), ("officer", 3600), ("letter", 0, 1)),
    )),
    ("two-days", gettext_noop("2 working days"), PolicyContent(
        name="2 working days", amount=2, unit="working_days", starts_on="delivered",
        steps=(("reminder", -DAY // 2), ("missed", 0), ("officer", 3600), ("letter", 0, 1), ("naming", 0, 5)),
    )),
    ("three-days", gettext_noop("3 working days"), PolicyContent(
        name="3 working days", amount=3, unit="working_days", starts_on="delivered",
        steps=(("reminder", -DAY // 2), ("missed", 0), ("officer", 3600), ("letter", 0, 1), ("naming", 0, 5)),
    )),
)  # fmt: skip
"""What a new policy can begin with: key, label and content; country and time zone are those of the regulator."""


def beginning(key: str, regulator: Organisation) -> PolicyContent:
    """The content that a new policy begins with, named in the reader's language; for an unknown key, the first."""
    label, found = next(((label, content) for each, label, content in BEGINNINGS if each == key), BEGINNINGS[0][1:])
    country = regulator.country or found.country
    return replace(found, name=gettext(label), country=country, time_zone=regulator.time_zone)


def install_presets(*, regulator: Organisation, actor: Actor) -> list[Policy]:
    """Create the presets that a regulator does not have yet, by name."""
    known = set(Policy.objects.filter(regulator=regulator).values_list("name", flat=True))
    return [
        create_policy(regulator=regulator, content=preset, actor=actor)
        for preset in PRESETS
        if preset.name not in known
    ]
