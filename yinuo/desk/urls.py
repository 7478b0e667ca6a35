from django.urls import path

from yinuo.desk import pages

app_name = "desk"
urlpatterns = [path("", pages.work, name="work")]
