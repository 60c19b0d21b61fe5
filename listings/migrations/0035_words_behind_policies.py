"""The indexes of titles' words without COALESCE around the title: so they serve behind a row policy, too."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations
from django.db.models.fields.json import KeyTextTransform

from listings.querysets import TitleWords


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('listings', '0034_keys_of_today_again'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='listing',
            index=GinIndex(TitleWords('title'), name='listing_words'),
        ),
        AddIndexConcurrently(
            model_name='flag',
            index=GinIndex(TitleWords(KeyTextTransform('title', 'listing_as_flagged')), name='flag_words'),
        ),
        RemoveIndexConcurrently(
            model_name='listing',
            name='listing_title_words',
        ),
        RemoveIndexConcurrently(
            model_name='flag',
            name='flag_title_words',
        ),
    ]
