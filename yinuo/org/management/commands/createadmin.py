"""`manage.py createadmin`: the first administrator of an installation, who sets the password by a link."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from yinuo.kit import actors, refusals
from yinuo.org.actions import people, roles


class Command(BaseCommand):
    help = "Add an administrator and print the link with which they set their password (valid for seven days, once)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", help="full name; asked for if not given")
        parser.add_argument("--sign-in", help="sign-in name; asked for if not given")
        parser.add_argument("--email", default="")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"] or input("Full name 姓名: ").strip()
        sign_in = options["sign_in"] or input("Sign-in name 登录名: ").strip()
        if not name:
            raise CommandError("An administrator needs a name.")
        now = timezone.now()
        try:
            person, token = people.add_person(
                sign_in=sign_in, name=name, email=options["email"], by=actors.PROGRAM, now=now
            )
            roles.grant_role(
                person=person,
                role="administrator",
                from_on=timezone.localtime(now).date(),
                by=actors.PROGRAM,
                now=now,
            )
        except refusals.Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{settings.BASE_URL}{reverse('org:invitation', args=[token])}")
