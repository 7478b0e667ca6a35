"""How many calls a token has made in this minute: counted for all web processes together."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("org", "0005_letterhead")]

    operations = [
        migrations.AddField("token", "counted", models.PositiveIntegerField(default=0)),
        migrations.AddField("token", "counted_minute", models.BigIntegerField(default=0)),
    ]
