"""Addresses of the room."""

from django.urls import path

from yinuo.letters.pages import letters, mailboxes, mails, talks

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
    path("mails/", mails.mails, name="mails"),
    path("mails/add/", mails.mail_upload, name="mail_upload"),
    path("mails/<int:pk>/", mails.mail, name="mail"),
    path("mails/<int:pk>/hand-on/", mails.mail_hand_on, name="mail_hand_on"),
    path("mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("mailboxes/add/", mailboxes.mailbox_add, name="mailbox_add"),
    path("mailboxes/<int:pk>/change/", mailboxes.mailbox_change, name="mailbox_change"),
    path("mailboxes/<int:pk>/look/", mailboxes.mailbox_look, name="mailbox_look"),
    path("release-rules/", talks.release_rules, name="release_rules"),
]
