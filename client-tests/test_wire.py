"""Faults are what they say on the wire, as a client's socket and the kernel's tables see them."""
import contextlib
import errno
import functools
import json
import select
import shutil
import socket
import struct
import subprocess
import time
import unittest

import mailfault
from wire import Talk, connect

TCP_ESTABLISHED = 1
SILENCE = 0.6  # seconds in which nothing may come


@functools.lru_cache
def probes():
    return {probe["name"]: probe for probe in json.loads(mailfault.run("doctor", "--json")[1])}


def needs(probe):
    """Decides when the test runs: the program must be there."""
    def decorate(test):
        @functools.wraps(test)
        def run(self):
            found = probes()[probe]
            if not found["works"]:
                self.skipTest(f"{probe}: {found['reason']}; {found['remedy']}")
            test(self)
        return run
    return decorate


def tcp_info(sock):
    """The state, and the segments that the peer hasn't acknowledged."""
    info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
    return info[0], struct.unpack_from("I", info, 24)[0]


def ss(sock):
    """What the kernel says of this end of the connection."""
    port, peer = sock.getsockname()[1], sock.getpeername()[1]
    done = subprocess.run(["ss", "-tinoH", f"sport = :{port} and dport = :{peer}"], capture_output=True, text=True,
                          timeout=20)
    return done.stdout


def comes(sock, within):
    return bool(select.select([sock], [], [], within)[0])


def wait_vanished(sock, data=b"NOOP\r\n"):
    """Until what is sent is no longer acknowledged: before it vanishes, all that the server sent must have arrived."""
    def vanished():
        sock.sendall(data)
        time.sleep(0.3)
        return tcp_info(sock)[1] >= 1
    mailfault.wait_until(vanished, what="the end of all acknowledgements")


