"""A database that sorts texts as a language does works, and is named: an upgrade of the system can break its indexes."""

import pytest

from portal.database import sorting
from portal.system_checks import texts_sort_by_their_bytes


@pytest.mark.parametrize(
    ("provider", "locale", "named"),
    [
        ("b", "C", ""),
        ("c", "C", ""),
        ("c", "C.UTF-8", ""),
        ("c", "en_US.UTF-8", "en_US.UTF-8"),
        ("c", "de_DE@euro", "de_DE@euro"),
        ("i", "en_US.UTF-8", "ICU's en_US.UTF-8"),
    ],
)
def test_an_order_of_a_language_is_named(provider: str, locale: str, named: str) -> None:
    assert sorting.by_language(provider, locale) == named


@pytest.mark.django_db
def test_the_check_asks_the_database_that_is_there() -> None:
    """The embedded one sorts by bytes; DATABASE_URL may name another."""
    order = sorting.order_of_a_language()
    assert [message.id for message in texts_sort_by_their_bytes(databases=["default"])] == ["offshelf.W006"] * bool(
        order
    )


def test_the_check_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "order_of_a_language", lambda: "en_US.UTF-8")
    (message,) = texts_sort_by_their_bytes(databases=["default"])
    assert message.id == "offshelf.W006"
    assert "sorts texts as en_US.UTF-8 does" in message.msg
    assert "Restore a backup" in str(message.hint)
    assert texts_sort_by_their_bytes() == [], "nobody asked for the database"
