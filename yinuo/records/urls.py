from django.urls import path

from yinuo.records import pages

app_name = "records"

urlpatterns = [
    path("", pages.entries, name="entries"),
    path("readings/", pages.readings, name="readings"),
    path("verification/", pages.verification, name="verification"),
    path("timeline/<str:subject_type>/<int:subject_id>/", pages.timeline, name="timeline"),
    path("files/<str:subject_type>/<int:subject_id>/", pages.files, name="files"),
    path("file/<str:token>/", pages.file, name="file"),
    path("file/<str:token>/preview/", pages.preview, name="preview"),
    path("file/<str:token>/void/", pages.file_void, name="file_void"),
]
