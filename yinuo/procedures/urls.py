"""Addresses of procedures, tasks and runs."""

from django.urls import path

from yinuo.procedures.pages import moves, procedures, runs, tasks

app_name = "procedures"
urlpatterns = [
    path("", procedures.procedures, name="procedures"),
    path("publish", procedures.publish, name="publish"),
    path("publish/preview", procedures.publish_preview, name="publish_preview"),
    path("of/<str:key>", procedures.procedure, name="procedure"),
    path("of/<str:key>/<int:number>", procedures.edition, name="edition"),
    path("tasks/<int:task_id>", tasks.task, name="task"),
    path("tasks/<int:task_id>/form", tasks.task_form, name="task_form"),
    path("tasks/<int:task_id>/submit", tasks.task_submit, name="task_submit"),
    path("tasks/<int:task_id>/draft", tasks.task_draft, name="task_draft"),
    path("tasks/<int:task_id>/paper", tasks.task_paper, name="task_paper"),
    path("tasks/<int:task_id>/take", moves.task_take, name="task_take"),
    path("tasks/<int:task_id>/return", moves.task_return, name="task_return"),
    path("tasks/<int:task_id>/withdraw", moves.task_withdraw, name="task_withdraw"),
    path("tasks/<int:task_id>/reassign", moves.task_reassign, name="task_reassign"),
    path("tasks/<int:task_id>/delegate", moves.task_delegate, name="task_delegate"),
    path("tasks/<int:task_id>/delegate/end", moves.task_end_delegation, name="task_end_delegation"),
    path("tasks/<int:task_id>/signer", moves.task_add_signer, name="task_add_signer"),
    path("tasks/<int:task_id>/copy", moves.task_copy, name="task_copy"),
    path("tasks/<int:task_id>/remind", moves.task_remind, name="task_remind"),
    path("tasks/<int:task_id>/retry", moves.task_retry, name="task_retry"),
    path("tasks/<int:task_id>/opinion", moves.opinion_enter, name="opinion_enter"),
    path("tasks/<int:task_id>/opinion/confirm", moves.opinion_confirm, name="opinion_confirm"),
    path("tasks/<int:task_id>/opinion/reject", moves.opinion_reject, name="opinion_reject"),
    path("tasks/<int:task_id>/opinion/withdraw", moves.opinion_withdraw, name="opinion_withdraw"),
    path("people/<int:person_id>", tasks.person_tasks, name="person_tasks"),
    path("runs/of/<str:subject_type>/<int:subject_id>", runs.run, name="run"),
    path("runs/<int:run_id>", runs.run_chart, name="run_chart"),
    path("runs/<int:run_id>/hold", runs.run_hold, name="run_hold"),
    path("runs/<int:run_id>/resume", runs.run_resume, name="run_resume"),
    path("runs/<int:run_id>/terminate", runs.run_terminate, name="run_terminate"),
    path("runs/<int:run_id>/reopen", runs.run_reopen, name="run_reopen"),
    path("runs/<int:run_id>/migrate", runs.run_migrate, name="run_migrate"),
]
