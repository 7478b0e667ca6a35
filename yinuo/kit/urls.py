"""The developers' gallery of components, where Django's debug mode is on; nothing otherwise."""

from django.conf import settings
from django.urls import path

from yinuo.kit import gallery

app_name = "kit"
urlpatterns = (
    [
        path("gallery/", gallery.gallery, name="gallery"),
        path("gallery/panel/", gallery.gallery_panel, name="gallery_panel"),
        path("gallery/refusal/", gallery.gallery_refusal, name="gallery_refusal"),
    ]
    if settings.DEBUG
    else []
)
