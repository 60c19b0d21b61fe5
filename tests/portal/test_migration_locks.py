"""New migrations run beside a working installation: what would lock a large table is found, with the way around it."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.core.management import CommandError, call_command
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models import Q

from portal.database import migration_locks

MAIL, PULSE = "mail", "pulse"
CHECK = models.CheckConstraint(condition=Q(attempts__lt=99), name="few")
INDEX = models.Index(fields=["error"], name="by_error")


def told(*operations: Any, atomic: bool = True) -> list[str]:
    kind = type("Migration", (migrations.Migration,), {"operations": list(operations), "atomic": atomic})
    loader = MigrationLoader(None)
    return migration_locks.problems_of(kind("9999_new", "portal"), loader.project_state())


@pytest.mark.parametrize(
    ("operation", "says"),
    [
        (migrations.AddIndex(MAIL, INDEX), "use AddIndexConcurrently"),
        (AddIndexConcurrently(MAIL, INDEX), "needs a migration with atomic = False"),
        (migrations.AddConstraint(MAIL, CHECK), "use AddConstraintNotValid"),
        (migrations.AddConstraint(MAIL, models.UniqueConstraint(fields=["to", "key"], name="u")), "unique index CONCURRENTLY"),
        (migrations.AddField(MAIL, "lane", models.CharField(max_length=9, default="")), "has no db_default"),
        (migrations.AddField(PULSE, "lane", models.CharField(max_length=9, default="")), "has no db_default"),
        (migrations.AddField(MAIL, "lane", models.IntegerField(null=True, db_index=True)), "leave db_index off"),
        (migrations.AlterField(MAIL, "attempts", models.BigIntegerField(default=0)), "from smallint to bigint writes the whole"),
        (migrations.AlterField(MAIL, "subject", models.CharField(max_length=20)), "writes the whole table again"),
        (migrations.AlterField(MAIL, "sent_at", models.DateTimeField()), "NOT NULL reads the whole table"),
        (migrations.AlterField(MAIL, "subject", models.CharField(max_length=200, db_index=True)), "its index locks"),
        (migrations.RunSQL("CREATE UNIQUE INDEX x ON portal_mail (error)"), "not made CONCURRENTLY"),
    ],
)  # fmt: skip
def test_what_would_lock_a_large_table_is_found(operation: Any, says: str) -> None:
    (sentence,) = told(operation)
    assert says in sentence
    assert sentence.startswith("portal.9999_new, portal.")


def test_what_runs_beside_others_passes() -> None:
    assert not told(AddIndexConcurrently(MAIL, INDEX), atomic=False)
    assert not told(
        AddConstraintNotValid(MAIL, CHECK),
        migrations.AddField(MAIL, "lane", models.CharField(max_length=9, default="", db_default="")),
        migrations.AddField(MAIL, "note", models.TextField(null=True)),
        migrations.AlterField(MAIL, "subject", models.CharField(max_length=300)),
        migrations.AlterField(MAIL, "subject", models.TextField()),
        migrations.RemoveIndex(MAIL, "mail_due"),
        migrations.AddIndex(PULSE, models.Index(fields=["at"], name="by_at")),
        migrations.RunSQL("CREATE INDEX CONCURRENTLY x ON portal_mail (error)"),
        migrations.CreateModel("Lane", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]),
        migrations.AddField("lane", "mail", models.ForeignKey("portal.Mail", models.CASCADE)),
        migrations.AddIndex("lane", models.Index(fields=["name"], name="lane_by_name")),
    )


def test_the_shipped_migrations_pass_and_the_command_says_what_does_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_migration_locks")
    assert "lock no large table" in capsys.readouterr().out
    monkeypatch.setattr(migration_locks, "BASELINE", dict.fromkeys(migration_locks.BASELINE, "0001"))
    with pytest.raises(CommandError, match="use AddIndexConcurrently"):
        call_command("check_migration_locks")


def test_the_large_tables_and_the_baseline_exist_and_make_check_asks() -> None:
    assert {apps.get_model(name)._meta.label_lower for name in migration_locks.LARGE} == migration_locks.LARGE
    known = MigrationLoader(None).disk_migrations or {}
    for app, number in migration_locks.BASELINE.items():
        assert [name for label, name in known if label == app and name.startswith(number)]
    makefile = Path(__file__).resolve().parent.parent.parent / "Makefile"
    assert "manage.py check_migration_locks" in makefile.read_text()
