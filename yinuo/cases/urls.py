"""Addresses of the room. A case's address is its public number."""

from django.urls import path

from yinuo.cases.pages import afterwards, cases, items, opening, steering

app_name = "cases"
urlpatterns = [
    path("", cases.cases, name="cases"),
    path("new/", opening.case_new, name="case_new"),
    path("new/similar/", opening.case_similar, name="case_similar"),
    path("new/split/", opening.items_split, name="items_split"),
    path("people/", opening.person_suggestions, name="person_suggestions"),
    path("conventions/", steering.convention, name="convention"),
    path("lessons/", afterwards.lessons, name="lessons"),
    path("lessons/<int:pk>/", afterwards.lesson, name="lesson"),
    path("lessons/<int:pk>/change/", afterwards.lesson_change, name="lesson_change"),
    path("lessons/<int:pk>/void/", afterwards.lesson_void, name="lesson_void"),
    path("feedback/<str:token>/", afterwards.feedback, name="feedback"),
    path("about/<str:subject_type>/<int:pk>/", cases.cases_about, name="cases_about"),
    path("of/<str:number>/", cases.case, name="case"),
    path("of/<str:number>/like/", cases.case_like, name="case_like"),
    path("of/<str:number>/talks/", cases.case_talks, name="case_talks"),
    path("of/<str:number>/people/", cases.case_people, name="case_people"),
    path("of/<str:number>/print/", cases.case_print, name="case_print"),
    path("of/<str:number>/correct/", steering.case_correct, name="case_correct"),
    path("of/<str:number>/rank/", steering.case_rank, name="case_rank"),
    path("of/<str:number>/give/", steering.case_give, name="case_give"),
    path("of/<str:number>/hold/", steering.case_hold, name="case_hold"),
    path("of/<str:number>/resume/", steering.case_resume, name="case_resume"),
    path("of/<str:number>/terminate/", steering.case_terminate, name="case_terminate"),
    path("of/<str:number>/reopen/", steering.case_reopen, name="case_reopen"),
    path("of/<str:number>/items/add/", items.item_add, name="item_add"),
    path("of/<str:number>/items/<int:position>/amend/", items.item_amend, name="item_amend"),
    path("of/<str:number>/items/<int:position>/confirm/", items.item_confirm, name="item_confirm"),
    path("of/<str:number>/items/<int:position>/judge/", items.item_judge, name="item_judge"),
    path("of/<str:number>/items/<int:position>/answer/", items.item_answer, name="item_answer"),
    path("of/<str:number>/items/<int:position>/verify/", items.item_verify, name="item_verify"),
    path("of/<str:number>/items/<int:position>/withdraw/", items.item_withdraw, name="item_withdraw"),
    path("of/<str:number>/objects/add/", items.sample_keep, name="sample_keep"),
    path("of/<str:number>/objects/<int:pk>/move/", items.sample_move, name="sample_move"),
    path("of/<str:number>/objects/<int:pk>/void/", items.sample_void, name="sample_void"),
    path("of/<str:number>/feedback/record/", afterwards.feedback_record, name="feedback_record"),
    path("of/<str:number>/feedback/none/", afterwards.feedback_give_up, name="feedback_give_up"),
    path("of/<str:number>/links/add/", afterwards.link_make, name="link_make"),
    path("of/<str:number>/links/<int:pk>/revoke/", afterwards.link_revoke, name="link_revoke"),
    path("of/<str:number>/lessons/add/", afterwards.lesson_write, name="lesson_write"),
]
