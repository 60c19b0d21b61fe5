"""PostgreSQL extensions: trigram search. They are trusted, so the database's owner may create them."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    operations = [TrigramExtension()]
