"""django-helpdesk's side; runs on the Python of its own environment, and is its settings and its door for gunicorn.

    python peer_helpdesk.py <rows.jsonl>     fills an empty database and prints a session's key

`PEER_DATABASE` names the database as host:port/user/name. Its settings are those of its documentation; only database
connections are kept, as the product keeps them.
"""

import json
import os
import sys
from datetime import UTC, datetime, timedelta

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

_place, _user, _name = os.environ["PEER_DATABASE"].split("/")
settings.configure(
    SECRET_KEY="bench",
    DEBUG=False,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    SITE_ID=1,
    STATIC_URL="/static/",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    LOGIN_URL="/login/",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _name,
            "USER": _user,
            "HOST": _place.split(":")[0],
            "PORT": _place.split(":")[1],
            "CONN_MAX_AGE": 60,
        }
    },
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.sites",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "django.contrib.admin",
        "django.contrib.humanize",
        "rest_framework",
        "helpdesk",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.debug",
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    HELPDESK_TEAMS_MODE_ENABLED=False,
)
django.setup()
urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
application = get_wsgi_application()


def fill(rows: str) -> None:
    from django.contrib.auth import get_user_model
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from helpdesk.models import FollowUp, Queue, Ticket

    call_command("migrate", verbosity=0)
    users = [
        get_user_model().objects.create(username=f"person{n}", email=f"person{n}@example.com", is_staff=True)
        for n in range(20)
    ]
    queue = Queue.objects.create(title="Requirements", slug="req", email_address="req@example.com")
    now = datetime.now(UTC)
    batch = []
    with open(rows, encoding="utf-8") as file:
        for at, line in enumerate(file):
            batch.append((at, json.loads(line)))
            if len(batch) == 1000:
                _write(batch, queue, users, now, Ticket, FollowUp)
                batch = []
    if batch:
        _write(batch, queue, users, now, Ticket, FollowUp)
    session = SessionStore()
    session["_auth_user_id"] = str(users[0].pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = users[0].get_session_auth_hash()
    session.save()
    print(json.dumps({"session": session.session_key}))


def _write(batch, queue, users, now, ticket_model, follow_up_model):
    tickets = ticket_model.objects.bulk_create(
        ticket_model(
            title=row["title"],
            description=row["body"],
            queue=queue,
            submitter_email="customer@example.com",
            created=now - timedelta(minutes=at),
            modified=now,
            assigned_to=users[row["owner"]],
            status=1 if row["is_open"] else 4,
            priority=3,
            due_date=now + timedelta(days=row["due"]),
        )
        for at, row in batch
    )
    follow_up_model.objects.bulk_create(
        follow_up_model(ticket=ticket, date=now, title="Comment", comment=said, public=True, user=users[row["owner"]])
        for ticket, (_at, row) in zip(tickets, batch, strict=False)
        for said in row["comments"]
    )


if __name__ == "__main__":
    fill(sys.argv[1])
