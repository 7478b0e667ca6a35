"""`manage.py demo`: the demo company, once, into an empty database."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from yinuo.desk.actions import (
    demo_changes,
    demo_company,
    demo_documents,
    demo_findings,
    demo_judging,
    demo_reports,
    demo_requests,
    demo_standards,
    demo_watches,
)
from yinuo.kit import actors
from yinuo.org import models as org
from yinuo.procedures.actions import publishing
from yinuo.reports.actions import accounting


class Command(BaseCommand):
    help = "Set up the demo company. Does nothing when the database already has people."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if org.Person.objects.exists():
            return
        now = timezone.now()
        company = demo_company.found(by=actors.PROGRAM, now=now)
        publishing.load_library(by=actors.PROGRAM, now=now, owner_post=company.posts["quality_manager"])
        demo_company.take_on_customers(company, by=company.people["zhao"], now=now)
        demo_requests.live_through(company, by=actors.PROGRAM, now=now)
        demo_findings.report(company, now=now)
        demo_standards.bring(company.people, now)
        demo_documents.record(company.people, now)
        demo_judging.judge(company.people, now)
        demo_changes.tell(company, now=now)
        demo_watches.watch(company.people, now)
        accounting.count_changed(by=actors.PROGRAM, now=now)  # the statistics are there at once
        demo_reports.keep(company.people, now)
        self.stdout.write("demo company ready")
