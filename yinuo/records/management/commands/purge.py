"""`manage.py purge`: the files whose retention is over; with `--really` their bytes are removed for good."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from yinuo.kit import actors
from yinuo.records import actions, queries


class Command(BaseCommand):
    help = "List files past their retention that nobody holds. / 列出保存期限已过且未冻结的文件。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--really", action="store_true", help="remove their bytes for good / 彻底清除")

    def handle(self, *args: Any, **options: Any) -> None:
        now, count, size = timezone.now(), 0, 0
        for attachment in queries.past_retention(now):
            if options["really"]:
                actions.purge(attachment=attachment, by=actors.PROGRAM, now=now)
            count, size = count + 1, size + attachment.blob.size
            what = attachment.name if attachment.scope_id is None else "•••"
            self.stdout.write(f"{attachment.attached_at:%Y-%m-%d} {attachment.subject_type} {attachment.pk} {what}")
        done = "已清除 / purged" if options["really"] else "可清除 / to be purged with --really"
        self.stdout.write(f"{count} ({size:,} bytes) {done}")
