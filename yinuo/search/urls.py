from django.urls import path

from yinuo.search import pages

app_name = "search"

urlpatterns = [
    path("", pages.search, name="search"),
    path("suggest/", pages.suggest, name="suggest"),
]
