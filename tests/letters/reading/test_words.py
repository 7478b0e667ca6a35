"""Words in whatever character set: bodies, headers, names of files; declared rightly, wrongly or not at all."""

import base64
from urllib.parse import quote

import pytest

from yinuo.letters.definition import Fault
from yinuo.letters.readers import charsets, headers, mail

CHINESE = "您好，请贵司确认附件图纸中的尺寸要求，谢谢！朱镕基"
TRADITIONAL = "請貴公司確認附件圖紙中的尺寸要求"
JAPANESE = "こんにちは、図面を確認してください"
KOREAN = "안녕하세요 도면을 확인해 주십시오"


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        (CHINESE, "gb18030", "gb2312"),
        (CHINESE, "gb18030", "GBK"),
        (CHINESE, "gb18030", ""),
        (CHINESE, "gb18030", "utf-8"),
        (CHINESE, "gb18030", "iso-8859-1"),
        (CHINESE, "gb18030", "us-ascii"),
        (CHINESE, "gb18030", "x-made-up-9"),
        (CHINESE, "utf-8", "gb2312"),
        (CHINESE, "utf-8", ""),
        (CHINESE, "utf-8", "windows-1252"),
        (CHINESE, "utf-8", "_unknown"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "big5", ""),
        (TRADITIONAL, "big5", "gb2312"),
        ("您好请确认", "hz", "hz-gb-2312"),
        ("您好请确认", "hz", ""),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (JAPANESE, "iso2022_jp", "us-ascii"),
        (JAPANESE, "cp932", "shift_jis"),
        (KOREAN, "iso2022_kr", "iso-2022-kr"),
        (KOREAN, "euc_kr", "ks_c_5601-1987"),
        (KOREAN, "euc_kr", ""),
        ("Grüße aus München", "latin-1", "iso-8859-1"),
        ("Grüße aus München", "latin-1", ""),
        ("“Toleranz” – 5 µm", "cp1252", "iso-8859-1"),
    ],
)
def test_a_body_reads_as_it_was_written(text: str, codec: str, declared: str) -> None:
    assert charsets.decode(text.encode(codec), declared)[0] == text


def test_iso_2022_cn_and_a_space_of_old_programs() -> None:
    shifted = bytes(byte & 0x7F for byte in "您好".encode("gb2312"))
    assert charsets.decode(b"\x1b$)A\x0e" + shifted + b"\x0f ok", "ISO-2022-CN")[0] == "您好 ok"
    assert charsets.decode(b"\xa3\xa0\xc4\xfa", "gbk")[0] == "\u3000您"


def test_what_was_wrong_is_said() -> None:
    assert charsets.decode(CHINESE.encode("gb18030"), "gb2312")[1] is None
    assert charsets.decode(CHINESE.encode("gb18030"), "utf-8")[1].fault is Fault.CHARSET_WRONG  # type: ignore[union-attr]
    assert charsets.decode(b"plain", "rot13")[1].fault is Fault.CHARSET_UNKNOWN  # type: ignore[union-attr]


def encoded(text: str, codec: str, name: str, *, cut: int, way: str = "b") -> bytes:
    """Encoded words cut after every so many bytes, wherever characters end."""
    content = text.encode(codec)
    pieces = [content[at : at + cut] for at in range(0, len(content), cut)]
    if way == "b":
        return b"\r\n ".join(b"=?%s?B?%s?=" % (name.encode(), base64.b64encode(piece)) for piece in pieces)
    quoted = [b"".join(b"=%02X" % byte for byte in piece) for piece in pieces]
    return b"\r\n ".join(b"=?%s?Q?%s?=" % (name.encode(), piece) for piece in quoted)


@pytest.mark.parametrize("way", ["b", "q"])
@pytest.mark.parametrize("cut", [5, 7, 30])
@pytest.mark.parametrize(("codec", "name"), [("gb18030", "gb2312"), ("utf-8", "UTF-8"), ("gb18030", "GBK")])
def test_encoded_words_cut_in_the_middle_of_a_character(codec: str, name: str, cut: int, way: str) -> None:
    assert headers.words(encoded(CHINESE, codec, name, cut=cut, way=way)) == CHINESE


