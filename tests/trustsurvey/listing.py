"""The live processes of this machine, for tests that count strays."""

import psutil  # type: ignore[import-untyped]

from trustsurvey.proc import command_of


def live_commands(marker: str) -> dict[int, str]:
    """Return number and command line of each live process that names `marker`."""
    commands = {process: command_of(process) for process in psutil.pids()}
    return {key: text for key, text in commands.items() if text and marker in text}
