"""What is remembered as innocent knows what it was judged by, whose recalls it is about, and who ended it."""

import re

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

FACTS = {
    "gtin_equal": "GTIN",
    "model_equal": "model",
    "model_and_brand": "model",
    "model_equal_short": "model",
    "model_in_description": "described model",
    "picture_equal": "picture",
}


def facts_of(evidence, mpn):
    found = set()
    for item in evidence:
        if kind := FACTS.get(item["signal"]):
            number = re.sub("[^0-9a-z]", "", (item.get("listing_span") or {}).get("text", "").lower())
            found.add(f"{kind} {number.lstrip('0') if kind == 'GTIN' else number}".strip())
    if any(fact.startswith("model ") for fact in found) and (number := re.sub("[^0-9a-z]", "", mpn.lower())):
        found.add(f"model {number}")
    return sorted(found | {f"described {fact}" for fact in found if fact.startswith("model ")})


def fill(apps, _editor):
    """From the flag; the version is the newest one in force when the dismissal was made. A seller's product was told by
    the words of the title alone: those entries end here, and the next match looks again."""
    known_innocent = apps.get_model("listings", "KnownInnocent")
    listing = apps.get_model("listings", "Listing")
    versions = apps.get_model("recalls", "RecallVersion")
    for known in known_innocent.objects.select_related("flag", "recall").iterator():
        known.regulator_id = known.recall.regulator_id
        known.version = (
            versions.objects.filter(recall_id=known.recall_id, published_at__lte=known.made_at).order_by("-version").first()
        )
        if known.flag is not None:
            known.facts, known.score = facts_of(known.flag.evidence, known.flag.listing_as_flagged.get("mpn", "")), known.flag.score
        if known.scope == "seller_product" and known.withdrawn_at is None:
            known.withdrawn_at, known.withdrawn_by = known.made_at, "System: the product was told by its title's words alone"
            listing.objects.filter(platform_id=known.platform_id, seller=known.seller).update(match_due=True)
        known.save()


class Migration(migrations.Migration):
    dependencies = [
        ("listings", "0005_pictures"),
        ("portal", "0003_seals_by_digest"),
        ("recalls", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="knowninnocent",
            name="regulator",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.organisation"
            ),
        ),
        migrations.AddField(
            model_name="knowninnocent",
            name="version",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recalls.recallversion"
            ),
        ),
        migrations.AddField(
            model_name="knowninnocent",
            name="facts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                default=list,
                help_text="Identifying facts that the dismissed flag showed.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="knowninnocent",
            name="score",
            field=models.FloatField(help_text="Of the dismissed flag.", null=True),
        ),
        migrations.AddField(
            model_name="knowninnocent",
            name="expired_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When its expiry was carried out: what it covered became due for matching.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="knowninnocent",
            name="withdrawn_by",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AlterField(
            model_name="knowninnocent",
            name="product",
            field=models.TextField(
                blank=True, help_text="The words of the title in the order of the alphabet, brand, MPN and GTIN."
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
