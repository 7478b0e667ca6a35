"""Old Word (.doc), RTF and OpenDocument text, turned into .docx by LibreOffice where it is installed."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from yinuo.sources.definition import Fault, Unreadable

SECONDS = 90


def converted(content: bytes) -> bytes:
    """The same document as .docx; `Unreadable` asks for a .docx where no program here can make one."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise Unreadable(Fault.OLD_WORD)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "asked.doc"
        file.write_bytes(content)
        command = [program, "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile"]
        command += ["--convert-to", "docx", "--outdir", folder, str(file)]
        try:
            subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise Unreadable(Fault.TOO_LONG, str(SECONDS)) from None
        made = file.with_suffix(".docx")
        if not made.exists():
            raise Unreadable(Fault.DAMAGED)
        return made.read_bytes()
