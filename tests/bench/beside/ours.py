"""What the bench has to know of the loaded product: a session, the pages, what a registration says."""

import json

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.bench import serving
from yinuo.cases import models as cases
from yinuo.customers import models as customers
from yinuo.org import models as org
from yinuo.org.pages import presence


def main(size: str) -> None:
    reader = org.Person.objects.get(sign_in=serving.READER)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(reader, backend=presence.BACKEND)
    everything = reverse("cases:cases")
    case = cases.Case.objects.filter(state="active").order_by("-pk")[0]
    found = {
        "cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}",
        "new": reverse("cases:case_new"),
        "customer": customers.Customer.objects.order_by("pk")[0].pk,
        "pages": {
            "list, 50 rows": [everything],
            "one owner's open ones, by due date": [f"{everything}?state=open&owner={reader.pk}&sort=due"],
            "one of them": [case.get_absolute_url()],
            "search of a word": [f"{reverse('search:search')}?q=welding"],
            "all as a file": [f"{everything}?sort=newest&excel=cases"],
        },
    }
    print(json.dumps(found))
