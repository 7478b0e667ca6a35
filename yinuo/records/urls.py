from django.urls import path

from yinuo.records import pages

app_name = "records"

urlpatterns = [
    path("", pages.entries, name="entries"),
    path("readings/", pages.readings, name="readings"),
    path("verification/", pages.verification, name="verification"),
    path("periods/", pages.periods, name="periods"),
    path("entries/<int:key>/redact/", pages.entry_redact, name="entry_redact"),
    path("hold/<str:subject_type>/<int:subject_id>/", pages.hold_new, name="hold_new"),
    path("holds/<int:key>/lift/", pages.hold_lift, name="hold_lift"),
    path("timeline/<str:subject_type>/<int:subject_id>/", pages.timeline, name="timeline"),
    path("files/<str:subject_type>/<int:subject_id>/", pages.files, name="files"),
    path("file/<str:token>/", pages.file, name="file"),
    path("file/<str:token>/preview/", pages.preview, name="preview"),
    path("file/<str:token>/keep/", pages.file_keep, name="file_keep"),
    path("file/<str:token>/void/", pages.file_void, name="file_void"),
]