def block(size):
    return (b"x" * 70 + b"\r\n") * (size // 72 + 1)


class Vanish(unittest.TestCase):
    @needs("vanish without FIN")
    def test_no_fin_and_no_acknowledgement(self):
        with mailfault.Server("reuse-half-open") as server, Talk(server.port()) as talk:
            self.assertEqual(talk.send_message()[0], 250)  # all that was sent before has arrived
            server.wait_for(kind="fault")
            wait_vanished(talk.socket)
            self.assertFalse(comes(talk.socket, SILENCE), "no reply, no FIN, no RST")
            self.assertEqual(tcp_info(talk.socket)[0], TCP_ESTABLISHED)
            if shutil.which("ss"):
                self.assertRegex(ss(talk.socket), r"ESTAB[\s\S]*(backoff|retrans|unacked)")

    @needs("vanish without FIN")
    def test_no_fin_when_the_program_ends(self):
        with mailfault.Server("reuse-half-open") as server, Talk(server.port()) as talk:
            self.assertEqual(talk.send_message()[0], 250)
            server.wait_for(kind="fault")
            time.sleep(0.2)  # all that was sent has been acknowledged by then
            server.stop()
            self.assertEqual(len(server.journal(kind="ended")), 1)
            self.assertFalse(comes(talk.socket, SILENCE), "no FIN, no RST: who has vanished doesn't come back")
            self.assertEqual(tcp_info(talk.socket)[0], TCP_ESTABLISHED)

    @needs("vanish without FIN")
    def test_in_mid_body(self):
        with mailfault.Server("data-vanish-mid") as server, Talk(server.port()) as talk:
            talk.envelope()
            talk.socket.sendall(block(8192))
            server.wait_for(kind="fault")
            wait_vanished(talk.socket, block(100))
            talk.socket.sendall(b".\r\n")
            self.assertFalse(comes(talk.socket, SILENCE))
            self.assertEqual(tcp_info(talk.socket)[0], TCP_ESTABLISHED)
            server.stop()
            self.assertEqual(server.journal(kind="stored"), [])

    @needs("vanish without FIN")
    def test_the_next_connection_is_served(self):
        with mailfault.Server("data-vanish-mid") as server, Talk(server.port()) as lost:
            lost.envelope()
            lost.socket.sendall(block(8192))
            server.wait_for(kind="fault")
            with Talk(server.port()) as talk:
                self.assertEqual(talk.send_message()[0], 250)


class PathMtu(unittest.TestCase):
    @needs("path-MTU black hole")
    def test_commands_pass_and_a_large_body_hangs(self):
        with mailfault.Server("net-mtu-blackhole") as server:
            with Talk(server.port()) as talk:
                self.assertEqual(talk.send_message()[0], 250)  # a small one fits
            with Talk(server.port()) as talk:
                talk.envelope()
                talk.socket.sendall(block(30000) + b".\r\n")
                self.assertFalse(comes(talk.socket, SILENCE))
                state, unacknowledged = tcp_info(talk.socket)
                self.assertEqual(state, TCP_ESTABLISHED)
                self.assertGreaterEqual(unacknowledged, 1)
            server.stop()
            self.assertEqual([event["connection"] for event in server.journal(kind="stored")], [1])

    @needs("path-MTU black hole")
    def test_small_segments_pass(self):
        with mailfault.Server("net-mtu-blackhole", options=("--set", "mtu=500")) as server:
            with Talk(server.port()) as talk:
                talk.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                talk.envelope()
                for _ in range(20):
                    talk.socket.sendall(block(200))
                    time.sleep(0.005)  # each in a segment of its own
                talk.socket.sendall(b".\r\n")
                self.assertEqual(talk.reply()[0], 250)


class Endings(unittest.TestCase):
    def test_reset_is_rst(self):
        with mailfault.Server("tcp-accept-rst") as server:
            with self.assertRaises(ConnectionResetError):
                with connect(server.port()) as sock:
                    sock.recv(1)

    def test_reset_in_mid_body(self):
        with mailfault.Server("data-rst-mid") as server, Talk(server.port()) as talk:
            talk.envelope()
            with self.assertRaises(OSError) as raised:
                talk.socket.sendall(block(20000))
                talk.socket.recv(1)
            self.assertIn(raised.exception.errno, (errno.ECONNRESET, errno.EPIPE))
            server.stop()
            self.assertEqual(server.journal(kind="stored"), [])

    def test_all_that_was_sent_comes_before_the_rst(self):
        with mailfault.Server("quit-rst") as server, Talk(server.port()) as talk:
            self.assertEqual(talk.send_message()[0], 250)
            talk.socket.sendall(b"QUIT\r\n")
            with self.assertRaises(ConnectionResetError):
                talk.socket.recv(1)

    def test_close_is_fin(self):
        with mailfault.Server("tcp-accept-close") as server, connect(server.port()) as sock:
            self.assertEqual(sock.recv(1), b"")
            sock.sendall(b"QUIT\r\n")  # it reads and ignores for a while: no RST
            self.assertEqual(sock.recv(1), b"")

    def test_half_close_goes_on_reading(self):
        with mailfault.Server("tcp-half-close") as server, connect(server.port()) as sock:
            self.assertEqual(sock.recv(1), b"")
            sock.sendall(b"x" * 200_000)
            mailfault.wait_until(lambda: tcp_info(sock)[1] == 0, what="the acknowledgement")
            sock.sendall(b"x")
            self.assertEqual(sock.recv(1), b"")

    def test_a_silent_server_keeps_the_connection(self):
        with mailfault.Server("tcp-accept-silent") as server, connect(server.port()) as sock:
            sock.sendall(b"EHLO client.example\r\n")
            self.assertFalse(comes(sock, SILENCE))
            self.assertEqual(tcp_info(sock), (TCP_ESTABLISHED, 0), "acknowledged, not answered")

    def test_stop_reading_closes_the_window(self):
        with mailfault.Server("data-stop-reading") as server, Talk(server.port()) as talk:
            talk.envelope()
            talk.socket.settimeout(1)
            sent = 0
            with self.assertRaises(TimeoutError):
                while sent < 64 << 20:
                    sent += talk.socket.send(block(65536))
            self.assertEqual(tcp_info(talk.socket)[0], TCP_ESTABLISHED)


class Segments(unittest.TestCase):
    def arrivals(self, sock, within=5):
        """The pieces as they come, with their times, until a pause of `SILENCE`."""
        found = []
        deadline = time.monotonic() + within
        while time.monotonic() < deadline and comes(sock, SILENCE):
            data = sock.recv(65536)
            if not data:
                break
            found.append((time.monotonic(), data))
        return found

    def test_lines_come_apart(self):
        with mailfault.Server("banner-multiline") as server, connect(server.port()) as sock:
            found = self.arrivals(sock)
            self.assertEqual([data[:4] for _, data in found], [b"220-", b"220-", b"220 "])
            for (before, _), (after, _) in zip(found, found[1:]):
                self.assertGreater(after - before, 0.4)

    def test_a_reply_in_one_segment(self):
        with mailfault.Server("healthy") as server, connect(server.port()) as sock:
            sock.recv(100)
            sock.sendall(b"EHLO client.example\r\n")
            found = self.arrivals(sock)
            self.assertEqual(len(found), 1)
            self.assertGreater(found[0][1].count(b"\r\n"), 5)

    def test_split_bytes(self):
        with mailfault.Server("reply-split-bytes") as server, connect(server.port()) as sock:
            found = self.arrivals(sock)
            self.assertGreater(len(found), 15, "pieces of a byte, but for some that a busy client reads together")
            self.assertTrue(b"".join(data for _, data in found).startswith(b"220 "))


class Refused(unittest.TestCase):
    def test_refused_at_once(self):
        with mailfault.Server("tcp-refused") as server:
            for _ in range(20):
                began = time.monotonic()
                with self.assertRaises(ConnectionRefusedError):
                    connect(server.port())
                self.assertLess(time.monotonic() - began, 1)

    def test_blackhole_swallows_many(self):
        with mailfault.Server("tcp-blackhole") as server, contextlib.ExitStack() as stack:
            for _ in range(20):
                sock = stack.enter_context(socket.socket())
                sock.setblocking(False)
                self.assertEqual(sock.connect_ex(("127.0.0.1", server.port())), errno.EINPROGRESS)
                self.assertEqual(select.select([], [sock], [], 0.02)[1], [], "no answer")
            mailfault.wait_until(lambda: sum(event["syns"] for event in server.journal(kind="swallowed")) >= 20,
                                 what="twenty swallowed SYNs")
            server.stop()
            self.assertEqual(server.journal(kind="connected"), [])


if __name__ == "__main__":
    unittest.main()
