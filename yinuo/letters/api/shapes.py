"""What calls about talks and letters are sent and answer."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from yinuo.kit import api


class TalkSubject(Schema):
    """What a talk is about."""

    type: str
    id: int
    label: str


class Talk(Schema):
    """A talk with one customer about one matter; `url` is its page."""

    id: int
    title: str
    customer: api.Named
    purpose: str
    state: str
    subject: TalkSubject
    due_at: datetime | None
    opened_at: datetime
    last_at: datetime
    outcome: str
    version: int
    url: str

    @staticmethod
    def resolve_url(row: Any) -> str:
        return str(row.get_absolute_url())


class LetterFile(Schema):
    """A file of a letter; `token` leads to its bytes (`/files/{token}`)."""

    token: str
    name: str
    kind: str


class Recipient(Schema):
    """To whom a mail goes, and what became of it there."""

    kind: str
    name: str
    address: str
    state: str
    words: str


class LetterMail(Schema):
    """The mail that carries a letter, and how far it came: waiting, sending, uncertain, sent, failed or cancelled."""

    state: str
    heading: str
    sent_at: datetime | None
    error: str
    recipients: list[Recipient]

    @staticmethod
    def resolve_recipients(row: Any) -> list[Any]:
        return list(row.recipients.all())


class Letter(Schema):
    """One thing said, `in` from the customer or `out` to them. `is_answer`: it answers the request; once it is sent,
    the customer counts as told."""

    id: int
    direction: str
    state: str
    way: str
    contact: api.Named | None
    speaker: str
    heading: str
    text: str
    said_at: datetime | None
    entered_at: datetime
    asked_at: datetime | None
    sent_back_reason: str
    released_at: datetime | None
    confirmation: str
    confirm_due_on: date | None
    is_answer: bool
    version: int


class OneLetter(Letter):
    """A letter with its talk, its files and its latest mail."""

    talk: int
    files: list[LetterFile]
    mail: LetterMail | None

    @staticmethod
    def resolve_talk(row: Any) -> int:
        return int(row.thread_id)

    @staticmethod
    def resolve_files(row: Any) -> list[Any]:
        return list(row.shown_files)

    @staticmethod
    def resolve_mail(row: Any) -> Any:
        return row.shown_mail


class OneTalk(Talk):
    """A talk with all its letters, in the order in which they were entered."""

    letters: list[OneLetter]

    @staticmethod
    def resolve_letters(row: Any) -> list[Any]:
        return list(row.shown_letters)


class NewTalk(api.Asked):
    """A talk to open: its matter in one line, and why."""

    title: str = Field(min_length=1, max_length=200)
    purpose: str = Field(max_length=20)
    due_at: datetime | None = None


class Outcome(api.Asked):
    """The wording both sides agreed on."""

    wording: str = Field(min_length=1, max_length=20_000)


class TalkReason(api.Asked):
    """Why."""

    reason: str = Field(max_length=2000)


class NewLetter(api.Asked):
    """A letter to draft. `ask`: put it before whoever releases. Files are hung on `letters.letter` afterwards."""

    text: str = Field(min_length=1, max_length=50_000)
    contact: int | None = None
    way: str = Field("mail", max_length=20)
    heading: str = Field("", max_length=150)
    is_answer: bool = False
    ask: bool = False


class ChangedLetter(api.Asked):
    """What is to be written anew; what is left out stays, null empties."""

    text: str | None = Field(None, max_length=50_000)
    contact: int | None = None
    way: str | None = Field(None, max_length=20)
    heading: str | None = Field(None, max_length=150)
    is_answer: bool | None = None
    ask: bool | None = None


class Received(api.Asked):
    """What the customer said or wrote. `confirms`: the letter of spoken words that it confirms."""

    text: str = Field(min_length=1, max_length=50_000)
    way: str = Field(max_length=20)
    said_at: datetime
    contact: int | None = None
    speaker: str = Field("", max_length=100)
    confirm_due_on: date | None = None
    confirms: int | None = None


class Sent(api.Asked):
    """How and when a released letter went out."""

    sent_at: datetime
    way: str | None = Field(None, max_length=20)
    is_answer: bool | None = None
    answer_due_at: datetime | None = None


class ByMail(api.Asked):
    """To whom a released letter goes by mail, by keys of contacts, and which files go along, by their tokens."""

    to: list[int] = Field(min_length=1, max_length=50)
    cc: list[int] = Field([], max_length=50)
    heading: str | None = Field(None, max_length=150)
    files: list[str] = Field([], max_length=50)
    is_answer: bool | None = None
    answer_due_at: datetime | None = None


class Decided(api.Asked):
    """Whether a mail that was perhaps sent arrived; if not, it is sent again."""

    arrived: bool


class ConfirmedBy(api.Asked):
    """The letter in which the customer confirmed spoken words; null: they do not confirm them."""

    letter: int | None


class Begun(Schema):
    """What a letter of a talk begins with by a template; gaps are in the text as 〔…〕."""

    heading: str
    text: str
    contact: int | None
    is_answer: bool
