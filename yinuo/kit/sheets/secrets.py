"""Columns of passwords: nobody may bring them in, and nothing of such a file is kept."""

import re
import unicodedata
from collections.abc import Iterator

from yinuo.kit.sheets.definition import Book, Grid, address

WITHIN = 30  # rows in which headings stand
_WHOSE = "初始|默认|原始|登录|登陆|签名|账号|帐号|账户|用户名?|系统|开机|邮箱|网站|平台|门户(?:网站)?"
_SECRET = re.compile(
    rf"(?:(?:{_WHOSE})[/、及和与+&]*)*(?:密码|口令)|"
    r"(?:(?:initial|default|login|account|user|portal|system|signing)[/&+]*)*(?:password|passwd|pwd|passcode)s?"
)


def column_of_passwords(book: Book) -> tuple[str, str, str] | None:
    """Sheet, cell and words of a heading under which passwords stand, in whatever sheet; None where there is none."""
    return next((found for grid in book.grids for found in _headings(grid)), None)


def _headings(grid: Grid) -> Iterator[tuple[str, str, str]]:
    for number, row in enumerate(grid.rows[:WITHIN], 1):
        if sum(value not in (None, "") for value in row) < 2:
            continue
        for column, value in enumerate(row, 1):
            if isinstance(value, str) and _is_secret(value) and _has_values(grid, number, column):
                yield grid.name, address(number, column), " ".join(value.split())


def _is_secret(words: str) -> bool:
    plain = re.sub(r"[\s*＊:：（）()_-]+", "", unicodedata.normalize("NFKC", words).casefold())
    return len(plain) <= 24 and _SECRET.fullmatch(plain) is not None


def _has_values(grid: Grid, row: int, column: int) -> bool:
    return any(len(line) >= column and line[column - 1] not in (None, "") for line in grid.rows[row:])
