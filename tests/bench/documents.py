"""What reading documents costs: `python -m tests.bench.documents`.

A PDF of some 200 pages beside pdfium alone, a Word file of 300 clauses, two editions of some thousand clauses; seconds
of CPU, and the peak of memory.
"""

import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import pypdfium2 as pdfium

from tests.sources import editions
from tests.sources.pdf import making, texts
from tests.sources.word.making import Made, asks, definition, level, number, p
from yinuo.sources.readers import pdf, word
from yinuo.sources.rules import comparing, splitting


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.process_time()
    made = what()
    return time.process_time() - begin, made


def long_text() -> texts.Text:
    said = []
    for chapter in range(1, 81):
        said.append((1, f"{chapter} 章节标题{chapter}"))
        for place in range(1, 26):
            term = texts.TERMS[(chapter + place) % 5] + texts.TERMS[chapter * place % 5]
            said.append((0, f"{chapter}.{place} 对于第 {chapter * 31 + place} 类零件，{term}"))
    return texts.Text("zh", said)


def word_file() -> bytes:
    levels = [level(at, "decimal", ".".join(f"%{k + 1}" for k in range(at + 1))) for at in range(3)]
    body = [p(f"供方应当执行第 {at} 项要求，并保存记录 15 年。", number=asks(1, at % 3)) for at in range(300)]
    return Made(body, [definition(0, levels), number(1, 0)]).content()


def bare(content: bytes) -> int:
    document = pdfium.PdfDocument(content)
    return sum(len(page.get_textpage().get_text_range()) for page in document)


def main() -> None:
    content = making.by_typst(long_text())
    alone, _signs = timed(lambda: bare(content))
    read, reading = timed(lambda: pdf.read(content))
    split, clauses = timed(lambda: splitting.split(reading.blocks))
    print(f"PDF of {len(reading.pages)} pages: {read:.2f} s to blocks (pdfium alone {alone:.2f} s), {split:.2f} s to")
    print(f"  {len(clauses.clauses)} clauses")
    made = word_file()
    both, split_ = timed(lambda: splitting.split(word.read(made).blocks))
    print(f"Word file: {both:.2f} s to {len(split_.clauses)} clauses")
    pair = editions.made(30, is_chinese=True, chapters=70)
    compared, _matches = timed(lambda: comparing.compare(pair.old, pair.new))
    print(f"editions of {len(pair.old)} and {len(pair.new)} clauses: {compared:.2f} s")
    print(f"peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


if __name__ == "__main__":
    sys.exit(main())
