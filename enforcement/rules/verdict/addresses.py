"""What an address alone shows: a shop's home page, a search, a sign-in or a consent page."""

import re


def _one_of(names: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[/._-])(?:{'|'.join(names.split())})(?:[/._?-]|$)", re.IGNORECASE)


SEARCH = re.compile(
    r"(?:^|/)(?:search|suche|recherche|buscar|busqueda|s|sch|zoeken|szukaj|ara|cerca|sok|haku|hledat|results?|find|catalogsearch|w)(?:/|$|\.)",
    re.IGNORECASE,
)
HOME = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home|default|start)(?:\.\w+)?/?)?", re.IGNORECASE)
SIGN_IN = _one_of(
    "log-?in sign-?in sso auth oauth2? anmelden einloggen connexion identification acceso iniciar-sesion entrar accedi inloggen "
    "logowanie zaloguj giris logga-in kirjaudu passport member-?login"
)
CONSENT = _one_of(
    "consent cookie-?wall cookie-?consent gdpr age-?(?:check|gate|verification) before-you-continue privacy-?gate"
)
# Parameters with the next address: the listing's id in them does not mean that we reached it.
ONWARD = frozenset((
    "next", "continue", "return", "returnurl", "return_to", "returnto", "returnuri", "redirect", "redirect_uri",
    "goto", "back", "from", "weiter", "u", "url", "r", "dest", "target", "ref", "retour",
))  # fmt: skip
