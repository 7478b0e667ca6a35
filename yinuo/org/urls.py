from django.urls import path

from yinuo.org.pages import signing_in

app_name = "org"
urlpatterns = [
    path("sign-in", signing_in.sign_in, name="sign_in"),
    path("sign-in/demo", signing_in.demo_sign_in, name="demo_sign_in"),
    path("sign-out", signing_in.sign_out, name="sign_out"),
    path("language", signing_in.language, name="language"),
    path("invitation/<str:token>", signing_in.invitation, name="invitation"),
]
