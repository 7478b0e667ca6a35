"""Addresses of the room."""

from django.urls import path

from yinuo.sources.pages import checking, comparing, documents, negotiating

app_name = "sources"
urlpatterns = [
    path("", documents.documents, name="documents"),
    path("clauses/", documents.clauses, name="clauses"),
    path("add/", documents.document_add, name="document_add"),
    path("customer/<int:pk>/", documents.of_customer, name="of_customer"),
    path("<int:pk>/", documents.document, name="document"),
    path("<int:pk>/change/", documents.document_change, name="document_change"),
    path("<int:pk>/editions/add/", documents.edition_add, name="edition_add"),
    path("editions/<int:pk>/", documents.edition, name="edition"),
    path("editions/<int:pk>/change/", documents.edition_change, name="edition_change"),
    path("editions/<int:pk>/read-again/", documents.edition_read_again, name="edition_read_again"),
    path("editions/<int:pk>/tracked/", negotiating.tracked_changes, name="tracked"),
    path("editions/<int:pk>/compare/", comparing.compare, name="compare"),
    path("editions/<int:pk>/check/", checking.check, name="check"),
    path("editions/<int:pk>/check/accept/", checking.check_accept, name="check_accept"),
    path("editions/<int:pk>/check/<str:act>/", checking.check_act, name="check_act"),
    path("editions/<int:pk>/pages/<int:place>/<int:number>/", checking.page_picture, name="page_picture"),
]
