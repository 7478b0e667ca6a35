"""Mails as programs write them, put together for tests."""

from email.message import EmailMessage

SENDER = "张三 <zhang@vw.example>"


def mail(text: str = "请将盐雾试验提高到 720 h。", **lines: str) -> EmailMessage:
    """A mail of a customer; `lines` are headers, underscores for hyphens."""
    it = EmailMessage()
    usual = {
        "From": SENDER,
        "To": "csr@qinghe.example",
        "Subject": "盐雾试验要求",
        "Date": "Fri, 20 Nov 2026 16:20:11 +0800",
        "Message-ID": "<1@vw.example>",
    }
    for name, value in {**usual, **{name.replace("_", "-"): value for name, value in lines.items()}}.items():
        if value:
            it[name] = value
    it.set_content(text)
    return it


def raw(lines: str, body: str = "") -> bytes:
    """A mail written by hand; line ends as on the wire."""
    return (lines.strip("\n") + "\n\n" + body).replace("\n", "\r\n").encode()
