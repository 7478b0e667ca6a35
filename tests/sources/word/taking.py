"""Takes the gold numbers from LibreOffice: `python -m tests.sources.word.taking` (needs soffice; the tests do not)."""

import json
import subprocess
import tempfile
from pathlib import Path

from tests.sources.word import shelf

GOLD = Path(__file__).parent / "gold"


def taken(content: bytes) -> list[str]:
    """The lines of the text that LibreOffice makes of a Word file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "asked.docx"
        file.write_bytes(content)
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile"]
        command += ["--convert-to", "txt:Text (encoded):UTF8", "--outdir", folder, str(file)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return file.with_suffix(".txt").read_text("utf-8-sig").splitlines()


if __name__ == "__main__":
    for name, make in shelf.FILES.items():
        lines = taken(make().content())
        (GOLD / f"{name}.json").write_text(json.dumps(lines, ensure_ascii=False, indent=0) + "\n", "utf-8")
        print(name, len(lines))
