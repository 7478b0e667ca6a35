from django.urls import path

from yinuo.notify import pages

app_name = "notify"

urlpatterns = [
    path("", pages.inbox, name="inbox"),
    path("count/", pages.inbox_count, name="inbox_count"),
    path("<int:key>/", pages.message, name="message"),
    path("<int:key>/read/", pages.message_read, name="message_read"),
    path("read/", pages.all_read, name="all_read"),
    path("choices/", pages.choices, name="choices"),
    path("outbox/", pages.outbox, name="outbox"),
    path("jobs/", pages.jobs, name="jobs"),
    path("jobs/<int:key>/again/", pages.job_again, name="job_again"),
    path("outbox/hours/", pages.hours, name="hours"),
    path("outbox/<int:key>/again/", pages.mail_again, name="mail_again"),
    path("outbox/<int:key>/cancel/", pages.mail_cancel, name="mail_cancel"),
]
