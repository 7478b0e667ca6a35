"""Mails passed on: whoever's program wrote the block, the mail is its first sender's, of its own day."""

from email.message import EmailMessage

import pytest

from tests.letters.reading import mails
from yinuo.letters.readers import mail, quoting

BLOCKS = {
    "Outlook zh": "请处理\n\n发件人: 张三 <zhang@vw.example>\n发送时间: 2026年11月20日 16:20\n收件人: 李娜 "
        "<lina@qinghe.example>; 王五\n"
    "抄送: 赵六\n主题: 盐雾试验要求\n\n请提高到 720 h\n",
    "Outlook en": "FYI\n\nFrom: 张三 <zhang@vw.example>\nSent: Friday, November 20, 2026 4:20 PM\n"
    "To: Li Na <lina@qinghe.example>\nSubject: 盐雾试验要求\n\n请提高到 720 h",
    "Outlook old": "看\n\n-----邮件原件-----\n发件人: 张三 [mailto:zhang@vw.example] \n发送时间: 2026年11月20日 "
        "16:20\n收件人: 李娜\n"
    "主题: 盐雾试验要求\n\n请提高到 720 h",
    "Outlook de": "Zur Info\n\nVon: 张三 <zhang@vw.example>\nGesendet: Freitag, 20. November 2026 16:20\nAn: Li Na\n"
    "Betreff: 盐雾试验要求\n\n请提高到 720 h",
    "Foxmail": "请看\n\n \n发件人： 张三<zhang@vw.example>\n发送时间： 2026-11-20 16:20\n收件人： "
        "lina@qinghe.example\n主题： 盐雾试验要求\n"
    "请提高到 720 h",
    "QQ mail": '请看\n\n------------------ 原始邮件 ------------------\n发件人: "张三" <zhang@vw.example>;\n'
    '发送时间: 2026年11月20日(星期五) 下午4:20\n收件人: "李娜"<lina@qinghe.example>;\n\n主题: 盐雾试验要求\n\n\n'
    '\n请提高到 720 h',
    "NetEase": '请看\n\n-------- 转发邮件信息 --------\n发件人："张三" <zhang@vw.example>\n发送日期：2026-11-20 16:20\n'
    "收件人：lina@qinghe.example\n主题：盐雾试验要求\n请提高到 720 h",
    "NetEase table": "---- 转发的邮件 ----\n| 发件人 | 张三<zhang@vw.example> |\n| 发送日期 | 2026年11月20日 16:20 |\n"
    "| 收件人 | lina<lina@qinghe.example> |\n| 主题 | 盐雾试验要求 |\n请提高到 720 h",
    "WeCom mail": "请处理\n\n\n\n发件人: 张三<zhang@vw.example>\n发送时间: 2026年11月20日(星期五) 16:20\n"
    "收件人: 李娜<lina@qinghe.example>\n主题: 盐雾试验要求\n\n请提高到 720 h",
    "Gmail": "---------- Forwarded message ---------\nFrom: 张三 <zhang@vw.example>\nDate: Fri, Nov 20, 2026 at "
        "4:20 PM\n"
    "Subject: 盐雾试验要求\nTo: <lina@qinghe.example>\n\n\n请提高到 720 h",
    "Gmail zh": "---------- Forwarded message ---------\n发件人： 张三 <zhang@vw.example>\nDate: "
        "2026年11月20日周五 16:20\n"
    "Subject: 盐雾试验要求\nTo: <lina@qinghe.example>\n\n请提高到 720 h",
    "Apple Mail": "Begin forwarded message:\n\n> From: 张三 <zhang@vw.example>\n> Subject: 盐雾试验要求\n"
    "> Date: November 20, 2026 at 4:20:00 PM GMT+8\n> To: lina@qinghe.example\n> \n> 请提高到 720 h\n",
    "Apple Mail zh": "开始转发的邮件：\n\n发件人: 张三 <zhang@vw.example>\n主题: 盐雾试验要求\n日期: "
        "2026年11月20日 GMT+8 16:20:00\n"
    "收件人: lina@qinghe.example\n\n请提高到 720 h",
    "Thunderbird": "-------- Forwarded Message --------\nSubject: \t盐雾试验要求\nDate: \tFri, 20 Nov 2026 "
        "16:20:00 +0800\n"
    "From: \t张三 <zhang@vw.example>\nTo: \tlina@qinghe.example\n\n\n\n请提高到 720 h",
    "Thunderbird zh": "-------- 转发的消息 --------\n主题: \t盐雾试验要求\n日期: \tFri, 20 Nov 2026 16:20:00 +0800\n"
    "发件人: \t张三 <zhang@vw.example>\n收件人: \tlina@qinghe.example\n\n请提高到 720 h",
    "spaced labels": "发 件 人： 张三 <zhang@vw.example>\n发送时间： 2026-11-20 16:20\n收 件 人： 李娜\n主  "
        "题： 盐雾试验要求\n\n请提高到 720 h",
    "wrapped": "-----Original Message-----\nFrom: 张三\n<zhang@vw.example>\nSent: Friday, November 20, 2026 4:20 PM\n"
    "To: a <a@b.example>;\nc <c@d.example>\nSubject: 盐雾试验要求\n\n请提高到 720 h",
    "bold in Gmail": "*From:* 张三 <zhang@vw.example>\n*Sent:* Friday, November 20, 2026 4:20 PM\n*To:* a\n"
    "*Subject:* 盐雾试验要求\n\n请提高到 720 h",
}  # fmt: skip


