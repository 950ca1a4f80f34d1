"""What the operating system says about a process, on Linux and macOS."""

import subprocess
from pathlib import Path

_PROC = Path("/proc")


def command_of(process: int) -> str | None:
    """Return the command line of a live process; None if it is gone or a zombie.

    /proc comes first because slim containers have no `ps`.
    """
    if (_PROC / "self" / "stat").exists():
        return _command_in_proc(_PROC / str(process))
    done = subprocess.run(  # noqa: S603 - fixed program, a number as argument
        ["/bin/ps", "-ww", "-o", "stat=", "-o", "command=", "-p", str(process)],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    state, _, command = done.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else command.strip()


def _command_in_proc(folder: Path) -> str | None:
    try:
        state = (folder / "stat").read_text(errors="replace").rpartition(")")[2]
        command = (folder / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return None
    if state.split()[0] in {"Z", "X"}:
        return None
    return command.replace(b"\0", b" ").decode(errors="replace").strip()
