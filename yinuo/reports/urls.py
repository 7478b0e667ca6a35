from django.urls import path

from yinuo.reports.pages import deadlines, overview, rows

app_name = "reports"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("deadlines", deadlines.deadlines, name="deadlines"),
    path("requests", rows.requests, name="requests"),
    path("tasks", rows.tasks, name="tasks"),
]
