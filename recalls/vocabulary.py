"""Frozen terms in the words of today: what migrations of tables that keep terms run."""

from django.db import migrations

_RENAME = """
UPDATE {table} SET terms = (terms - {old_checks} - {old_interval} - 'steps')
    || CASE WHEN terms ? {old_checks} THEN jsonb_build_object({new_checks}, terms->{old_checks}) ELSE '{{}}' END
    || CASE WHEN terms ? {old_interval} THEN jsonb_build_object({new_interval}, terms->{old_interval}) ELSE '{{}}' END
    || CASE WHEN terms ? 'steps' THEN jsonb_build_object('steps', CASE WHEN jsonb_typeof(terms->'steps') = 'array' THEN (
        SELECT coalesce(jsonb_agg(CASE WHEN jsonb_typeof(step) = 'object' AND step ? {old_step}
            THEN (step - {old_step}) || jsonb_build_object({new_step}, step->{old_step}) ELSE step END ORDER BY place), '[]')
        FROM jsonb_array_elements(CASE WHEN jsonb_typeof(terms->'steps') = 'array' THEN terms->'steps' ELSE '[]' END)
            WITH ORDINALITY AS each(step, place)
    ) ELSE terms->'steps' END) ELSE '{{}}' END
WHERE jsonb_typeof(terms) = 'object'
"""
_OLD = {"checks": "'looks_needed'", "interval": "'looks_apart_seconds'", "step": "'rung'"}
_NEW = {"checks": "'checks_needed'", "interval": "'check_interval_seconds'", "step": "'step'"}


def rename_terms(table: str) -> migrations.RunSQL:
    """Rename the keys of the column `terms` of a table. Terms that no one can read stay as they are."""
    return migrations.RunSQL(_statement(table, _OLD, _NEW), _statement(table, _NEW, _OLD))


def _statement(table: str, old: dict[str, str], new: dict[str, str]) -> str:
    names = {f"old_{name}": value for name, value in old.items()} | {
        f"new_{name}": value for name, value in new.items()
    }
    return _RENAME.format(table=table, **names)
