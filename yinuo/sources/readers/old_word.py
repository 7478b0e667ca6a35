"""Old Word (.doc), RTF and OpenDocument text, turned into .docx by LibreOffice where it is installed."""

import os
import shutil
import signal
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
        _run(command)
        made = file.with_suffix(".docx")
        if not made.exists():
            raise Unreadable(Fault.DAMAGED)
        return made.read_bytes()


def _run(command: list[str]) -> None:
    """Run the program; when it takes too long, it ends with all that it has started, so that nothing waits for it."""
    silent = subprocess.DEVNULL
    started = subprocess.Popen(  # noqa: S603
        command, stdin=silent, stdout=silent, stderr=silent, start_new_session=True
    )
    try:
        started.wait(SECONDS)
    except subprocess.TimeoutExpired:
        if hasattr(os, "killpg"):
            os.killpg(started.pid, signal.SIGKILL)
        started.kill()
        started.wait()
        raise Unreadable(Fault.TOO_LONG, str(SECONDS)) from None
