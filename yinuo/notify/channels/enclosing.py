"""Words, pictures and files into a mail that is about to leave. Knows no database and no Django."""

from email.message import EmailMessage

from yinuo.kit.enclosing import Enclosed


def enclose(letter: EmailMessage, enclosed: Enclosed) -> None:
    """Say `enclosed` instead of the mail's own sentence: as plain text, as HTML with its pictures, then the files."""
    letter.set_content(enclosed.text, cte="base64")
    letter.add_alternative(enclosed.html, subtype="html", cte="base64")
    html = list(letter.iter_parts())[1]
    assert isinstance(html, EmailMessage)  # noqa: S101  the part just added
    for name, content in enclosed.pictures.items():
        html.add_related(content, "image", "png", cid=f"<{name}>", filename=f"{name}.png", disposition="inline")
    for name, kind, content in enclosed.files:
        main, _slash, sub = kind.partition("/")
        letter.add_attachment(content, main, sub, filename=name)
