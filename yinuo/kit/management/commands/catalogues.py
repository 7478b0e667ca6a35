"""`manage.py catalogues`: merge and compile the Chinese catalogue."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import reloader

from yinuo.kit import catalogues


class Command(BaseCommand):
    help = "Merge locale/parts/*.po and compile the Chinese catalogue."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        target = settings.BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
        try:
            count = catalogues.compile_to(settings.BASE_DIR / "locale" / "parts", target, settings.TERMS)
        except catalogues.Clash as clash:
            raise CommandError(str(clash)) from clash
        # What this process read before is the old catalogue, or none: set-up goes on in it and stores Chinese words.
        reloader.translation_file_changed(sender=None, file_path=target)
        self.stdout.write(f"{count} sentences")
