from django.urls import path

from yinuo.reports.pages import board, deadlines, moving, overview, rows

app_name = "reports"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("board", board.board, name="board"),
    path("board/move", moving.board_move, name="board_move"),
    path("board/undo", moving.board_undo, name="board_undo"),
    path("deadlines", deadlines.deadlines, name="deadlines"),
    path("requests", rows.requests, name="requests"),
    path("tasks", rows.tasks, name="tasks"),
]