@pytest.mark.parametrize("program", BLOCKS)
@pytest.mark.parametrize("mark", ["转发: ", "FW: ", "Fwd: ", "WG: ", "回复转发：", "Re: FW: "])
def test_a_block_tells_whose_mail_it_is(program: str, mark: str) -> None:
    it = mails.mail(BLOCKS[program], From="李娜 <lina@qinghe.example>", Subject=f"{mark}盐雾试验要求")
    read = mail.read(it.as_bytes())
    (original,) = read.originals
    assert str(original.sender) == mails.SENDER
    assert original.said_at is not None
    assert original.said_at.isoformat() == "2026-11-20T16:20:00+08:00"
    assert original.subject == "盐雾试验要求"
    assert original.text == "请提高到 720 h"
    assert "720" not in read.own_text
    assert "720" in read.text


def test_the_block_of_an_html_mail() -> None:
    it = mails.mail("", Subject="转发: 盐雾")
    it.set_content(
        "<div>请处理</div><div style='border-top:solid'><b>发件人:</b> 张三 &lt;zhang@vw.example&gt;<br>"
        "<b>发送时间:</b> 2026年11月20日 16:20<br><b>收件人:</b> 李娜<br><b>主题:</b> "
        "盐雾试验要求</div><p>请提高到 720 h</p>",
        subtype="html",
    )
    read = mail.read(it.as_bytes())
    assert [str(each.sender) for each in read.originals] == [mails.SENDER]
    assert read.own_text == "请处理"


def test_passed_on_twice_the_outermost_comes_first() -> None:
    text = (
        "A\n\n发件人: 李娜 <lina@qinghe.example>\n发送时间: 2026年11月20日 18:20\n收件人: 周华\n主题: FW: 盐雾\n"
        "\n转给你\n\n"
        "发件人: 张三 <zhang@vw.example>\n发送时间: 2026年11月20日 16:20\n收件人: 李娜\n主题: 盐雾\n\n您好"
    )
    read = mail.read(mails.mail(text, Subject="FW: FW: 盐雾").as_bytes())
    assert [each.sender.address for each in read.originals] == ["lina@qinghe.example", "zhang@vw.example"]


def test_attached_whole_byte_for_byte() -> None:
    inner = mails.mail()
    it = EmailMessage()
    it["From"], it["Subject"] = "lina@qinghe.example", "转发：盐雾"
    it.set_content("请处理")
    it.add_attachment(inner)
    read = mail.read(it.as_bytes())
    (original,) = read.originals
    assert original.is_attached
    assert str(original.sender) == mails.SENDER
    assert original.said_at is not None
    (nested,) = read.nested
    assert nested.message_id == "1@vw.example"
    (file,) = read.files
    assert file.name == "盐雾试验要求.eml"
    assert mail.read(file.content) == nested


def test_an_answer_with_its_history_is_not_passed_on() -> None:
    text = "可以。\n\n" + BLOCKS["Outlook zh"]
    read = mail.read(mails.mail(text, Subject="回复: 盐雾试验要求").as_bytes())
    assert read.originals == ()
    assert read.own_text == "可以。\n\n请处理"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("好的\n\n在 2026年11月20日，16:20，张三 <a@b.cn> 写道：\n> 您好", "好的"),
        ("好的\n\nOn Fri, Nov 20, 2026 at 4:20 PM Zhang <a@b.cn> wrote:\n\n> Hello\n", "好的"),
        ("好\n\n张三 <a@b.cn> 于2026年11月20日周五 16:20写道：\n> x", "好"),
        ("On 20 Nov, Zhang wrote:\n> q1\nA1\n> q2\nA2", "A1\nA2"),
        ("好\n---- 回复的原邮件 ----\n| 发件人 | 张<a@b.c> |", "好"),
        ("On the drawing we wrote:\n12.5 mm", "On the drawing we wrote:\n12.5 mm"),
        ("发件人: 请注意\n其他", "发件人: 请注意\n其他"),
    ],
)
def test_history_is_cut_off_and_kept(text: str, own: str) -> None:
    assert quoting.own_words(text) == own
