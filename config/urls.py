"""Each room brings its own addresses under its own name; the desk holds the root, `config.api` what programs call."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path, re_path

from config import api

urlpatterns = [
    path("api/", api.docs, name="api"),
    path("api/openapi.json", api.schema, name="schema"),
    path("api/v1/", api.api.urls),
    re_path(r"^api/(?P<rest>[\s\S]*)$", api.nowhere, name="nowhere"),
]
for _room in reversed(settings.ROOMS):
    if find_spec(f"{_room}.urls") is not None:
        _name = _room.rpartition(".")[2]
        urlpatterns.append(path("" if _name == "desk" else f"{_name}/", include(f"{_room}.urls")))

handler400 = "yinuo.kit.pages.bad_request"
handler403 = "yinuo.kit.pages.forbidden"
handler404 = "yinuo.kit.pages.not_found"
handler500 = "yinuo.kit.pages.broken"
