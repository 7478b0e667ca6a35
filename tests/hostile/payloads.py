"""What nobody should enter: naughty texts, numbers, days, choices, files and bodies."""

MARK = "<script>alert(9)</script>"  # must never come back as it is
SUM = "{{7191*7}}"  # must never come back as 50337

TEXTS = {
    "script": f"\"'>{MARK}<img src=x onerror=alert(9)>",
    "long": "长" * 10_001,
    "longest": "x" * 200_000,
    "nul": "a\x00b",
    "controls": "a\x01\x08\x0b\x1b[31m\x7f\x85b",
    "emoji": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 5,
    "override": "\u202egnp.exe\u2066\u200b\ufeff",
    "sql": "'; drop table cases_case; --\" or 1=1",
    "like": "%_\\%[]*?'",
    "formula": "=cmd|' /C calc'!A0",
    "template": SUM + "{% debug %}${7191*7}",
    "blank": " \t\u3000\u00a0 ",
    "lines": "a\r\nSet-Cookie: x=1\r\n\r\nb",
    "format": "%s%n%(x)s{0}{x.__class__}",
    "path": "../../../../etc/passwd\\..\\win.ini",
    "script address": "javascript:alert(9)",
}
NUMBERS = ["99999999999999999999", "-1", "-99999999999999999999", "0", "NaN", "Infinity", "-Infinity", "1e400",
           "1e18", "9223372036854775807", "9223372036854775808", "2147483648", "32768", "1.5",
           "0x10", "١٢٣", "1_000", "²", "9" * 5000]  # fmt: skip
DAYS = ["0000-00-00", "0001-01-01", "1900-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "2026-13-01", "31/12/2026",
        "now", "9999-12-31T23:59", "0001-01-01T00:00", "2026-11-22T25:61", "2026-01-01T00:00+99:99"]  # fmt: skip
CHOICES = ["no-such-choice", "on", "[]", "{}", "null", "True", "[object Object]"]
VERSIONS = ["-1", "0", str(2**31), str(2**63), str(2**70), "x", "", "1.0", "NaN"]
KEYS = ["", "x", "x" * 81, "a\x00" * 10, "<script>alert(9)</script>", "钥" * 40]

# As they stand in a body that a browser would never send: half a character, a stray byte, an escape cut short.
RAW = [b"%ED%A0%80x", b"%FF%FE", b"%C0%AF", b"%", b"%00", b"&&&===", b"%F0%9F%92", b"+%u0041"]

NAMES = ["../../../etc/passwd", "..\\..\\win.ini", "a\x00b.png", "\u202egnp.exe", "名" * 300 + ".pdf",
         "a\r\nX-Evil: 1.txt", 'a"; filename="b.html', "<script>alert(9)</script>.svg", ".htaccess", "CON", " ",
         "a/b/c.txt", "=cmd|.csv"]  # fmt: skip
