"""What was wrong with a mail, or could not be read of it, in a sentence for people."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from yinuo.letters.definition import Fault

SENTENCES = {
    Fault.NOT_A_MAIL: _("This is no mail that could be read; the file is kept as it came."),
    Fault.DAMAGED: _("The mail is damaged and could not be read; the original is kept."),
    Fault.NO_SENDER: _("It does not say who wrote it."),
    Fault.NO_DATE: _("It does not say when it was written."),
    Fault.NO_WORDS: _("It has neither words nor files."),
    Fault.BROKEN_PARTS: _("Its parts are put together wrongly; something may be missing. See the original."),
    Fault.UNCLOSED_PARTS: _("It stops in the middle; something may be missing. See the original."),
    Fault.TOO_DEEP: _("Mails lie too deep inside one another; the innermost were not opened. See the original."),
    Fault.TOO_MANY_PARTS: _("It has more than a thousand parts; the others were not opened. See the original."),
    Fault.TOO_LARGE: _("It is larger than 50 MB; only its beginning was read."),
    Fault.TEXT_CUT: _("Its text is very long and was cut. See the original."),
    Fault.CHARSET_UNKNOWN: _("It names a character set that nobody knows (%(about)s); its words were guessed."),
    Fault.CHARSET_WRONG: _("It names a wrong character set (%(about)s); its words were read as another one."),
    Fault.CHARSET_GUESSED: _("It names no character set; its words were guessed."),
    Fault.CODING_BROKEN: _("A file in it may be incomplete: %(about)s"),
    Fault.REMOTE_IMAGES: _("Pictures from other servers are not loaded: they would tell the sender who reads it."),
    Fault.SIGNED: _("It is signed electronically; the signature was not verified."),
    Fault.ENCRYPTED: _("It is encrypted and was not opened. Please open it in your mail program."),
    Fault.ELSEWHERE: _("A file lies on another server and was not fetched: %(about)s"),
    Fault.FRAGMENT: _("It is one piece of a mail that was sent in several."),
    Fault.TNEF_DAMAGED: _("Outlook's wrapping (%(about)s) is damaged; what could be read of it was taken out."),
}


def sentences(remarks: Iterable[dict[str, str]]) -> list[str]:
    """The sentences of remarks as they stand on a mail, each once."""
    found = []
    for remark in remarks:
        sentence = str(SENTENCES[Fault(remark["fault"])])
        found.append(sentence % {"about": remark["about"] or "—"} if "%(about)s" in sentence else sentence)
    return list(dict.fromkeys(found))
