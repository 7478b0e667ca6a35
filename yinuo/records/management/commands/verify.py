"""`manage.py verify`: whether the trail is complete and unchanged; ends with 1 when it is not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.kit import words
from yinuo.records import lists, queries
from yinuo.records.engine import chain


class Command(BaseCommand):
    help = "Verify that no entry of the trail and no stored file was changed. / 核验操作记录和文件是否完整、未被更改。"

    def handle(self, *args: Any, **options: Any) -> None:
        walk = chain.Walk()
        while queries.walk_on(walk) or queries.files_on(walk):
            if self.stdout.isatty():
                self.stdout.write(f"\r{walk.checked:,} {walk.files:,}", ending="")
        queries.end_walk(walk, timezone.now())
        for finding in walk.findings:
            self._say(lists.finding_words(*finding))
        if walk.found > len(walk.findings):
            self._say(words.filled(_("… and %(n)s more findings."), n=walk.found - len(walk.findings)))
        self._say(lists.verdict_words(walk))
        if walk.waiting:
            self._say(lists.waiting_words(walk))
        if walk.found:
            raise CommandError("、".join(sorted({code for code, _number, _entry in walk.findings})), returncode=1)

    def _say(self, sentence: Any) -> None:
        self.stdout.write("\n".join(words.both(sentence)))
