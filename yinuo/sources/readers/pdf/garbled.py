"""Pages whose fonts say another letter than they show: what a program copies out of them is no language.

Some programs leave the numbers of a font's drawings where its letters should stand. Read so, a Chinese page becomes
letters of a dozen scripts, mixed within each word; no page that somebody wrote looks like that.
"""

import re

USUAL = re.compile(
    r"[\u0000-\u052f\u1e00-\u1fff\u2000-\u33ff\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U0001d400-\U0001d7ff]"
)
FEWEST = 20  # letters that tell
SHARE = 4  # one letter in so many is of a script that is seldom written
SCRIPTS = 8  # stretches of 128 signs they come from; a text in Thai or Arabic keeps to a few
STRETCH = 7  # bits of a sign's place within its stretch


def is_garbled(text: str) -> bool:
    """Whether the letters of a page cannot be what it shows."""
    letters = [sign for sign in text if sign.isalpha()]
    strange = [sign for sign in letters if not USUAL.match(sign)]
    scripts = {ord(sign) >> STRETCH for sign in strange}
    return len(strange) >= FEWEST and len(strange) * SHARE >= len(letters) and len(scripts) >= SCRIPTS
