"""The product's settings with a worker that notices a killed one within seconds."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, Q_CLUSTER

ROOMS = ["yinuo.kit", "yinuo.records", "yinuo.org"]
INSTALLED_APPS = [
    *ROOMS,
    "tests.kit.workshop",
    *(app for app in INSTALLED_APPS if not app.startswith("yinuo.")),
]
ROOT_URLCONF = "tests.kit.worker_settings"  # the addresses are those of all rooms
urlpatterns: list[object] = []
Q_CLUSTER = {**Q_CLUSTER, "timeout": 8, "retry": 10, "poll": 0.2}
