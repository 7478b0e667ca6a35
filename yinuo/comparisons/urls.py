from django.urls import path

from yinuo.comparisons import pages

app_name = "comparisons"
urlpatterns = [
    path("", pages.comparisons, name="comparisons"),
    path("new/", pages.comparison_new, name="comparison_new"),
    path("<int:pk>/", pages.comparison, name="comparison"),
    path("<int:pk>/decide/", pages.comparison_decide, name="comparison_decide"),
    path("<int:pk>/decide-all/", pages.comparison_decide_all, name="comparison_decide_all"),
    path("<int:pk>/confirm/", pages.comparison_confirm, name="comparison_confirm"),
    path("<int:pk>/drop/", pages.comparison_drop, name="comparison_drop"),
    path("<int:pk>/source/", pages.comparison_source, name="comparison_source"),
]
