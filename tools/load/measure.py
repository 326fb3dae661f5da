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
import re
import resource
import signal
import socket
import ssl
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

    def __init__(self, *command, port_file=False, idle=10_000, environment=None, tls=False, silent=False):
        self.command = command
        self.port_file = port_file  # it listens where it likes and says so there
        self.idle = idle
        self.tls = tls        # from the first byte
        self.silent = silent  # it gives no greeting
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

# With one certificate, so that both do the same.
TLS_SERVERS = {
    "s_server": Server(
        "openssl", "s_server", "-accept", "127.0.0.1:{port}", "-cert", BENCH / "leaf.pem", "-key", BENCH / "leaf.pem",
        "-cert_chain", BENCH / "chain.pem", "-quiet", tls=True, silent=True),
    "mailfault": Server(
        ROOT / "build" / "mailfault", "serve", ROOT / "tools" / "load" / "implicit_tls.lua", "--port", "0",
        "--port-file", "{port_file}", "--quiet", port_file=True, tls=True),
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
TLS_BOUNDS = [  # the handshake's is a speed: at least that
    ("speed", "handshake 1.3", "OpenSSL", 0.85, 0.85),
    ("speed", "handshake 1.2", "OpenSSL", 0.85, 0.85),
    ("srv_cpu_us", "connect", "s_server", 0.95, 1),
    ("rss_per_conn_kib", "idle", None, 20, 22),
    ("whole_hello_kib", "stalled", None, 50, 64),
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

    def __init__(self, name, servers=None):
        self.name, self.server = name, (servers or SERVERS)[name]

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="mailfault-bench-")
        port_file = pathlib.Path(self.folder.name) / "ports.json"
        self.errors = tempfile.TemporaryFile()
        self.port = 0 if self.server.port_file else free_port()
        self.process = subprocess.Popen(
            self.server.argv(self.port, port_file), env={**os.environ, **self.server.environment},
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self.errors)  # s_server ends when its input does
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
                doors = next(iter(json.loads(port_file.read_text()).values()))
                self.port = next(iter(doors.values()))
            except (OSError, ValueError):
                return False  # not there yet, or not yet whole
        try:
            plain = socket.create_connection(("127.0.0.1", self.port), 5)
            with believing().wrap_socket(plain) if self.server.tls else plain as client:
                greeting = b"220" if self.server.silent else client.recv(512)
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
        self.process.stdin.close()
        self.errors.close()
        self.folder.cleanup()

    def measure(self, mode, *options):
        return smtp_load(mode, "--pid", str(self.process.pid), *options, f"127.0.0.1:{self.port}", who=self)


def believing():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


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


def tls_load(*arguments, who=None):
    process = subprocess.run([str(BENCH / "tls_load"), *map(str, arguments)], stdin=subprocess.DEVNULL,
                             capture_output=True, text=True, timeout=600)
    if process.returncode:
        raise Trouble(f"tls_load {' '.join(map(str, arguments))}\n{process.stderr}{who.said() if who else ''}")
    return {key: number(value) for key, value in (pair.split("=", 1) for pair in process.stdout.split())}


def write_certificate():
    """mailfault's good certificate for s_server."""
    made = subprocess.run([ROOT / "build" / "mailfault", "certs", "good", "--key", "--chain"], capture_output=True,
                          text=True)
    blocks = re.finditer(r"-----BEGIN ([A-Z ]+)-----\n.*?-----END \1-----\n", made.stdout, re.S)
    texts = [(block.group(1), block.group()) for block in blocks]
    certificates = [text for kind, text in texts if kind == "CERTIFICATE"]
    keys = [text for kind, text in texts if kind.endswith("PRIVATE KEY")]
    if made.returncode or not certificates or not keys:
        raise Trouble(f"mailfault certs gives no certificate with its key\n{made.stderr}")
    (BENCH / "leaf.pem").write_text(certificates[0] + keys[0])
    (BENCH / "chain.pem").write_text("".join(certificates[1:]))


def measure_tls(quick):
    """One round: what TLS costs mailfault, beside OpenSSL's own."""
    results = {f"handshake {version}": {"mailfault": tls_load("handshake", "--version", version, "-n", 50 if quick else 200)}
               for version in ("1.3", "1.2")}
    results["connect"] = {}
    for name, server in TLS_SERVERS.items():
        greeting = [] if server.silent else ["--greeting"]
        try:
            with Running(name, TLS_SERVERS) as running:
                results["connect"][name] = tls_load("connect", "-p", running.process.pid, "-n", 200 if quick else 1_000,
                                                    *greeting, running.port, who=running)
        except FileNotFoundError as missing:
            raise Trouble(f"{missing.filename} isn't here: install Debian's package openssl, or give --no-tls") from missing
    with Running("mailfault", TLS_SERVERS) as running:
        results["idle"] = {"mailfault": tls_load("idle", "-p", running.process.pid, "-n", 1_000, "--greeting",
                                                 running.port, who=running)}
    room = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 100
    with Running("mailfault", TLS_SERVERS) as running:
        results["stalled"] = {"mailfault": tls_load("stalled", "-p", running.process.pid, "-n",
                                                    1_000 if quick else min(10_000, room), "--greeting", running.port,
                                                    who=running)}
    return results


def median_tls(rounds):
    return {case: medians([one[case] for one in rounds]) for case in rounds[0]}


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


def print_tls(results):
    print(f"{'TLS':20}{'mailfault':>12}{'OpenSSL':>12}{'ratio':>8}")
    for version in ("1.3", "1.2"):
        got = results[f"handshake {version}"]["mailfault"]
        print(f"  {'handshake ' + version + ', µs':18}{got['engine_us']:>12.1f}{got['openssl_us']:>12.1f}"
              f"{ratio(got['engine_us'], got['openssl_us']):>8}")
    ours, theirs = (results["connect"][name]["srv_cpu_us"] for name in ("mailfault", "s_server"))
    print(f"  {'connection, CPU µs':18}{ours:>12.1f}{theirs:>12.1f}{ratio(ours, theirs):>8}")
    print(f"  {'idle, KiB':18}{results['idle']['mailfault']['rss_per_conn_kib']:>12.2f}")
    got = results["stalled"]["mailfault"]
    print(f"  {'stalled, KiB':18}{got['whole_hello_kib']:>12.2f}  ({got['half_hello_kib']:.2f} behind half a ClientHello, "
          f"{got['nothing_kib']:.2f} behind none; {got['connections']:,.0f} at once)\n")


def judge_tls(results):
    judged = []
    for key, case, peer, goal, limit in TLS_BOUNDS:
        value = results[case]["mailfault"][key]
        if case == "connect":
            value /= results[case][peer][key] or float("nan")
        reached, held = (value >= goal, value >= limit) if key == "speed" else (value <= goal, value <= limit)
        what = {"speed": f"speed of the {case} in memory", "srv_cpu_us": "CPU a TLS connection",
                "rss_per_conn_kib": "KiB an idle TLS connection", "whole_hello_kib": "KiB a stalled handshake"}[key]
        judged.append({"what": what, "beside": peer, "measured": value, "goal": goal, "limit": limit,
                       "reached": reached, "held": held})
    return judged


def print_bounds(judged):
    for bound in judged:
        limit = f", limit {bound['limit']:.2f}" if bound["limit"] is not None else ""
        word = "ok" if bound["reached"] else "short of its goal" if bound["held"] else "MISSED"
        beside = f" beside {bound['beside']}" if bound["beside"] else ""
        print(f"{bound['what'] + beside:48}{bound['measured']:>6.2f}  (goal {bound['goal']:.2f}{limit}): {word}")


def main():
    parser = argparse.ArgumentParser(prog="tools/bench", description="mailfault's speed beside its peers, in turns")
    parser.add_argument("--rounds", type=int, metavar="N", help="turns of each server (default 5)")
    parser.add_argument("--quick", action="store_true", help="one round of fewer messages: a smoke test")
    parser.add_argument("--check", action="store_true", help="exit status 1 when a limit is missed")
    parser.add_argument("--json", metavar="FILE", help="write the medians and the bounds there")
    parser.add_argument("--servers", default=",".join(SERVERS), metavar="A,B", help="some of: %(default)s")
    parser.add_argument("--no-tls", action="store_true", help="leave TLS out (as when mailfault isn't among the servers)")
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

    tls, measured, measured_tls = "mailfault" in names and not options.no_tls, {name: [] for name in names}, []
    if tls:
        write_certificate()
    for turn in range(rounds):
        for name in names:
            print(f"round {turn + 1} of {rounds}: {name}", file=sys.stderr)
            measured[name].append(measure_round(name, options.quick))
        if tls:
            print(f"round {turn + 1} of {rounds}: TLS", file=sys.stderr)
            measured_tls.append(measure_tls(options.quick))
    results = {name: medians(turns) for name, turns in measured.items()}
    judged = judge(results)
    results_tls = median_tls(measured_tls) if tls else {}

    print_loads(results)
    print_others(results)
    if tls:
        print_tls(results_tls)
        judged += judge_tls(results_tls)
    print_bounds(judged)
    if options.json:
        machine = {"cores": os.cpu_count(), "kernel": platform.release(), "architecture": platform.machine()}
        report = {"rounds": rounds, "quick": options.quick, "machine": machine, "results": results, "tls": results_tls,
                  "bounds": judged}
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
