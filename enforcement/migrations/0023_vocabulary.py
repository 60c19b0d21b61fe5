"""Fields, tables and indexes take the words of the one vocabulary; no row is lost, and frozen terms are rewritten in place.

A condition of an index or a constraint follows its column by itself in PostgreSQL: here only its name changes, and what
Django knows of it.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from recalls.vocabulary import rename_terms

RENAMES = {
    "escalation": {"rung": "step", "told_in": "notified_in"},
    "observation": {"says": "detail"},
    "policy": {"looks_needed": "checks_needed", "looks_apart_seconds": "check_interval_seconds"},
    "policystep": {"rung": "step"},
    "takedown": {
        "started_because": "start_reason",
        "due_because": "deadline_reason",
        "next_rung": "next_step",
        "next_look_at": "next_check_at",
        "looks_after_proof": "checks_after_proof",
        "unknown_looks": "unknown_checks",
        "look_attempts": "check_attempts",
    },
}
INDEX = "ALTER INDEX {} RENAME TO {}"
CONSTRAINT = "ALTER TABLE {} RENAME CONSTRAINT {} TO {}"


def in_database(template: str, *names: str) -> migrations.RunSQL:
    """Rename in the database; backwards the last two names change places."""
    *where, old, new = names
    return migrations.RunSQL(template.format(*where, old, new), template.format(*where, new, old))


class Migration(migrations.Migration):
    dependencies = [
        ("enforcement", "0022_steps_and_checks_apart"),
        ("recalls", "0006_vocabulary_of_terms"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                in_database(INDEX, "takedown_look_due", "takedown_check_due"),
                in_database(INDEX, "takedown_look_broken", "takedown_check_broken"),
                in_database(CONSTRAINT, "enforcement_escalation", "each_rung_once", "each_step_once"),
                in_database(CONSTRAINT, "enforcement_policystep", "rung_once", "step_once"),
            ],
            state_operations=[
                migrations.RemoveIndex("takedown", "takedown_look_due"),
                migrations.RemoveIndex("takedown", "takedown_look_broken"),
                migrations.RemoveIndex("takedown", "takedown_check_by_platform"),
                migrations.RemoveConstraint("escalation", "each_rung_once"),
                migrations.RemoveConstraint("policystep", "rung_once"),
            ],
        ),
        *(
            migrations.RenameField(model, old, new)
            for model, fields in RENAMES.items()
            for old, new in fields.items()
        ),
        migrations.AlterModelOptions("policystep", {"ordering": ["policy", "step"]}),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(
                    "takedown",
                    models.Index(
                        fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="takedown_check_due"
                    ),
                ),
                migrations.AddIndex(
                    "takedown",
                    models.Index(
                        fields=["platform", "next_check_at"],
                        condition=Q(next_check_at__isnull=False),
                        name="takedown_check_by_platform",
                    ),
                ),
                migrations.AddIndex(
                    "takedown",
                    models.Index(
                        fields=["id"],
                        condition=Q(next_check_at=None, check_attempts__gt=0),
                        name="takedown_check_broken",
                    ),
                ),
                migrations.AddConstraint(
                    "escalation", models.UniqueConstraint(fields=["takedown", "step"], name="each_step_once")
                ),
                migrations.AddConstraint(
                    "policystep", models.UniqueConstraint(fields=["policy", "step"], name="step_once")
                ),
            ],
        ),
        migrations.RenameModel("Naming", "PublicListing"),
        migrations.AlterField(
            "publiclisting",
            "escalation",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="public_listing",
                to="enforcement.escalation",
            ),
        ),
        migrations.AlterField(
            "publiclisting",
            "platform",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="public_listings",
                to="portal.organisation",
            ),
        ),
        rename_terms("enforcement_takedown"),
    ]
