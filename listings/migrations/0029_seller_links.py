import django.db.models.deletion
import django.utils.timezone
import listings.models.seller_links
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Links by which a seller without an account writes about one flag, and what was written through them."""

    dependencies = [
        ("listings", "0028_held_matches_and_shared_codes"),
        ("portal", "0022_mail_with_a_secret_page"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SellerLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nonce", models.CharField(default=listings.models.seller_links.new_nonce, max_length=32)),
                (
                    "address",
                    models.EmailField(
                        blank=True, help_text="Where it was mailed to. Empty: it was handed over.", max_length=254
                    ),
                ),
                ("language", models.CharField(help_text="Of the mail.", max_length=10)),
                ("made_by", models.CharField(max_length=300)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(blank=True, help_text="First opened.", null=True)),
                ("openings", models.PositiveIntegerField(default=0)),
                ("answered_at", models.DateTimeField(blank=True, help_text="Last answered.", null=True)),
                ("answers", models.PositiveSmallIntegerField(default=0)),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, help_text="Revoked, or closed with the case.", null=True),
                ),
                ("closed_by", models.CharField(blank=True, max_length=300)),
                (
                    "flag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seller_links", to="listings.flag"
                    ),
                ),
                (
                    "made_by_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="portal.mail",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="SellerAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("answer", "Answer"),
                            ("contest", "Appeal"),
                            ("proof", "Proof of correction or disposal"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(blank=True, help_text="As the seller gave it.", max_length=100)),
                ("passed_on_by", models.CharField(blank=True, max_length=300)),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seller_answer", to="listings.message"
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given_answers",
                        to="listings.sellerlink",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="selleranswer",
            trigger=pgtrigger.compiler.Trigger(
                name="seller_answer_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5c0cbb6ba0603df8368ca8dda4ef72ceb5785eed",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_seller_answer_append_only_e18e6",
                    table="listings_selleranswer",
                    when="BEFORE",
                ),
            ),
        ),
    ]
