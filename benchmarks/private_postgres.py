"""A PostgreSQL server of one's own: a fresh cluster on loopback, run by an unprivileged user, gone at the end.

Apart because tests and benchmarks need the same one. It is a real server, Debian's or whichever is installed.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg

OWNER = "keeper"
"""The superuser of the cluster."""

_START_SECONDS = 60


def programs() -> Path | None:
    """The folder of the newest PostgreSQL installed here; None where there is none."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    if found:
        return max(found, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0)
    return Path(on_path).parent if on_path else None


class Cluster:
    """A server that can be stopped, killed and started again."""

    def __init__(self, folder: Path, binaries: Path, settings: Sequence[str] = ()) -> None:
        """Make a cluster in an empty folder; it is not started yet."""
        self.folder = folder
        self.password = secrets.token_urlsafe(12)
        self.port = _free_port()
        self._binaries = binaries
        self._settings = settings
        self._server: subprocess.Popen[bytes] | None = None
        self._user = _unprivileged()
        if self._user:
            shutil.chown(folder, self._user)
        secret = folder / "password"
        secret.write_text(self.password)
        if self._user:
            shutil.chown(secret, self._user)
        self._run("initdb", "-D", str(folder / "data"), "-U", OWNER, "-A", "scram-sha-256", f"--pwfile={secret}",
                  "--no-sync", "-E", "UTF8", "--locale=C")  # fmt: skip

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = ["-D", str(self.folder / "data"), "-p", str(self.port), "-h", "127.0.0.1", "-k", str(self.folder)]
        changed = [part for setting in self._settings for part in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [str(self._binaries / "postgres"), *options, *changed],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                user=self._user,
                group=_group(self._user),
                extra_groups=[] if self._user else None,
                start_new_session=True,
            )
        end = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-2_000:]}")
            time.sleep(0.1)

    def kill(self) -> None:
        """End the server and all that belongs to it at once, as a crash of the machine's would."""
        assert self._server is not None
        workers = _children(self._server.pid)
        for process in (self._server.pid, *workers):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._server.wait()
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """End it at once, whoever is connected: nothing of it is kept."""
        if self._server is None:
            return
        with suppress(ProcessLookupError):
            os.kill(self._server.pid, signal.SIGQUIT)
        try:
            self._server.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def execute(self, statement: str) -> None:
        """Run one statement as the superuser, outside a transaction."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def database(self, like: str = "template1") -> Iterator[str]:
        """The address of a new database, a copy of another, which is dropped at the end."""
        name = f"made_{secrets.token_hex(4)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        yield self.url(name)
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def crowded(self) -> Iterator[None]:
        """While this lasts, every connection of the server is taken."""
        with ExitStack() as taken:
            with suppress(psycopg.OperationalError):
                while True:
                    taken.enter_context(psycopg.connect(self.url()))
            yield

    def url(self, database: str = "postgres", user: str = OWNER, password: str | None = None) -> str:
        """Where a database of it is reached."""
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def _answers(self) -> bool:
        asked = [str(self._binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(asked, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._binaries / program), *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            user=self._user,
            group=_group(self._user),
            extra_groups=[] if self._user else None,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr}")


@contextmanager
def private_cluster(*settings: str) -> Iterator[Cluster]:
    """A running server, stopped and removed at the end, also after a failure.

    Args:
        settings: For the server, such as "max_connections=50".

    Raises:
        FileNotFoundError: there is no PostgreSQL here.
    """
    binaries = programs()
    if binaries is None:
        raise FileNotFoundError("There is no PostgreSQL here; `apt-get install postgresql` brings it.")
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        cluster = Cluster(Path(folder), binaries, settings)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()


def _unprivileged() -> str | None:
    """Whom the server runs as where we are root, whom it refuses; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def _children(process: int) -> list[int]:
    """Processes that this one has started, as the kernel lists them."""
    return [int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _group(user: str | None) -> int | None:
    return pwd.getpwnam(user).pw_gid if user else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
