"""Where in a mail's words somebody else's begin: quoted history, and mails passed on with a block of lines on top.

The blocks are those of Outlook, Foxmail, QQ mail, NetEase, WeCom mail, Gmail, Apple Mail and Thunderbird, in Chinese,
English and German.
"""

import re
from datetime import datetime, timezone

from yinuo.letters.definition import Original
from yinuo.letters.readers import headers

LONGEST = 400_000  # characters in which blocks are looked for
MOST_ORIGINALS = 10
LABELS = {
    "sender": "发件人 寄件人 寄件者 发送人 发信人 from von de 差出人",
    "date": "发送时间 发送日期 发件时间 日期 时间 寄件日期 日期时间 sent date datum gesendet 送信日時 envoyé",
    "to": "收件人 收件者 收信人 to an à 宛先",
    "cc": "抄送 抄送人 副本 cc kopie",
    "subject": "主题 主旨 标题 subject betreff objet 件名",
    "other": "bcc 密送 附件 attachments reply-to 回复 重要性 importance wichtigkeit anlagen organization 答复",
}
LABEL = {word: field for field, found in LABELS.items() for word in found.split()}
BLOCK_LINE = re.compile(
    r"^[>\s*_]{0,12}([^\W\d_][^\W\d_\s\-]{0,14}(?:[ \u3000-]{1,6}[^\W\d_]{1,12}){0,3})[*_\s\u3000]{0,9}"
    r"[:：][*_]{0,3}[ \t\u3000]*(.*)$"
)
TABLE_LINE = re.compile(r"^[>\s]{0,12}\|\s*([^|\s][^|]{0,14})\|([^|]*)\|?\s*$")
RULE = re.compile(r"^[>\s]{0,12}[-—_=*]{4,60}\s*[^-—_=*\n]{0,40}?\s*[-—_=*]{0,60}\s*$")
PREFIX = re.compile(
    r"^\s*(?:\[[^\]]{1,30}\]\s*|【[^】]{1,30}】\s*)?(回复转发|转发回复|答复转发|转发|轉寄|轉發|转寄|fwd?|wg|tr|rv|weitergeleitet|回复|答复|回覆|答覆|re|aw|sv|antw|"
    r"转|回)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*",
    re.IGNORECASE,
)
FORWARDS = frozenset({
    "回复转发", "转发回复", "答复转发", "转发", "轉寄", "轉發", "转寄", "转", "fw", "fwd", "wg", "tr", "rv",
    "weitergeleitet",
})  # fmt: skip
FORWARD_MARK = re.compile(
    r"^[>\s]{0,12}(?:[-—_*]{2,40}\s*)?(?:begin forwarded message|forwarded message|forwarded by|forwarded mail|"
    r"转发的?邮件信息|转发的?邮件|转发邮件信息|"
    r"转发的消息|转发消息|开始转发的邮件|开始转发的信息|以下是转发的邮件|下面是被转发邮件的内容|被转发邮件信息|轉寄郵件|已轉寄郵件|轉寄的郵件|轉寄訊息|"
    r"weitergeleitete nachricht|anfang der weitergeleiteten nachricht)[^\n]{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)
HISTORY = re.compile(
    r"^[>\s]{0,12}(?:"
    r"[-—_*=]{2,40}\s*(?:原始邮件|回复的原邮件|原邮件|邮件原件|原始郵件|原文|历史邮件|original message|original|"
    r"ursprüngliche nachricht|original mail)[^\n]{0,40}"
    r"|on (?=[^\n]*[\d@])[^\n]{4,200}(?:\n[^\n]{0,120})?wrote\s*[:：]"
    r"|am (?=[^\n]*[\d@])[^\n]{4,200}(?:\n[^\n]{0,120})?schrieb[^\n]{0,160}[:：]"
    r"|(?:在|于|於)\s?\d{4}[^\n]{4,200}(?:\n[^\n]{0,120})?(?:写道|寫道|写到|发表)\s*[:：]?"
    r"|[^\n]{1,160}(?:于|在|於)\s?\d{4}[^\n]{4,80}(?:写道|寫道)\s*[:：]?"
    r"|(?:at|在)\s\d{4}-\d\d-\d\d[^\n]{4,200}(?:wrote|写道)\s*[:：]"
    r")\s*$",
    re.IGNORECASE | re.MULTILINE,
)


def prefixes(subject: str) -> tuple[list[str], str]:
    """The marks in front of a subject (回复, FW, …) in small letters, and the subject itself."""
    found: list[str] = []
    while (mark := PREFIX.match(subject)) and len(found) < 50:
        found.append(mark[1].lower())
        subject = subject[mark.end() :]
    return found, subject.strip()


def is_forwarded(subject: str) -> bool:
    """Whether the subject says that somebody passed it on."""
    return any(mark in FORWARDS for mark in prefixes(subject)[0])


def originals(subject: str, text: str, zone: timezone | None = None) -> tuple[Original, ...]:
    """The mails passed on inside these words, outermost first; none when it is only an answer with its history."""
    text = text[:LONGEST]
    mark = FORWARD_MARK.search(text)
    if mark is None and not is_forwarded(subject):
        return ()
    found: list[Original] = []
    blocks = [each for each in _blocks(text) if mark is None or each.start >= mark.start() or is_forwarded(subject)]
    for index, block in enumerate(blocks[:MOST_ORIGINALS]):
        end = blocks[index + 1].start if index + 1 < len(blocks) else len(text)
        senders = headers.addresses(_bare(block.said["sender"]).encode())
        if not senders:
            continue
        found.append(
            Original(
                sender=senders[0],
                said_at=_date(block.said.get("date", ""), zone),
                subject=headers.line(block.said.get("subject", ""))[:500],
                to=headers.addresses(_bare(block.said.get("to", "")).encode()),
                cc=headers.addresses(_bare(block.said.get("cc", "")).encode()),
                text=_unquoted(text[block.end : end]),
            )
        )
    return tuple(found)


def _date(said: str, zone: timezone | None) -> datetime | None:
    return headers.date_in_words(said, zone) if said else None


def _bare(said: str) -> str:
    """Addresses as programs show them, as the standard writes them: [mailto:a@b], full-width marks, "代表"."""
    said = re.sub(r"[\[<(]\s*mailto:\s*([^\]>)\s]{1,254})\s*[\]>)]", r"<\1>", said, flags=re.IGNORECASE)
    said = said.replace("；", ";").replace("，", ",").replace("＜", "<").replace("＞", ">").strip("*_ ")
    return re.sub(r"[(（](?:mailto:)?([^\s()（）<>]{1,100}@[^\s()（）<>]{1,150})[)）]", r"<\1>", said)


class _Block:
    """Lines like 发件人 / 发送时间 / 收件人 / 主题, one below the other."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.end = start
        self.said: dict[str, str] = {}

    @property
    def is_whole(self) -> bool:
        return "sender" in self.said and len(self.said.keys() & {"date", "to", "subject"}) >= 2


def _blocks(text: str) -> list[_Block]:
    """All blocks, each beginning at the rule above it where there is one. Values may go on in the next line."""
    found: list[_Block] = []
    block: _Block | None = None
    at, rule, blank, last = 0, None, 0, ""
    for line in text.splitlines(keepends=True):
        bare = line.strip("\r\n")
        field, value = _labelled(bare)
        if field:
            if block is None or (field == "sender" and "sender" in block.said):
                block = _Block(rule if rule is not None else at)
            block.said.setdefault(field, value)
            block.end, last, blank = at + len(line), field, 0
        elif block is not None:
            is_more = last in ("to", "cc", "sender", "subject", "date") and _goes_on(bare, block, last)
            if is_more:
                block.said[last] = f"{block.said[last]} {bare.strip()}".strip()
                block.end = at + len(line)
            blank += not bare.strip("> \t\u3000")
            if not is_more and (blank > 1 or bare.strip("> \t\u3000")):
                found += [block] if block.is_whole else []
                block, blank = None, 0
        if block is None:
            is_rule = RULE.match(bare) or FORWARD_MARK.match(bare)
            rule = at if is_rule else rule if not bare.strip("> \t\u3000") else None
        else:
            rule = None
        at += len(line)
    if block is not None and block.is_whole:
        found.append(block)
    return found


def _labelled(line: str) -> tuple[str, str]:
    if len(line) > 4000:
        return "", ""
    found = BLOCK_LINE.match(line) or TABLE_LINE.match(line)
    if found is None:
        return "", ""
    label = re.sub(r"[\s\u3000*_]", "", found[1]).lower()
    return LABEL.get(label, ""), found[2].strip()


def _goes_on(line: str, block: _Block, last: str) -> bool:
    """Whether a line without a label belongs to the value above: a value that was empty, or addresses that wrap."""
    said = block.said[last].strip("*_ ")
    bare = line.strip("> \t\u3000")
    if not bare or len(bare) > 300:
        return False
    if not said:
        return True
    if last == "sender":
        return "@" in bare and "@" not in said
    return last in ("to", "cc") and ("@" in bare or said.endswith((",", ";", "；", "，")))


def _unquoted(text: str) -> str:
    lines = text.strip("\n").splitlines()
    filled = [line for line in lines if line.strip()]
    if filled and all(line.lstrip().startswith(">") for line in filled):
        lines = [re.sub(r"^\s*>\s?", "", line) for line in lines]
    return "\n".join(lines).strip()


def own_words(text: str) -> str:
    """The words without quoted history. Answers written below or between quoted lines stay."""
    if len(text) > LONGEST:
        return text
    ends = [each.start for each in _blocks(text)[:1]]
    said = HISTORY.search(text)
    if said is not None:
        rest = text[said.end() :]
        below = [line for line in rest.splitlines() if not line.lstrip().startswith(">")]
        if any(line.lstrip().startswith(">") for line in rest.splitlines()[:4]) and any(map(str.strip, below)):
            return _without_quotes(text[: said.start()] + rest)
        ends.append(said.start())
    own = text[: min(ends)] if ends else text
    return _without_quotes(own)


def _without_quotes(text: str) -> str:
    lines = text.splitlines()
    kept = [line for line in lines if not line.lstrip().startswith(">")]
    own = "\n".join(kept)
    return re.sub(r"\n{3,}", "\n\n", own).strip()
