"""Who the demo knows: two platforms, a regulator and who operates the site; with a past, two more platforms and a second regulator."""

from typing import NamedTuple

REGULATOR = {
    "kind": "regulator",
    "name": "Product Safety Commission (demo)",
    "slug": "commission",
    "time_zone": "America/New_York",
    "country": "US",
    "contact_email": "duty@commission.example",
}
SECOND_REGULATOR = {
    "kind": "regulator",
    "name": "Market Surveillance Office (demo)",
    "slug": "market-office",
    "time_zone": "Europe/Brussels",
    "country": "DE",
    "contact_email": "duty@market-office.example",
}


class Person(NamedTuple):
    """An account of the demo. Those whose password is printed are the ones a visitor needs."""

    email: str
    name: str
    role: str
    organisation: str


def _platform(name: str, slug: str, time_zone: str, country: str) -> dict[str, str]:
    return {
        "kind": "platform", "name": name, "slug": slug, "time_zone": time_zone, "country": country,
        "contact_email": f"safety@{slug}.example",
    }  # fmt: skip


PLATFORMS = (
    _platform("Bazaarly", "bazaarly", "Asia/Shanghai", "CN"),
    _platform("Market One", "market-one", "Europe/Berlin", "DE"),
)
MORE_PLATFORMS = (
    _platform("Cartello", "cartello", "Europe/Madrid", "ES"),
    _platform("Hyperlot", "hyperlot", "America/Chicago", "US"),
)
OPERATOR = {
    "kind": "operator",
    "name": "Site operator (demo)",
    "slug": "operator",
    "time_zone": "Europe/Berlin",
    "country": "DE",
    "contact_email": "duty@operator.example",
}
PEOPLE = (
    Person("ada@commission.example", "Ada Lindqvist", "regulator_staff", "commission"),
    Person("tomas@commission.example", "Tomas Berg", "regulator_staff", "commission"),
    Person("nia@bazaarly.example", "Nia Adeyemi", "moderator", "bazaarly"),
    Person("omar@bazaarly.example", "Omar Haddad", "platform_manager", "bazaarly"),
    Person("jonas@market-one.example", "Jonas Brandt", "moderator", "market-one"),
    Person("ines@commission.example", "Ines Duarte", "admin", "commission"),
    Person("olga@operator.example", "Olga Marin", "operator", "operator"),
)
MORE_PEOPLE = (
    Person("lena@market-office.example", "Lena Vogt", "regulator_staff", "market-office"),
    Person("pieter@market-office.example", "Pieter Claes", "regulator_staff", "market-office"),
    Person("marta@market-office.example", "Marta Novak", "admin", "market-office"),
    Person("greta@market-one.example", "Greta Sommer", "platform_manager", "market-one"),
    Person("lucia@cartello.example", "Lucia Romero", "moderator", "cartello"),
    Person("diego@cartello.example", "Diego Santos", "platform_manager", "cartello"),
    Person("wes@hyperlot.example", "Wes Carter", "moderator", "hyperlot"),
    Person("dana@hyperlot.example", "Dana Pruitt", "platform_manager", "hyperlot"),
)
