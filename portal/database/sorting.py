"""How the database sorts texts: by their bytes, or as a language does, which changes with the C library or with ICU."""

from django.db import connection

_BY_BYTES = frozenset({"C", "POSIX", "C.UTF-8", "C.utf8"})
_BUILT_IN = "b"  # PostgreSQL's own provider, from 17 on, which knows no language


def order_of_a_language() -> str:
    """The locale by which the database sorts texts; empty where it sorts by bytes. Raises DatabaseError."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT datlocprovider, datcollate FROM pg_database WHERE datname = current_database()")
        provider, locale = cursor.fetchone()
    return by_language(provider, locale)


def by_language(provider: str, locale: str) -> str:
    """The same of what pg_database says."""
    if provider == _BUILT_IN or (provider == "c" and locale in _BY_BYTES):
        return ""
    return locale if provider == "c" else f"ICU's {locale}"
