"""What docs/api.md has people copy works as it stands there."""

import re
import shlex
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.translation import gettext

from config import api as assembled
from tests.api.programs import Program
from tests.hostile.world import World

DOCS = Path(__file__).resolve().parents[2] / "docs" / "api.md"


def copied() -> list[list[str]]:
    """The arguments of every curl in the document, in order."""
    blocks = re.findall(r"```sh\n(.*?)```", DOCS.read_text(), re.S)
    lines = [line for block in blocks for line in re.split(r"\n(?=\w)", block.replace("\\\n", " "))]
    return [shlex.split(line) for line in lines if line.startswith("curl")]


@pytest.mark.parametrize("number", range(len(copied())))
def test_what_is_copied_works(world: World, number: int) -> None:
    program = Program(world.company.lina)
    program.client.defaults["HTTP_HOST"] = "localhost"
    case = world.rows["case"]
    method, headers, body, files, url = "GET", dict[str, str](), "", dict[str, object](), ""
    words = iter(copied()[number][1:])
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _colon, value = next(words).partition(": ")
            headers[name] = value.replace("$TOKEN", program.token)
        elif word == "-d":
            body = next(words)
        elif word == "-F":
            name, _sign, said = next(words).partition("=")
            is_file = said.startswith("@")
            files[name] = SimpleUploadedFile("original.txt", b"original") if is_file else said
        elif word != "-s":
            url = word.replace("$URL", "/api/v1")
    # The demo company's numbers are not those of the company here.
    url = url.replace("CSR-2026-0010", case.number).replace("cases.case/10", f"cases.case/{case.pk}")
    body = body.replace('"customer": 5', f'"customer": {world.rows["customer"].pk}')
    clause = world.rows["clause"]
    version = clause.clause.judgement.version if "/clauses/" in url else case.version
    headers = {name: value.replace('"1"', f'"{version}"') for name, value in headers.items()}
    if "customer" in files:
        files["customer"] = str(world.rows["customer"].pk)
    url = url.replace("/editions/1/", f"/editions/{world.rows['edition'].pk}/")
    url = url.replace("/clauses/1", f"/clauses/{clause.pk}")
    if files:
        answer = program.client.post(url, files, headers=headers)
    else:
        kind = headers.pop("Content-Type", "application/json")
        answer = program.client.generic(method, url, body, content_type=kind, headers=headers)
    assert answer.status_code in (200, 201), (url, answer.content.decode())


def test_there_is_something_to_copy() -> None:
    assert len(copied()) >= 6


def test_every_call_and_group_is_described_in_chinese() -> None:
    schema = assembled.api.get_openapi_schema(path_prefix="/api/v1/")
    calls = [call for calls in schema["paths"].values() for call in calls.values()]
    with translation.override("zh-hans"):
        said = {words for call in calls for words in (f"api.{call['tags'][0]}", call["summary"])}
        assert sorted(words for words in said if gettext(words) == words) == []
