"""Addresses of the room."""

from django.urls import path

from yinuo.watches import pages

app_name = "watches"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("pages/", pages.watched, name="watched"),
    path("pages/add/", pages.page_add, name="page_add"),
    path("pages/<int:pk>/", pages.page, name="page"),
    path("pages/<int:pk>/change/", pages.page_change, name="page_change"),
    path("pages/<int:pk>/look/", pages.page_look, name="page_look"),
    path("pages/<int:pk>/decide/", pages.page_decide, name="page_decide"),
    path("pages/<int:pk>/visits/<int:visit>/", pages.difference, name="difference"),
]
