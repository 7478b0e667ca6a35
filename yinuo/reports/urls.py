from django.urls import path

from yinuo.reports.pages import areas, board, bottlenecks, deadlines, moving, overview, repeats, rows, statistics

app_name = "reports"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("board", board.board, name="board"),
    path("board/move", moving.board_move, name="board_move"),
    path("board/undo", moving.board_undo, name="board_undo"),
    path("deadlines", deadlines.deadlines, name="deadlines"),
    path("problem-areas", areas.problem_areas, name="problem_areas"),
    path("repeats", repeats.repeats, name="repeats"),
    path("repeats/<int:pk>", repeats.repeat, name="repeat"),
    path("repeats/<int:pk>/bring", repeats.repeat_bring, name="repeat_bring"),
    path("repeats/<int:pk>/apart/<int:item>", repeats.repeat_apart, name="repeat_apart"),
    path("requests", rows.requests, name="requests"),
    path("asked-before/<str:number>", repeats.asked_before, name="asked_before"),
    path("statistics", statistics.statistics, name="statistics"),
    path("statistics/items", statistics.statistics_items, name="statistics_items"),
    path("statistics/requests", statistics.statistics_requests, name="statistics_requests"),
    path("statistics/steps", bottlenecks.statistics_steps, name="statistics_steps"),
    path("statistics/tasks", bottlenecks.statistics_tasks, name="statistics_tasks"),
    path("tasks", rows.tasks, name="tasks"),
]
