"""Addresses of the room."""

from django.urls import path

from yinuo.letters.pages import letters, mailboxes, mails, progress, sending, talks, wording

app_name = "letters"
urlpatterns = [
    path("", talks.talks, name="talks"),
    path("about/<str:subject_type>/<int:subject_id>/", talks.threads, name="threads"),
    path("about/<str:subject_type>/<int:subject_id>/open/", talks.thread_open, name="thread_open"),
    path("<int:pk>/", talks.thread, name="thread"),
    path("<int:pk>/outcome/", talks.thread_outcome, name="thread_outcome"),
    path("<int:pk>/close/", talks.thread_close, name="thread_close"),
    path("<int:pk>/reopen/", talks.thread_reopen, name="thread_reopen"),
    path("<int:pk>/draft/", letters.draft_add, name="draft_add"),
    path("<int:pk>/incoming/", letters.incoming_add, name="incoming_add"),
    path("letter/<int:pk>/change/", letters.draft_change, name="draft_change"),
    path("letter/<int:pk>/release/", letters.letter_release, name="letter_release"),
    path("letter/<int:pk>/send-back/", letters.letter_send_back, name="letter_send_back"),
    path("letter/<int:pk>/withdraw/", letters.letter_withdraw, name="letter_withdraw"),
    path("letter/<int:pk>/sent/", letters.letter_sent, name="letter_sent"),
    path("letter/<int:pk>/confirmation/", letters.spoken_settle, name="spoken_settle"),
    path("<int:pk>/begin/", wording.draft_begin, name="draft_begin"),
    path("letter/<int:pk>/mail/", sending.letter_mail, name="letter_mail"),
    path("letter/<int:pk>/mail/cancel/", sending.mail_cancel, name="mail_cancel"),
    path("letter/<int:pk>/mail/now/", sending.mail_now, name="mail_now"),
    path("letter/<int:pk>/mail/decide/", sending.mail_decide, name="mail_decide"),
    path("templates/", wording.templates, name="templates"),
    path("templates/add/", wording.template_add, name="template_add"),
    path("templates/<str:kind>/<str:language>/", wording.template, name="template"),
    path("templates/<str:kind>/<str:language>/preview/", wording.template_preview, name="template_preview"),
    path("progress/", progress.plans, name="plans"),
    path("progress/<int:pk>/now/", progress.plan_now, name="plan_now"),
    path("about/<str:subject_type>/<int:subject_id>/progress/", progress.plan, name="plan"),
    path("mails/", mails.mails, name="mails"),
    path("mails/add/", mails.mail_upload, name="mail_upload"),
    path("mails/<int:pk>/", mails.mail, name="mail"),
    path("mails/<int:pk>/hand-on/", mails.mail_hand_on, name="mail_hand_on"),
    path("mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("mailboxes/add/", mailboxes.mailbox_add, name="mailbox_add"),
    path("mailboxes/<int:pk>/change/", mailboxes.mailbox_change, name="mailbox_change"),
    path("mailboxes/<int:pk>/look/", mailboxes.mailbox_look, name="mailbox_look"),
    path("mailboxes/<int:pk>/sender/", mailboxes.sender, name="sender"),
    path("release-rules/", talks.release_rules, name="release_rules"),
]
