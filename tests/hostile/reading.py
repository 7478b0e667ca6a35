"""Reading the forms of a page as a browser would: where each is sent, its fields, and what stands in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser

Attributes = dict[str, str]


@dataclass
class Field:
    """One named control: its kind (text, hidden, checkbox, select, file …), what stands in it, what may be chosen."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)

    def plausible(self) -> str:
        """What an honest person might enter."""
        if self.value or self.name == "next":
            return self.value
        if self.kind in ("select", "radio", "checkbox"):
            return next((each for each in self.options if each), "1")
        days = {"date": date(2026, 12, 1).isoformat(), "datetime-local": "2026-11-02T09:00", "time": "09:00"}
        kinds = {**days, "number": "1", "email": "a@b.example", "url": "https://a.example/"}
        return kinds.get(self.kind, "一句话")


@dataclass
class Form:
    """A form that is sent by POST."""

    action: str
    fields: dict[str, Field] = field(default_factory=dict)

    def plausible(self) -> dict[str, str]:
        return {name: each.plausible() for name, each in self.fields.items() if each.kind != "file"}


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms, self.named = page, [], {}
        self.open: Form | None = None
        self.area: Field | None = None
        self.select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        it: Attributes = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.open = None
            if it.get("method", "").lower() == "post" or "hx-post" in it:
                self.open = Form(it.get("action") or it.get("hx-post") or self.page)
                self.forms.append(self.open)
                self.named[it.get("id", "")] = self.open
        elif tag in ("input", "textarea", "select", "button") and it.get("name"):
            self._control(tag, it)
        elif tag == "option" and self.select:
            self.select.options.append(it.get("value", ""))
            if "selected" in it:
                self.select.value = it.get("value", "")

    def _control(self, tag: str, it: Attributes) -> None:
        form = self.named.get(it["form"]) if it.get("form") else self.open
        if form is None or it["name"] == "csrfmiddlewaretoken":
            return
        kind = it.get("type", "text") if tag == "input" else tag
        found = form.fields.setdefault(it["name"], Field(it["name"], kind))
        value = it.get("value", "")
        if kind in ("radio", "checkbox", "button"):
            value = value or ("on" if kind == "checkbox" else "")
            found.options.append(value)
            found.value = found.value or (value if "checked" in it else "")
        elif kind not in ("select", "textarea", "file"):
            found.value = value
        self.area = found if tag == "textarea" else None
        self.select = found if tag == "select" else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.value += data.removeprefix("\n")


def forms_of(page: str, html: str) -> Iterator[Form]:
    """The forms on a page that are sent by POST, but those of its frame (sign out, language)."""
    reader = _Reader(page)
    reader.feed(html)
    for form in reader.forms:
        if not form.action.startswith(("/org/sign-out", "/org/language")):
            yield form
