"""Addresses of the room."""

from django.urls import path

from yinuo.changes.pages import applying, beside, changes, deciding, proof, terms

app_name = "changes"
ONE = "of/<str:number>/"
urlpatterns = [
    path("", changes.changes, name="changes"),
    path("add/", changes.change_add, name="change_add"),
    path("proof/", proof.proof, name="proof"),
    path("proof/paper/", proof.proof_paper, name="proof_paper"),
    path("terms/", terms.terms, name="terms"),
    path("terms/company/", terms.company_term, name="company_term"),
    path("terms/add/", terms.term_add, name="term_add"),
    path("terms/<int:pk>/", terms.term_change, name="term_change"),
    path("terms/<int:pk>/end/", terms.term_end, name="term_end"),
    path("customer/<int:pk>/", changes.of_customer, name="of_customer"),
    path("edition/<int:pk>/", changes.of_edition, name="of_edition"),
    path(ONE, changes.change, name="change"),
    path(f"{ONE}change/", changes.change_change, name="change_change"),
    path(f"{ONE}drop/", changes.change_drop, name="change_drop"),
    path(f"{ONE}take-up/", changes.change_take_up, name="change_take_up"),
    path(f"{ONE}review/", deciding.review, name="review"),
    path(f"{ONE}impact/", deciding.impact, name="impact"),
    path(f"{ONE}answer/", deciding.answer, name="answer"),
    path(f"{ONE}applications/add/", applying.application_add, name="application_add"),
    path("applications/<int:pk>/implement/", applying.implement, name="implement"),
    path("applications/<int:pk>/verify/", applying.verify, name="verify"),
    path("applications/<int:pk>/leave-out/", applying.leave_out, name="leave_out"),
    path("applications/<int:pk>/take-back/", applying.take_back, name="take_back"),
    path(f"{ONE}documents/add/", beside.document_add, name="document_add"),
    path("documents/<int:pk>/change/", beside.document_change, name="document_change"),
    path("documents/<int:pk>/done/", beside.document_done, name="document_done"),
    path("documents/<int:pk>/reopen/", beside.document_reopen, name="document_reopen"),
    path(f"{ONE}suppliers/add/", beside.supplier_add, name="supplier_add"),
    path("suppliers/<int:pk>/change/", beside.supplier_change, name="supplier_change"),
]
