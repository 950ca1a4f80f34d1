"""One PostgreSQL cluster in a folder: make it, start it, stop it.

Nothing here counts users; see `holding`.
"""

import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from trustsurvey.postgres import configuration
from trustsurvey.postgres.account import (
    Account,
    own_name,
    reachable,
    server_account,
)
from trustsurvey.postgres.binaries import MAJOR, programs
from trustsurvey.postgres.errors import NotOurs, StartFailed
from trustsurvey.proc import command_of

SYSTEM_HOME = Path("/var/lib/trustsurvey-postgres")
SHORT_FOLDER = Path("/tmp")  # noqa: S108 - exists everywhere; ours in it is private
SOCKET_PATH_LIMIT = 103  # bytes: 107 on Linux, 103 on macOS
PATIENCE = 60.0  # seconds for a start, a recovery after a crash, or a stop


class Address(NamedTuple):
    """Where the server listens, for psycopg.connect(**address._asdict())."""

    host: str
    port: int
    user: str
    dbname: str


class Cluster:
    """The cluster of the state folder `folder`, which need not exist yet.

    Parameters
    ----------
    folder : where data, sockets, logs and locks lie, unless the server's OS user
        cannot get there; then `home` is a folder of our own and `folder/location`
        remembers it.
    throw_away : for tests: nothing waits for the disk.
    """

    def __init__(self, folder: Path, *, throw_away: bool = False) -> None:
        self.folder = folder.resolve()  # one spelling: it names our processes
        self.throw_away = throw_away

    @cached_property
    def account(self) -> Account | None:
        """OS user of the server; None means ourselves."""
        remembered = self._remembered()
        home = Path(remembered["home"]) if remembered else self.folder
        return server_account(home / "data")

    @property
    def home(self) -> Path:
        """Folder that holds everything; changes nothing on disk."""
        remembered = self._remembered()
        if remembered:
            return Path(remembered["home"])
        # data that became unreachable are refused at the start, not replaced
        if (
            self.account is None
            or (self.folder / "data").exists()
            or reachable(self.folder, self.account)
        ):
            return self.folder
        return SYSTEM_HOME / _digest(self.folder)

    @property
    def sockets(self) -> Path:
        """Private folder of the socket; changes nothing on disk."""
        remembered = self._remembered()
        if remembered:
            return Path(remembered["sockets"])
        return self._sockets_for(self.home)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def _launching(self) -> Path:
        return self.home / "launching"

    def address(self, dbname: str = "postgres") -> Address:
        """Return where and as whom the administrator connects."""
        user = configuration.ADMINISTRATOR
        return Address(str(self.sockets), configuration.PORT, user, dbname)

    def settle(self) -> None:
        """Make the folders and remember them where they are not the usual ones."""
        if not self.folder.exists():
            self.folder.mkdir(parents=True)
            self.folder.chmod(0o755)  # ours; what is private in it says so itself
        home = self._settled_home()
        sockets = self._settled_sockets(home)
        if (home, sockets) != (self.folder, self.folder / "s"):
            self._remember({"home": str(home), "sockets": str(sockets)})
        self._private_folder(home / "log")
        if self.throw_away and home.parent == SYSTEM_HOME:
            (home / "throw-away").write_text(str(self.folder))
            self._sweep_thrown_away()

    def start(self) -> None:
        """Make the cluster if need be and start the server, or adopt a running one."""
        self.settle()
        self._refuse_strangers()
        if not self.data.exists():
            self._initialise()
        self._configure()
        deadline = time.monotonic() + PATIENCE
        while not self._ready():
            if self.postmaster() is None:
                self._launch(deadline)
            elif time.monotonic() > deadline:
                raise StartFailed(
                    f"PostgreSQL in {self.data} did not become ready in {PATIENCE:.0f}"
                    f" seconds; the reason is in {self.home / 'log'}."
                )
            else:
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server, by force at last; nothing acknowledged is lost by that."""
        for mode in ("fast", "immediate"):
            if self.postmaster() is None:
                break
            self._run("pg_ctl", "stop", "-s", "-w", "-t", "30", "-m", mode)
        process = self.postmaster()
        if process is not None:
            os.kill(process, signal.SIGKILL)
        if self.sockets.parent == SHORT_FOLDER:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def await_launch(self) -> None:
        """Wait for a server that somebody was killed while launching.

        Its pg_ctl goes on without them, so a look right now could miss it.
        """
        deadline = time.monotonic() + 3
        while self._launching.exists() and self.postmaster() is None:
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        self._launching.unlink(missing_ok=True)

    def postmaster(self) -> int | None:
        """Return the process id of our live server, or None."""
        line = self._pid_file_line(0)
        process = int(line) if line.isdecimal() else 0
        command = command_of(process) if process else None
        if command is None or str(self.data) not in command:
            return None
        return process

    def remove(self) -> None:
        """Delete the cluster with all its data; the caller has made sure of it."""
        self.stop()
        home = self.home
        for folder in (self.sockets, home, self.folder):
            shutil.rmtree(folder, ignore_errors=True)

    # ------------------------------------------------------------------ places

    def _remember(self, record: dict[str, str]) -> None:
        """Write it under another name first: others may be reading."""
        if self._remembered() == record:
            return
        written = self.folder / f"location.{os.getpid()}"
        written.write_text(json.dumps(record) + "\n")
        written.replace(self.folder / "location")

    def _remembered(self) -> dict[str, str] | None:
        try:
            record: dict[str, str] = json.loads((self.folder / "location").read_text())
        except FileNotFoundError:
            return None
        return record

    def _settled_home(self) -> Path:
        home = self.home
        if home == self.folder:
            return home
        try:
            home.mkdir(parents=True, exist_ok=True)
            for folder in (SYSTEM_HOME, home):
                if folder in (home, *home.parents):
                    folder.chmod(0o755)
        except OSError:
            home = Path(tempfile.mkdtemp(prefix="trustsurvey-postgres-"))
            home.chmod(0o755)
        return home

    @staticmethod
    def _sweep_thrown_away() -> None:
        """Delete what killed test runs left; real data are never deleted unasked."""
        for mark in SYSTEM_HOME.glob("*/throw-away"):
            if not Path(mark.read_text()).exists():
                shutil.rmtree(mark.parent, ignore_errors=True)

    def _sockets_for(self, home: Path) -> Path:
        inside = home / "s"
        file = inside / f".s.PGSQL.{configuration.PORT}"
        if len(os.fsencode(file)) <= SOCKET_PATH_LIMIT:
            return inside
        return SHORT_FOLDER / f"trustsurvey-{os.geteuid()}-{_digest(self.folder)}"

    def _settled_sockets(self, home: Path) -> Path:
        sockets = self.sockets if self._remembered() else self._sockets_for(home)
        try:
            self._private_folder(sockets)
        except NotOurs:
            # somebody else has taken our name in the shared folder
            sockets = Path(tempfile.mkdtemp(prefix="trustsurvey-", dir=SHORT_FOLDER))
            self._private_folder(sockets)
        return sockets

    def _private_folder(self, folder: Path) -> None:
        """Make `folder` the server's own, mode 0700; NotOurs if it is another's."""
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
        mine = {os.geteuid(), self.account.uid if self.account else os.geteuid()}
        if folder.parent != SHORT_FOLDER and os.geteuid() == 0:
            mine.add(status.st_uid)  # not in a shared folder, so root may take it
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in mine:
            raise NotOurs(f"{folder} belongs to another OS user: remove it.")
        folder.chmod(0o700)
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)

    def _refuse_strangers(self) -> None:
        if not self.data.exists():
            return
        owner = self.data.stat().st_uid
        if self.account is None and owner != os.geteuid():
            raise NotOurs(
                f"The database in {self.data} belongs to OS user {owner}, perhaps"
                " because root started it: use that user, or set TRUSTSURVEY_VAR to a"
                " folder of your own."
            )
        if self.account and not reachable(self.data.parent, self.account):
            raise NotOurs(
                f"{self.data} is no longer within reach of the OS user"
                f" {self.account.name}, who runs the server: let that user enter the"
                " folders above it again."
            )
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            raise NotOurs(
                f"The data in {self.data} were made by PostgreSQL {version} and this"
                f" is {MAJOR}: move them with pg_dump of version {version}."
            )

    # ---------------------------------------------------------------- programs

    def _initialise(self) -> None:
        """Make the data folder beside its place, so that a half-made one never counts.

        The built-in locale sorts by code point everywhere, so that no upgrade of
        the machine's C library can spoil an index.
        """
        if self.home != self.folder:
            print(
                f"The database lies in {self.home}: the OS user"
                f" {self.account.name if self.account else ''} cannot enter"
                f" {self.folder}.",
                flush=True,
            )
        for abandoned in self.home.glob("data.new-*"):
            shutil.rmtree(abandoned, ignore_errors=True)
        unfinished = self.home / f"data.new-{os.getpid()}"
        self._private_folder(unfinished)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        quick = ["--no-sync"] if self.throw_away else []
        done = self._run(
            *("initdb", "--username", configuration.ADMINISTRATOR, "--encoding=UTF8"),
            *(*locale, "--data-checksums", "--auth=peer", "--no-instructions", *quick),
            data=unfinished,
        )
        if done.returncode:
            raise StartFailed(
                f"initdb in {self.home} failed: {_last_line(done.stderr)}"
            )
        unfinished.rename(self.data)

    def _configure(self) -> None:
        """Write the three files; a running server keeps what it has read."""
        users = ["root", own_name(), *([self.account.name] if self.account else [])]
        texts = {
            "postgresql.conf": configuration.settings_text(
                sockets=self.sockets,
                logs=self.home / "log",
                throw_away=self.throw_away,
            ),
            "pg_hba.conf": configuration.ACCESS,
            "pg_ident.conf": configuration.identities_text(users),
        }
        for name, text in texts.items():
            _write(self.data / name, text, self.account)

    def _launch(self, deadline: float) -> None:
        """Start the server; processes of a killed one may need a moment to leave."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        log = self.home / "log" / "start.log"
        log.unlink(missing_ok=True)
        wait = ["-s", "-w", "-t", f"{PATIENCE:.0f}", "-l", str(log)]
        self._launching.touch()
        done = self._run("pg_ctl", "start", *wait)
        self._launching.unlink(missing_ok=True)
        if done.returncode and time.monotonic() > deadline - PATIENCE + 15:
            reason = _last_line(log.read_text() if log.exists() else done.stderr)
            raise StartFailed(f"PostgreSQL in {self.data} did not start: {reason}")
        if done.returncode:
            time.sleep(0.5)

    def _run(
        self, program: str, *arguments: str, data: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one of the wheel's programs on the data folder, as the server's user."""
        folder = programs(self.account, self.home)
        clean = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
        return subprocess.run(  # noqa: S603 - our own program, no shell
            [str(folder / program), "-D", str(data or self.data), *arguments],
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
            env=clean,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )

    def _ready(self) -> bool:
        return self.postmaster() is not None and self._pid_file_line(7) == "ready"

    def _pid_file_line(self, number: int) -> str:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return ""
        return lines[number].strip() if len(lines) > number else ""


def _digest(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


def _write(path: Path, text: str, account: Account | None = None) -> None:
    """Replace a file in one step, readable by its owner alone."""
    unfinished = path.with_name(path.name + ".new")
    unfinished.write_text(text)
    unfinished.chmod(0o600)
    if account:
        os.chown(unfinished, account.uid, account.gid)
    unfinished.replace(path)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason."
