"""How late the checks made so far were."""

from django.db import migrations
from django.utils import timezone


def keep_how_late(apps, schema_editor):
    """Checks made so far: late by the days between, as near as can be told without the calendar of that time."""
    checks = apps.get_model("customers", "PortalCheck")
    for row in checks.objects.exclude(checked_at=None).select_related("portal").iterator():
        made_on = timezone.localdate(row.checked_at)
        late = (made_on - row.was_due_on).days if row.was_due_on else 0
        checks.objects.filter(pk=row.pk).update(days_late=max(late, 0), keeper=row.portal.keeper_id)


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_missed_checks")]
    operations = [migrations.RunPython(keep_how_late, migrations.RunPython.noop, elidable=True)]
