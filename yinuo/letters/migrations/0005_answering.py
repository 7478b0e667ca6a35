from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("letters", "0004_mail_out")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="is_answer",
            field=models.BooleanField(default=False, verbose_name="Answers the request"),
        ),
    ]
