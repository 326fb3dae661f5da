"""Captures: what --pcap writes, read by tshark, and by Python where there is no tshark."""
import contextlib
import os
import shutil
import smtplib
import ssl
import stat
import struct
import subprocess
import sys
import tempfile
import unittest

import mailfault

TSHARK = shutil.which("tshark")
FIN, SYN, RST, ACK = 1, 2, 4, 16


def blocks(path):
    """The blocks of a pcapng file in little endian: type and body."""
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        assert size % 4 == 0 and struct.unpack_from("<I", data, at + size - 4)[0] == size, "a block's two sizes"
        yield kind, data[at + 8:at + size - 4]
        at += size


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data[:len(data) // 2 * 2])) + (data[-1] << 8 if len(data) % 2 else 0)
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return total


class Packet:
    """A raw IP packet with TCP in it, its checksums right."""

    def __init__(self, block):
        _, high, low, captured, original = struct.unpack_from("<IIIII", block)
        self.time = (high << 32 | low) / 1e6
        assert captured == original
        data = block[20:20 + captured]
        if data[0] >> 4 == 4:
            assert checksum(data[:20]) == 0xffff and struct.unpack_from(">H", data, 2)[0] == len(data)
            addresses, tcp = data[12:20], data[20:]
        else:
            assert struct.unpack_from(">HB", data, 4) == (len(data) - 40, 6)
            addresses, tcp = data[8:40], data[40:]
        assert checksum(addresses + struct.pack(">HH", 6, len(tcp)) + tcp) == 0xffff
        self.source, self.destination, self.number, self.acknowledged = struct.unpack_from(">HHII", tcp)
        self.flags = tcp[13]
        self.text = tcp[tcp[12] >> 4 << 2:]


def packets(path):
    return [Packet(body) for kind, body in blocks(path) if kind == 6]


def said(path, port):
    """What the server said and what it heard, sequence numbers without a gap."""
    texts, following = {True: b"", False: b""}, {}
    for packet in packets(path):
        side = packet.source == port
        if packet.flags & SYN:
            following[side] = packet.number + 1
            continue
        assert packet.number == following[side], "a gap"
        texts[side] += packet.text
        following[side] += len(packet.text) + (packet.flags & FIN)
    return texts[True], texts[False]


def context(version):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    made.minimum_version = made.maximum_version = version
    return made


def send(port, host="127.0.0.1", tls=None, body="\r\nHello\r\n"):
    with smtplib.SMTP(host, port, timeout=20) as client:
        if tls:
            client.starttls(context=context(tls))
        return client.sendmail("sender@example.com", ["rcpt@example.com"], "Subject: capture\r\n" + body)


class Written(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mailfault-pcap-")
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "capture.pcapng")

    def serve(self, *scenarios, options=(), **more):
        return mailfault.Server(*scenarios, options=("--pcap", self.path, *options), **more)

    def tshark(self, *words):
        if not TSHARK:
            self.skipTest("tshark isn't here")
        done = subprocess.run([TSHARK, "-n", "-r", self.path, "-o", "tcp.check_checksum:TRUE", "-o",
                               "ip.check_checksum:TRUE", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_a_plain_mail(self):
        big = "\r\n" + "0123456789abcdef\r\n" * 20000
        with self.serve("healthy") as server:
            port = server.port()
            send(port, body=big)
            server.wait_ended()
        server_said, client_said = said(self.path, port)
        self.assertTrue(server_said.startswith(b"220 "))
        self.assertTrue(server_said.rstrip().rsplit(b"\r\n", 1)[-1].startswith(b"221 "))
        self.assertIn(big.encode() + b".\r\nquit\r\n", client_said.replace(b"QUIT", b"quit"))
        flags = [packet.flags for packet in packets(self.path)]
        self.assertEqual(flags[:3], [SYN, SYN | ACK, ACK])
        self.assertEqual(sum(each & FIN for each in flags), 2 * FIN, "both sides end it")
        times = [packet.time for packet in packets(self.path)]
        self.assertEqual(times, sorted(times))
        self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o600)

    def test_is_fine_with_tshark(self):
        with self.serve("healthy") as server:
            send(server.port())
            with contextlib.suppress(OSError):
                send(server.port(), host="::1")
            server.wait_ended()
            port = server.port()
        out = self.tshark("-d", f"tcp.port=={port},smtp", "-Y", "smtp.req.command", "-T", "fields", "-e",
                          "smtp.req.command")
        for command in "EHLO", "MAIL", "RCPT", "DATA", "QUIT":
            self.assertIn(command, out.upper())
        self.assertEqual(self.tshark("-Y", "tcp.analysis.flags || tcp.checksum.status == 0 || _ws.malformed"), "")

    def test_tls_is_read_with_the_keys_inside(self):
        for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
            with self.subTest(version.name):
                with self.serve("healthy", options=("--tls",)) as server:
                    port = server.port()
                    send(port, tls=version)
                    server.wait_ended()
                _, client_said = said(self.path, port)
                self.assertNotIn(b"RCPT TO", client_said.upper())
                keys = b"".join(body for kind, body in blocks(self.path) if kind == 10)
                self.assertEqual(keys[:4], struct.pack("<I", 0x544c534b))
                out = self.tshark("-d", f"tcp.port=={port},smtp", "-Y", "smtp", "-T", "fields", "-e",
                                  "smtp.req.command", "-e", "smtp.response.code")
                self.assertIn("RCPT", out.upper())
                self.assertIn("354", out)
                self.assertIn("221", out)

    def test_implicit_tls(self):
        with self.serve("cert-p384") as server:
            port = server.port(door="smtps")
            with smtplib.SMTP_SSL("127.0.0.1", port, timeout=20, context=context(ssl.TLSVersion.TLSv1_3)) as client:
                client.noop()
            server.wait_ended()
        self.assertIn("NOOP", self.tshark("-d", f"tls.port=={port},smtp", "-Y", "smtp", "-T", "fields", "-e",
                                          "smtp.req.command").upper())

    def test_endings(self):
        for scenario, server_ends in (("quit-rst", RST), ("dot-accepted-close", FIN)):
            with self.subTest(scenario):
                with self.serve(scenario) as server:
                    port = server.port()
                    with contextlib.suppress(smtplib.SMTPException, OSError):
                        send(port)
                    server.wait_ended()
                ends = [packet.flags & (FIN | RST) for packet in packets(self.path) if packet.source == port]
                self.assertEqual([each for each in ends if each], [server_ends])

    def test_run(self):
        status, out, err = mailfault.run(
            "run", "healthy", "--pcap", self.path, "--", sys.executable, "-c",
            "import os, smtplib; smtplib.SMTP('127.0.0.1', int(os.environ['MAILFAULT_SMTP_PORT'])).quit()")
        self.assertIn(status, (0, 1), out + err)
        self.assertIn(b"QUIT", b"".join(packet.text for packet in packets(self.path)).upper())

    def test_where_it_cannot_be_written(self):
        for path, why in (("/nowhere/at/all", "No such file"), (os.path.dirname(self.path), "Is a directory")):
            for words in ("serve", "healthy", "--port", "0"), ("run", "healthy", "--", "true"):
                at = words.index("healthy")
                status, _, err = mailfault.run(*words[:at + 1], "--pcap", path, *words[at + 1:])
                self.assertEqual(status, 2)
                self.assertIn(f"--pcap {path}", err)
                self.assertIn(why, err)

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_a_full_disk(self):
        self.path = "/dev/full"
        with self.serve("healthy", exit_status=2) as server:
            send(server.port())
            server.wait_ended()


if __name__ == "__main__":
    unittest.main()
