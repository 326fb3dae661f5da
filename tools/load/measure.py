#!/usr/bin/env python3
"""measure.py: mailfault's speed beside its peers. Run by tools/bench, which builds what this needs.

Rates move with the machine's neighbours, so the servers take turns (A B C A B C...), what counts is the median, and
what is compared is the server's CPU time for a message: no limit of the generator touches that.
"""
import argparse
import json
import os
import pathlib
import platform
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BENCH = ROOT / "build" / "bench"
POSTFIX = BENCH / "postfix" / "usr"


class Server:
    """How to start one, and what it can bear. {port} and {port_file} are filled in."""

    def __init__(self, *command, port_file=False, idle=10_000, environment=None):
        self.command = command
        self.port_file = port_file  # it listens where it likes and says so there
        self.idle = idle
        self.environment = environment or {}

    def argv(self, port, port_file=""):
        return [str(word).format(port=port, port_file=port_file) for word in self.command]


SERVERS = {
    "bare": Server(BENCH / "epoll_limit", "--port", "{port}"),
    "smtp-sink": Server(
        POSTFIX / "sbin" / "smtp-sink", *(["-u", "nobody"] if os.getuid() == 0 else []), "-m", "20000",
        "127.0.0.1:{port}", "4096",
        idle=1_000,  # at 130 KiB each
        environment={"LD_LIBRARY_PATH": str(POSTFIX / "lib" / "postfix")}),
    "mailfault": Server(
        ROOT / "build" / "mailfault", "serve", "healthy", "--port", "{port}", "--port-file", "{port_file}", "--quiet",
        port_file=True),
}

LOADS = {  # title, smtp_load's options, messages, messages with --quick
    "kept 10": ("1 KiB, 10 kept connections", ["-c", "10", "-s", "1K"], 20_000, 4_000),
    "kept 100": ("1 KiB, 100 kept connections", ["-c", "100", "-s", "1K"], 20_000, 4_000),
    "single": ("1 KiB, one message a connection, 10 at a time", ["-c", "10", "-m", "1", "-s", "1K"], 5_000, 2_000),
}

# Of mailfault: what, in which case, beside whom (None: as it stands), the goal, and the limit that --check holds.
BOUNDS = [
    ("srv_cpu_us", "kept 10", "smtp-sink", 1 / 1.5, 1),
    ("srv_cpu_us", "kept 10", "bare", 1 / 0.6, None),
    ("srv_cpu_us", "kept 100", "smtp-sink", 1 / 1.5, 1),
    ("srv_cpu_us", "kept 100", "bare", 1 / 0.6, None),
    ("srv_cpu_us", "single", "smtp-sink", 1 / 1.2, 1),
    ("rss_per_conn_kib", "idle", None, 3, 4),
    ("banner_ms", "start", "smtp-sink", 1, 1),
]
WORDS = {"srv_cpu_us": "CPU a message", "rss_per_conn_kib": "KiB an idle connection", "banner_ms": "start to greeting"}


