"""The program under test: `serve` on free ports, its journal, its end."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM = os.environ.get("MAILFAULT", os.path.join(os.path.dirname(__file__), "..", "build", "mailfault"))
USER, PASSWORD = "user@example.com", "open-sesame"
POLL = 0.005


def wait_until(ready, within=20, what="it"):
    """What `ready` returns, as soon as that is true."""
    deadline = time.monotonic() + within
    while True:
        found = ready()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come within {within} s")
        time.sleep(POLL)


def run(*words, timeout=30, **more):
    """The program run to its end: exit status, standard output, standard error."""
    done = subprocess.run([PROGRAM, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=timeout, **more)
    return done.returncode, done.stdout, done.stderr


class Server:
    """`mailfault serve` on scenarios. As a context manager it is stopped at the end, and what it said and wrote is
    printed if the test failed.

    `exit_status` is what the program must leave with when it is stopped.
    """

    def __init__(self, *scenarios, options=(), exit_status=0, port="0", prefix=()):
        self.scenarios = scenarios
        self.exit_status = exit_status
        self.folder = tempfile.TemporaryDirectory(prefix="mailfault-test-")
        os.chmod(self.folder.name, 0o777)
        self.journal_path = os.path.join(self.folder.name, "journal.jsonl")
        self.port_path = os.path.join(self.folder.name, "ports.json")
        self.command = [*prefix, PROGRAM, "serve", *scenarios, "--port", port, "--port-file", self.port_path,
                        "--journal", self.journal_path, *options]
        self.said = open(os.path.join(self.folder.name, "said"), "w+b")
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=self.said,
                                        stderr=subprocess.STDOUT)
        self.ports = None

    def __enter__(self):
        try:
            self.wait_ready()
        except BaseException:
            self.close(True)
            raise
        return self

    def __exit__(self, kind, *_):
        failed = kind is not None
        try:
            if not failed:
                self.stop()
        except BaseException:
            failed = True
            raise
        finally:
            self.close(failed)

    def wait_ready(self):
        def ready():
            return os.path.exists(self.port_path) or self.process.poll() is not None
        wait_until(ready, what="the port file")
        if not os.path.exists(self.port_path):
            raise AssertionError(f"serve ended with {self.process.returncode}: {self.output()}")
        with open(self.port_path, encoding="utf-8") as file:
            self.ports = json.load(file)

    def port(self, scenario=None, door=None):
        """The port of a door; of the only scenario and its only door, if not named."""
        doors = self.ports[scenario] if scenario else next(iter(self.ports.values()))
        return doors[door] if door else next(iter(doors.values()))

    def command_line(self, text):
        """A line for --commands."""
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def journal(self, **wanted):
        """The events written so far, those whose fields are as wanted."""
        try:
            with open(self.journal_path, "rb") as file:
                whole, _, _ = file.read().rpartition(b"\n")
        except FileNotFoundError:
            return []
        events = (json.loads(line) for line in whole.splitlines())
        return [event for event in events if all(event.get(name) == value for name, value in wanted.items())]

    def wait_for(self, count=1, within=20, **wanted):
        """Those events, as soon as there are so many (the journal is written up to 100 ms late)."""
        def found():
            events = self.journal(**wanted)
            return events if len(events) >= count else None
        return wait_until(found, within, f"{count} event(s) {wanted}")

    def wait_ended(self, within=20):
        """Until each connection has ended."""
        wait_until(lambda: len(self.journal(kind="ended")) >= len(self.journal(kind="connected")), within,
                   "the end of each connection")

    def stop(self, how=signal.SIGTERM, within=20):
        """Ends it; the exit status must be the one that was promised."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.wait(within)

    def wait(self, within=20):
        status = self.process.wait(within)
        if status != self.exit_status:
            raise AssertionError(f"serve left with {status}, not {self.exit_status}")
        return status

    def output(self):
        with open(self.said.name, encoding="utf-8", errors="replace") as file:
            return file.read()

    def close(self, failed=False):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        if failed:
            print(f"\n--- {' '.join(self.command)}\n{self.output()}--- journal", file=sys.stderr)
            try:
                with open(self.journal_path, encoding="utf-8") as file:
                    lines = file.readlines()
                print("".join(lines[:200]) + ("...\n" if len(lines) > 200 else ""), file=sys.stderr)
            except FileNotFoundError:
                print("(none)", file=sys.stderr)
        self.said.close()
        self.folder.cleanup()
