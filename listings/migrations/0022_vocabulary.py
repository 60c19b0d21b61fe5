"""Exclusions, final decisions and signals take the words of the one vocabulary; no row is lost.

Evidence keeps its weights, spans and sentences: only the names of signals change, of flags and of decisions alike, so
that a rule is counted and switched under one name. Audit events keep what they said.
"""

import json

import django.db.models.deletion
from django.db import migrations, models

SIGNALS = {
    "gtin_equal": "same_gtin",
    "gtin_doubtful": "doubtful_gtin",
    "model_equal": "same_model",
    "model_and_brand": "same_model_and_brand",
    "model_equal_short": "same_short_model",
    "brand_equal": "same_brand",
    "brand_misspelt": "misspelled_brand",
    "brand_other": "different_brand",
    "maker_other": "different_maker",
    "thing_same": "same_product_type",
    "thing_other": "different_product_type",
    "thing_not_stated": "product_type_not_stated",
    "component_inside": "contains_component",
    "title_says_more": "title_mentions_something_else",
    "title_adds": "title_adds_words",
    "size_conflict": "different_size",
    "size_equal": "same_size",
    "line_other": "different_product_line",
    "version_other": "different_version",
    "type_other": "different_type",
    "model_excluded": "excluded_model",
    "name_model_missing": "model_of_name_missing",
    "picture_equal": "same_picture",
    "nameless": "brand_not_named",
}
_EVIDENCE = """
UPDATE {table} SET evidence = (
    SELECT jsonb_agg(CASE WHEN jsonb_typeof(item) = 'object' AND '{names}'::jsonb ? (item->>'signal')
        THEN jsonb_set(item, '{{signal}}', '{names}'::jsonb->(item->>'signal')) ELSE item END ORDER BY place)
    FROM jsonb_array_elements(evidence) WITH ORDINALITY AS each(item, place)
) WHERE jsonb_typeof(evidence) = 'array' AND jsonb_path_query_array(evidence, '$[*].signal') ?| ARRAY[{old}]
"""
_SWITCHES = "UPDATE listings_ruleswitch SET signal = '{names}'::jsonb->>signal WHERE signal IN ({old})"
_SET_ASIDE = "UPDATE portal_setaside SET subject_type = '{}' WHERE subject_type = '{}'"


def rename_signals(names: dict[str, str]) -> str:
    """The statements that bring stored evidence and switches of rules to the names of signals."""
    words = {"names": json.dumps(names), "old": ", ".join(f"'{name}'" for name in names)}
    tables = [_EVIDENCE.format(table=table, **words) for table in ("listings_flag", "listings_decision")]
    return ";\n".join([*tables, _SWITCHES.format(**words)])


def renamed_index(old: str, new: str) -> migrations.RunSQL:
    return migrations.RunSQL(f"ALTER INDEX {old} RENAME TO {new}", f"ALTER INDEX {new} RENAME TO {old}")


class Migration(migrations.Migration):
    dependencies = [
        ("listings", "0021_keys_of_today"),
        ("portal", "0015_vocabulary"),
    ]

    operations = [
        migrations.RenameModel("KnownInnocent", "Exclusion"),
        migrations.AlterField(
            "exclusion",
            "flag",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="exclusions",
                to="listings.flag",
            ),
        ),
        migrations.RenameIndex("exclusion", "exclusion_listing", old_name="innocent_listing"),
        migrations.RenameIndex("exclusion", "exclusion_gtin", old_name="innocent_gtin"),
        migrations.RenameIndex("exclusion", "exclusion_seller", old_name="innocent_seller"),
        migrations.RenameIndex("exclusion", "exclusion_to_expire", old_name="innocent_to_expire"),
        migrations.SeparateDatabaseAndState(
            database_operations=[renamed_index("decision_to_settle", "decision_to_finalize")],
            state_operations=[migrations.RemoveIndex("decision", "decision_to_settle")],
        ),
        migrations.RenameField("decision", "settled_at", "finalized_at"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(
                    "decision",
                    models.Index(
                        fields=["final_at"], condition=models.Q(finalized_at=None), name="decision_to_finalize"
                    ),
                )
            ]
        ),
        migrations.RenameField("dryrunresult", "looked_at", "compared"),
        migrations.RenameField("dryrunresult", "innocent", "excluded"),
        migrations.RenameField("feedrule", "largest_rejects", "max_rejects"),
        migrations.RenameField("feedrule", "smallest_share", "min_share"),
        migrations.RenameField("flag", "relisted_why", "relisted_reason"),
        migrations.RunSQL(rename_signals(SIGNALS), rename_signals({new: old for old, new in SIGNALS.items()})),
        migrations.RunSQL(
            _SET_ASIDE.format("listings.exclusion", "listings.knowninnocent"),
            _SET_ASIDE.format("listings.knowninnocent", "listings.exclusion"),
        ),
    ]