def test_base64_cut_within_its_groups_of_four() -> None:
    whole = base64.b64encode(CHINESE.encode())
    line = b" ".join(b"=?utf-8?b?%s?=" % whole[at : at + 10] for at in range(0, len(whole), 10))
    assert headers.words(line) == CHINESE


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("盐雾试验 720h".encode(), "盐雾试验 720h"),
        ("盐雾试验要求".encode("gbk"), "盐雾试验要求"),
        (b"=?utf-8?Q?Salt_spray?= 720h", "Salt spray 720h"),
        (b"Re: =?gb2312?B?0c7O7Q==?= =?gb2312?B?ytTR6Q==?= (720h)", "Re: 盐雾试验 (720h)"),
        (b"=?utf-8?Q?What??= now", "What? now"),
        (b"a\r\n b", "a b"),
        (b"=?utf-8?B?!!!?=", ""),
        (b"=?nowhere?Q?abc?=", "abc"),
        ("x\u202egnp.exe".encode(), "xgnp.exe"),
        (b"=?utf-8", "=?utf-8"),
    ],
)
def test_lines_of_words(line: bytes, said: str) -> None:
    assert headers.words(line) == said


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b"zhang@vw.example", ["zhang@vw.example"]),
        (b'"Zhang, San" <Zhang@VW.Example>', ["Zhang, San <Zhang@vw.example>"]),
        (b"=?gb2312?B?1cXI/Q==?= <z@vw.example>, li@vw.example", ["张三 <z@vw.example>", "li@vw.example"]),
        (b'"=?gb2312?B?1cXI/Q==?=" <z@vw.example>', ["张三 <z@vw.example>"]),
        ("张三 <z@vw.example>".encode("gbk"), ["张三 <z@vw.example>"]),
        (b"z@vw.example (Zhang San)", ["Zhang San <z@vw.example>"]),
        (b"team: a@b.example, c@d.example;", ["a@b.example", "c@d.example"]),
        (b"undisclosed-recipients:;", []),
        (b"=?utf-8?B?5byg5LiJIDx6QHZ3LmV4YW1wbGU+?=", ["张三 <z@vw.example>"]),
        (b'"never closed <z@vw.example>', ["never closed <z@vw.example>"]),
        (b"a@b.example; c@d.example", ["a@b.example", "c@d.example"]),
        (b"", []),
    ],
)
def test_addresses(line: bytes, found: list[str]) -> None:
    assert [str(each) for each in headers.addresses(line)] == found


NAME = "附件1：上汽大众 盐雾试验要求（2026版）.pdf"


def continued(codec: str, said: str) -> bytes:
    coded = quote(NAME.encode(codec), safe="")
    pieces = [coded[at : at + 20] for at in range(0, len(coded), 20)]  # percent signs are cut as well
    lines = [f"filename*{number}*={said if number == 0 else ''}{piece}" for number, piece in enumerate(pieces)]
    return ("attachment;\r\n " + ";\r\n ".join(lines)).encode()


@pytest.mark.parametrize(
    "line",
    [
        continued("utf-8", "UTF-8'zh'"),
        continued("gb18030", "gb2312''"),
        b'attachment; filename="' + NAME.encode() + b'"',
        b'attachment; filename="' + NAME.encode("gbk") + b'"',
        b"attachment; filename=" + encoded(NAME, "gb18030", "gb18030", cut=900),
        b'attachment; filename="' + encoded(NAME, "utf-8", "utf-8", cut=20) + b'"',
        b"attachment; filename*=utf-8''" + quote(NAME).encode() + b'; filename="x.pdf"',
    ],
)
def test_names_of_files(line: bytes) -> None:
    content = (
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: "
        b"application/pdf\r\n"
        b"Content-Disposition: " + line + b"\r\n\r\n%PDF\r\n--x--\r\n"
    )
    (file,) = mail.read(content).files
    assert file.name == NAME
    assert file.content == b"%PDF"


def test_a_name_is_only_a_name() -> None:
    assert headers.file_name("..\\..\\windows/系统.exe") == "系统.exe"
    assert headers.file_name("x" * 300 + ".pdf").endswith("x.pdf")
    assert len(headers.file_name("盐" * 400)) == 150


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026年11月20日 16:20", "2026-11-20T16:20:00+08:00"),
        ("2026年11月20日(星期五) 下午4:20", "2026-11-20T16:20:00+08:00"),
        ("2026-11-20 16:20:11", "2026-11-20T16:20:11+08:00"),
        ("2026/11/20 4:20 PM", "2026-11-20T16:20:00+08:00"),
        ("2026年11月20日 GMT+8 16:20:11", "2026-11-20T16:20:11+08:00"),
        ("Friday, November 20, 2026 4:20 PM", "2026-11-20T16:20:00+08:00"),
        ("Fri, Nov 20, 2026 at 4:20 PM", "2026-11-20T16:20:00+08:00"),
        ("Freitag, 20. November 2026 16:20", "2026-11-20T16:20:00+08:00"),
        ("November 20, 2026 at 4:20:11 PM GMT-5", "2026-11-20T16:20:11-05:00"),
        ("Fri, 20 Nov 2026 16:20:11 +0100", "2026-11-20T16:20:11+01:00"),
        ("2026年13月40日", None),
        ("soon", None),
    ],
)
def test_moments_in_words(said: str, moment: str | None) -> None:
    found = headers.date_in_words(said)
    assert (found.isoformat() if found else None) == moment
