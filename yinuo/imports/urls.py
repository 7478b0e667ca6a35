from django.urls import path

from yinuo.imports import pages

app_name = "imports"
urlpatterns = [
    path("", pages.imports, name="imports"),
    path("new/<str:kind>/", pages.import_new, name="import_new"),
    path("new/<str:kind>/template/", pages.import_template, name="import_template"),
    path("<int:pk>/", pages.import_one, name="import_one"),
    path("<int:pk>/table/", pages.import_table, name="import_table"),
    path("<int:pk>/answer/", pages.import_answer, name="import_answer"),
    path("<int:pk>/answer/<int:key>/back/", pages.import_take_back, name="import_take_back"),
    path("<int:pk>/check/", pages.import_check, name="import_check"),
    path("<int:pk>/columns/", pages.import_columns, name="import_columns"),
    path("<int:pk>/confirm/", pages.import_confirm, name="import_confirm"),
    path("<int:pk>/drop/", pages.import_drop, name="import_drop"),
    path("<int:pk>/source/", pages.import_source, name="import_source"),
    path("<int:pk>/errors/", pages.import_faults, name="import_faults"),
]
