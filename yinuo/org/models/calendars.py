"""Working time: what differs from the week, the week itself, the years that are known."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from yinuo.kit import rows
from yinuo.org.models.company import Site


class CalendarStamp(models.Model):
    """One row whose token changes with every change of a calendar, so that each process knows when to read anew."""

    token = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.token


class SiteCalendar(rows.Versioned):
    """The working time of a site, or (null) of the company, as one thing to change: who changes a day, a week or a year
    of it says which version they saw."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE, null=True, blank=True, related_name="calendar")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Coalesce("site", 0, output_field=models.BigIntegerField()), name="org_sitecalendar_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.site or "–")


class CalendarDay(rows.Named):
    """A day that differs from the weekly rule: holiday, make-up working day (调休), Saturday shift.

    `site` null is the company's default; a site's own row wins. `source` says where it comes from.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, blank=True, related_name="calendar_days")
    day = models.DateField()
    is_working = models.BooleanField()
    name_zh = models.CharField(max_length=100, blank=True)
    name_en = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=40, default="company")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "day"], name="org_calendarday_site"),
            models.UniqueConstraint(fields=["day"], condition=Q(site=None), name="org_calendarday_company"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name_zh}"


class CalendarYear(models.Model):
    """A year whose holidays and make-up days are known; due dates reaching another year are provisional (暂定)."""

    year = models.PositiveSmallIntegerField(unique=True)
    source = models.CharField(max_length=100)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.year)


class WorkingHours(models.Model):
    """One stretch of working time of a weekday (0 = Monday); `site` null is the company's default."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, blank=True, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="org_workinghours_order")]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts}–{self.ends}"
