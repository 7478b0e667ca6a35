from django.urls import path

from yinuo.imports import pages

app_name = "imports"
urlpatterns = [
    path("", pages.imports, name="imports"),
    path("new/<str:kind>/", pages.import_new, name="import_new"),
    path("new/<str:kind>/template/", pages.import_template, name="import_template"),
    path("<int:pk>/", pages.import_one, name="import_one"),
    path("<int:pk>/columns/", pages.import_columns, name="import_columns"),
    path("<int:pk>/confirm/", pages.import_confirm, name="import_confirm"),
    path("<int:pk>/drop/", pages.import_drop, name="import_drop"),
    path("<int:pk>/source/", pages.import_source, name="import_source"),
    path("<int:pk>/errors/", pages.import_faults, name="import_faults"),
]
