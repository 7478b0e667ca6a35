import re

import django.db.models.deletion
from django.db import migrations, models

OTHERS = re.compile("供应商|供方|供货|采购|外协|外购|顾客|客户|协议|合同|有限公司|集团|法$|法典$|条例$|中华人民共和国")


def said_of_nobody(apps, schema_editor):
    """What only its title names was taken for the customer's, or for a law: nobody has said so."""
    references = apps.get_model("sources", "Reference")
    for row in references.objects.filter(kind__in=["customer", "law"]).only("designation", "state"):
        is_title = re.search(r"[一-鿿]", row.designation) and not re.search(r"\d", row.designation)
        if is_title and not OTHERS.search(row.designation):
            row.kind = "titled"
            row.state = "named" if row.state == "missing" else row.state
            row.save(update_fields=["kind", "state"])


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0005_answering'),
        ('sources', '0005_standards'),
    ]

    operations = [
        migrations.AddField(
            model_name='reference',
            name='thread',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='letters.thread'),
        ),
        migrations.AlterField(
            model_name='reference',
            name='kind',
            field=models.CharField(choices=[('standard', 'standard or handbook'), ('customer', 'document of a customer'), ('titled', 'named by its title only'), ('law', 'law or regulation'), ('annex', 'annex of the document itself')], max_length=10),
        ),
        migrations.AlterField(
            model_name='reference',
            name='state',
            field=models.CharField(choices=[('held', 'held in the edition that holds'), ('undated', 'no edition said: the current one holds'), ('newer', 'there is a newer edition than the one cited'), ('older', 'we hold an older edition'), ('other', 'we hold another edition'), ('missing', 'not on record'), ('named', 'named, not held'), ('known', 'known, kept elsewhere'), ('not_needed', 'not needed')], default='missing', max_length=12),
        ),
        migrations.RunPython(said_of_nobody, migrations.RunPython.noop),
    ]