class Trouble(Exception):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Running:
    """A server from its greeting to its end, stopped whatever happens."""

    def __init__(self, name):
        self.name, self.server = name, SERVERS[name]

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="mailfault-bench-")
        port_file = pathlib.Path(self.folder.name) / "ports.json"
        self.errors = tempfile.TemporaryFile()
        self.port = 0 if self.server.port_file else free_port()
        self.process = subprocess.Popen(
            self.server.argv(self.port, port_file), env={**os.environ, **self.server.environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.errors)
        try:
            deadline = time.monotonic() + 10
            while not self.greets(port_file):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise Trouble(f"{self.name} gives no greeting: {' '.join(self.process.args)}\n{self.said()}")
                time.sleep(0.02)
        except BaseException:
            self.__exit__()
            raise
        return self

    def greets(self, port_file):
        if not self.port:
            try:
                self.port = next(iter(json.loads(port_file.read_text()).values()))["smtp"]
            except (OSError, ValueError):
                return False  # not there yet, or not yet whole
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as client:
                greeting = client.recv(512)
                client.sendall(b"QUIT\r\n")
                return greeting.startswith(b"220")
        except OSError:
            return False

    def said(self):
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")[-2000:]

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.errors.close()
        self.folder.cleanup()

    def measure(self, mode, *options):
        return smtp_load(mode, "--pid", str(self.process.pid), *options, f"127.0.0.1:{self.port}", who=self)


def smtp_load(*arguments, who=None, environment=None):
    process = subprocess.Popen([str(BENCH / "smtp_load"), "--kv", *arguments], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env={**os.environ, **(environment or {})}, start_new_session=True)
    try:
        said, errors = process.communicate()
    except BaseException:  # stopped from outside: "start" has a server of its own
        started = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for pid in [process.pid, *map(int, started)]:
            os.kill(pid, signal.SIGKILL)
        process.wait()
        raise
    if process.returncode:
        words = f"{who.name if who else ''}: smtp_load {' '.join(arguments)}\n{said}{errors}"
        raise Trouble(words + (who.said() if who else ""))
    return {key: number(value) for key, value in (pair.split("=", 1) for pair in said.split())}


def number(text):
    try:
        return float(text)
    except ValueError:
        return text


def measure_round(name, quick):
    server, results = SERVERS[name], {}
    with Running(name) as running:
        for case, (_, options, messages, few) in LOADS.items():
            count = few if quick else messages
            results[case] = running.measure("load", *options, "-n", str(count), "-w", str(count // 10))
    room = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 100
    with Running(name) as running:  # a fresh one: no memory of the load is there to be used again
        results["idle"] = running.measure("idle", "-k", str(min(server.idle, room)))
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="mailfault-bench-") as folder:
        results["start"] = smtp_load("start", "-R", "3", f"127.0.0.1:{port}", "--",
                                     *server.argv(port, pathlib.Path(folder) / "ports.json"),
                                     environment=server.environment)
    return results


def medians(rounds):
    """Of each number of each case."""
    return {case: {key: statistics.median(one[case][key] for one in rounds)
                   for key, value in values.items() if isinstance(value, float)}
            for case, values in rounds[0].items()}


def ratio(value, base):
    return f"{value / base:.2f}" if base else "-"


def print_loads(results):
    peers = [peer for peer in ("smtp-sink", "bare") if peer in results]
    print(f"{'':20}{'messages/s':>12}{'CPU µs each':>13}" + "".join(f"{'of ' + peer + chr(39) + 's':>16}" for peer in peers))
    for case, (title, *_) in LOADS.items():
        print(title)
        for name, cases in results.items():
            got = cases[case]
            limited = "*" if got["gen_util"] > 0.95 else " "
            print(f"  {name:18}{got['msgs_per_s']:>11,.0f}{limited}{got['srv_cpu_us']:>13.1f}" +
                  "".join(f"{ratio(got['srv_cpu_us'], results[peer][case]['srv_cpu_us']):>16}" for peer in peers))
    print("  (* the generator's limit; the CPU's ratios stand)\n")


def print_others(results):
    print(f"{'':20}{'idle connections':>18}{'KiB each':>10}{'start, ms':>12}{'at rest, KiB':>14}")
    for name, cases in results.items():
        idle, start = cases["idle"], cases["start"]
        print(f"  {name:18}{idle['ready']:>18,.0f}{idle['rss_per_conn_kib']:>10.2f}{start['banner_ms']:>12.1f}"
              f"{start['pss_kib']:>14,.0f}")
    print()


def judge(results):
    """The bounds that apply, each with what was measured."""
    judged = []
    for key, case, peer, goal, limit in BOUNDS:
        if "mailfault" not in results or (peer and peer not in results):
            continue
        value = results["mailfault"][case][key]
        if peer:
            value /= results[peer][case][key] or float("nan")
        held = limit is None or value <= limit  # false, too, for what is no number
        judged.append({"what": f"{WORDS[key]}, {case}" if case in LOADS else WORDS[key], "beside": peer,
                       "measured": value, "goal": goal, "limit": limit, "reached": value <= goal, "held": held})
    return judged


def print_bounds(judged):
    for bound in judged:
        limit = f", limit {bound['limit']:.2f}" if bound["limit"] is not None else ""
        word = "ok" if bound["reached"] else "short of its goal" if bound["held"] else "MISSED"
        beside = f" beside {bound['beside']}" if bound["beside"] else ""
        print(f"{bound['what'] + beside:46}{bound['measured']:>6.2f}  (goal {bound['goal']:.2f}{limit}): {word}")


def main():
    parser = argparse.ArgumentParser(prog="tools/bench", description="mailfault's speed beside its peers, in turns")
    parser.add_argument("--rounds", type=int, metavar="N", help="turns of each server (default 5)")
    parser.add_argument("--quick", action="store_true", help="one round of fewer messages: a smoke test")
    parser.add_argument("--check", action="store_true", help="exit status 1 when a limit is missed")
    parser.add_argument("--json", metavar="FILE", help="write the medians and the bounds there")
    parser.add_argument("--servers", default=",".join(SERVERS), metavar="A,B", help="some of: %(default)s")
    options = parser.parse_args()
    names = options.servers.split(",")
    if unknown := set(names) - set(SERVERS):
        parser.error(f"no such server: {', '.join(sorted(unknown))}; there are {', '.join(SERVERS)}")
    rounds = options.rounds or (1 if options.quick else 5)
    if rounds < 1:
        parser.error("--rounds: at least 1")

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # an exception, so that the servers are stopped
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = 20_000 if hard == resource.RLIM_INFINITY else min(hard, 20_000)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))

    measured = {name: [] for name in names}
    for turn in range(rounds):
        for name in names:
            print(f"round {turn + 1} of {rounds}: {name}", file=sys.stderr)
            measured[name].append(measure_round(name, options.quick))
    results = {name: medians(turns) for name, turns in measured.items()}
    judged = judge(results)

    print_loads(results)
    print_others(results)
    print_bounds(judged)
    if options.json:
        machine = {"cores": os.cpu_count(), "kernel": platform.release(), "architecture": platform.machine()}
        report = {"rounds": rounds, "quick": options.quick, "machine": machine, "results": results, "bounds": judged}
        pathlib.Path(options.json).write_text(json.dumps(report, indent=1) + "\n")
    if options.check and (not judged or not all(bound["held"] for bound in judged)):
        return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        print(f"tools/bench: {trouble}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
