from django.urls import path

from yinuo.messengers import pages

app_name = "messengers"
urlpatterns = [
    path("", pages.receivers, name="receivers"),
    path("new/", pages.receiver_add, name="receiver_add"),
    path("<int:pk>/", pages.receiver, name="receiver"),
    path("<int:pk>/change/", pages.receiver_change, name="receiver_change"),
    path("<int:pk>/switch/", pages.receiver_switch, name="receiver_switch"),
    path("<int:pk>/test/", pages.receiver_test, name="receiver_test"),
    path("<int:pk>/secret/", pages.receiver_secret, name="receiver_secret"),
    path("deliveries/", pages.deliveries, name="deliveries"),
    path("deliveries/<int:pk>/again/", pages.delivery_again, name="delivery_again"),
]
