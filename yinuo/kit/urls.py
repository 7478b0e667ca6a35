"""What pages share has few addresses of its own; the developers' gallery only where Django's debug mode is on."""

from django.conf import settings
from django.urls import path

from yinuo.kit import gallery, undoing

app_name = "kit"
urlpatterns = [path("undo/<str:offer>/", undoing.undo, name="undo")]
if settings.DEBUG:
    urlpatterns += [
        path("gallery/", gallery.gallery, name="gallery"),
        path("gallery/panel/", gallery.gallery_panel, name="gallery_panel"),
        path("gallery/refusal/", gallery.gallery_refusal, name="gallery_refusal"),
    ]
