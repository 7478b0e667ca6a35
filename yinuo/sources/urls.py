"""Addresses of the room."""

from django.urls import path

from yinuo.sources.pages import baselines, checking, citing, comparing, documents, negotiating, obsolete, standards

app_name = "sources"
urlpatterns = [
    path("", documents.documents, name="documents"),
    path("clauses/", documents.clauses, name="clauses"),
    path("standards/", standards.standards, name="standards"),
    path("standards/add/", standards.standard_add, name="standard_add"),
    path("standards/supplied/<slug:name>/", standards.standard_supplied, name="standard_supplied"),
    path("standards/lists/<int:pk>/", standards.loading, name="loading"),
    path("standards/lists/<int:pk>/confirm/", standards.loading_confirm, name="loading_confirm"),
    path("standards/<int:pk>/", standards.standard, name="standard"),
    path("standards/clauses/<int:pk>/", standards.standard_clause, name="standard_clause"),
    path("baselines/<int:pk>/", baselines.baseline, name="baseline"),
    path("baselines/<int:pk>/decide/", baselines.baseline_decide, name="baseline_decide"),
    path("baselines/<int:pk>/sign/", baselines.baseline_sign, name="baseline_sign"),
    path("cited/", citing.references, name="references"),
    path("cited/<int:pk>/", citing.reference, name="reference"),
    path("cited/<int:pk>/link/", citing.reference_link, name="reference_link"),
    path("cited/<int:pk>/put-aside/", citing.reference_put_aside, name="reference_put_aside"),
    path("cited/<int:pk>/follow/", citing.reference_follow, name="reference_follow"),
    path("obsolete/", obsolete.obsolete, name="obsolete"),
    path("obsolete/<int:pk>/", obsolete.obsolete_one, name="obsolete_one"),
    path("obsolete/<int:pk>/settle/", obsolete.obsolete_settle, name="obsolete_settle"),
    path("obsolete/<int:pk>/ask/", obsolete.obsolete_ask, name="obsolete_ask"),
    path("withdrawn/", obsolete.withdrawn, name="withdrawn"),
    path("withdrawn/add/", obsolete.withdrawn_add, name="withdrawn_add"),
    path("withdrawn/<int:pk>/change/", obsolete.withdrawn_change, name="withdrawn_change"),
    path("<int:pk>/cited/", citing.cited_in, name="cited_in"),
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
