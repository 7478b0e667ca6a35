"""`manage.py recount`: what the overview and the statistics say against what the rows say, each difference by name."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from yinuo.kit import actors
from yinuo.org import models as org
from yinuo.reports import rules
from yinuo.reports.actions import accounting, counting
from yinuo.reports.definition import Key, Sum
from yinuo.reports.queries import accounted, counted

SHOWN = 50


class Command(BaseCommand):
    help = "Compare the figures of overview and statistics with the rows themselves; with --mend, set them right."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mend", action="store_true", help="append what is missing, so that both agree")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["mend"]:
            now = timezone.now()
            wrong = counting.set_right(by=actors.PROGRAM, now=now) | accounting.set_right(by=actors.PROGRAM, now=now)
        else:
            while accounting.count_changed(by=actors.PROGRAM, now=timezone.now()):
                pass  # what the clock's next visit would count
            wrong = rules.difference(counted.recount(), counted.told())
            wrong |= rules.difference(accounted.recount(), accounted.told())
        if not wrong:
            self.stdout.write("The figures agree with the rows.")
            return
        sites = dict(org.Site.objects.values_list("pk", "code"))
        for key, each in sorted(wrong.items(), key=lambda line: [str(part) for part in line[0]])[:SHOWN]:
            self.stdout.write(_line(key, each, sites))
        count = len(wrong)
        if not options["mend"]:
            raise CommandError(f"{count} sums differ; `recount --mend` sets them right.")
        self.stdout.write(f"{count} sums set right.")


def _line(key: Key, each: Sum, sites: dict[int, str]) -> str:
    """One difference: what, when, where, and by how much the rows say more or less."""
    place = sites.get(key.site_id or 0, "company") + (f", scope {key.scope_id}" if key.scope_id else "")
    what = " ".join(
        filter(None, [key.measure, str(key.on or ""), key.what, f"bucket {key.bucket}" if key.bucket else ""])
    )
    return f"{what} ({place}): {each.amount:+}" + (f", {each.seconds:+} s" if each.seconds else "")
