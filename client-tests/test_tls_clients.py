"""What the clients of clients/tls.py say of alerts and of broken handshakes and records: python3 test_tls_clients.py

Each text is a pattern for the stable part of the client's own error. What isn't here, and why: openssl and gnutls-cli
speak no SMTP inside TLS, so they meet no fault there, and they wait for a silent server for ever.
"""
import json
import os
import re
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

import mailfault
from clients import tls
from tls_clients import AT_ONCE, Server, alerts, stored

SENT = object()  # it goes through: the mail is stored, or TLS is up where the client only comes to see that
HUNG = object()  # it waits for longer than it was told to
EVERYBODY = tuple(tls.ALL)
OPENSSL_TELLS = ("openssl", "curl", "smtplib", "nodemailer")  # the reason that OpenSSL gave them
SEED = 1  # what is random in a scenario is the same each time

# Number, name in RFC 8446 or before, OpenSSL's text, GnuTLS's.
ALERTS = [
    (0, "close_notify", r"reason\(1000\)", "Close notify"),
    (10, "unexpected_message", "sslv3 alert unexpected message", "Unexpected message"),
    (20, "bad_record_mac", "sslv3 alert bad record mac", "Bad record MAC"),
    (21, "decryption_failed", "tlsv1 alert decryption failed", "Decryption failed"),
    (22, "record_overflow", "tlsv1 alert record overflow", "Record overflow"),
    (30, "decompression_failure", "sslv3 alert decompression failure", "Decompression failed"),
    (40, "handshake_failure", "sslv3 alert handshake failure", "Handshake failed"),
    (41, "no_certificate", "sslv3 alert no certificate", r"No certificate \(SSL 3\.0\)"),
    (42, "bad_certificate", "sslv3 alert bad certificate", "Certificate is bad"),
    (43, "unsupported_certificate", "sslv3 alert unsupported certificate", "Certificate is not supported"),
    (44, "certificate_revoked", "sslv3 alert certificate revoked", "Certificate was revoked"),
    (45, "certificate_expired", "sslv3 alert certificate expired", "Certificate is expired"),
    (46, "certificate_unknown", "sslv3 alert certificate unknown", "Unknown certificate"),
    (47, "illegal_parameter", "sslv3 alert illegal parameter", "Illegal parameter"),
    (48, "unknown_ca", "tlsv1 alert unknown ca", "CA is unknown"),
    (49, "access_denied", "tlsv1 alert access denied", "Access was denied"),
    (50, "decode_error", "tlsv1 alert decode error", "Decode error"),
    (51, "decrypt_error", "tlsv1 alert decrypt error", "Decrypt error"),
    (60, "export_restriction", "tlsv1 alert export restriction", "Export restriction"),
    (70, "protocol_version", "tlsv1 alert protocol version", "Error in protocol version"),
    (71, "insufficient_security", "tlsv1 alert insufficient security", "Insufficient security"),
    (80, "internal_error", "tlsv1 alert internal error", "Internal error"),
    (86, "inappropriate_fallback", "tlsv1 alert inappropriate fallback", "Inappropriate fallback"),
    (90, "user_canceled", "tlsv1 alert user cancelled", "User canceled"),
    (100, "no_renegotiation", "tlsv1 alert no renegotiation", "No renegotiation is allowed"),
    (109, "missing_extension", "tlsv13 alert missing extension", "An extension was expected but was not seen"),
    (110, "unsupported_extension", "tlsv1 unsupported extension", "An unsupported extension was sent"),
    (111, "certificate_unobtainable", "tlsv1 certificate unobtainable", "Could not retrieve the specified certificate"),
    (112, "unrecognized_name", "tlsv1 unrecognized name", "The server name sent was not recognized"),
    (113, "bad_certificate_status_response", "tlsv1 bad certificate status response", r"\(unknown\)"),
    (114, "bad_certificate_hash_value", "tlsv1 bad certificate hash value", r"\(unknown\)"),
    (115, "unknown_psk_identity", "tlsv1 alert unknown psk identity", "The SRP/PSK username is missing or not known"),
    (116, "certificate_required", "tlsv13 alert certificate required", "Certificate is required"),
    (120, "no_application_protocol", "tlsv1 alert no application protocol",
     "No supported application protocol could be negotiated"),
    (200, None, r"reason\(1200\)", r"\(unknown\)"),
]
TLS_1_2 = 'on.handshake:use{{ tls_versions = "1.2" }}\n'
PLACES = {  # where an alert comes, and who meets it there
    "in clear": ("on.handshake:tls_alert({})", ("openssl", "gnutls-cli", "curl", "smtplib", "nodemailer")),
    "sealed by TLS 1.3": ('on.handshake:at("certificate"):tls_alert({})', ("openssl", "gnutls-cli")),
    "sealed by TLS 1.2": (TLS_1_2 + 'on.handshake:at("finished"):tls_alert({})', ("gnutls-cli",)),
    "in a session of TLS 1.2": (TLS_1_2 + "on.quit:tls_alert({})", ("openssl",)),
}
# OpenSSL takes these two for no fatal ones in TLS 1.3 (RFC 8446 section 6.1), and sees the end of the connection.
NOT_FATAL = {0: r"^$", 90: "^unexpected eof while reading$"}
EXPIRED_TO_CURL = r"^\(60\) SSL certificate verification failed$"  # it takes the alert for its own verdict
# These have no text of OpenSSL's: Python and Node then say nothing of use.
NAMELESS = {"smtplib": r"^SSLError: \[SSL\] unknown error$",
            "nodemailer": "disconnected before secure TLS connection was established"}


def tells(openssl, gnutls=None, /, **others):
    """The texts of the clients that say what OpenSSL says, of GnuTLS's two, and of others."""
    out = {name: rf"(?:^|\W){openssl}(?:$|\W)" for name in OPENSSL_TELLS} if openssl else {}
    if gnutls:
        out.update({"gnutls-cli": gnutls, "msmtp": gnutls})
    return {**out, **others}


def in_session(openssl, gnutls=SENT, /, **others):
    """The same inside TLS, where only clients that send mail come to."""
    texts = tells(openssl, gnutls, swaks=r"^Remote host closed connection unexpectedly\.$", **others)
    return {name: text for name, text in texts.items() if name not in tls.NO_MAILERS}


def alerted(number):
    _, _, openssl, gnutls = next(each for each in ALERTS if each[0] == number)
    texts = tells(openssl, f"Received alert \\[{number}\\]: {gnutls}", msmtp="A TLS fatal alert has been received")
    return {**texts, **(NAMELESS if "reason" in openssl else {}), **({"curl": EXPIRED_TO_CURL} if number == 45 else {})}


def all_of(clients, text=SENT):
    return dict.fromkeys(clients, text)


GOES_THROUGH = all_of(EVERYBODY)
CLOSED = tells("unexpected eof while reading", "The TLS connection was non-properly terminated",
               curl=r"^\(35\) .*SSL_ERROR_SYSCALL", nodemailer="disconnected before secure TLS connection",
               smtplib=r"^SSL(?:EOFError: .*EOF occurred|ZeroReturnError: .*closed \(EOF\))")  # by its version
RESET = tells(None, "Error in the pull function", openssl="^(?:read|write):errno=104$",
              nodemailer="ECONNRESET|disconnected",  # whichever it sees first
              curl=r"^\(35\) Recv failure: Connection reset by peer$", smtplib="^ConnectionResetError: ")
NO_TLS = tells("wrong version number", "An unexpected TLS packet was received")
SILENT = {"curl": r"^\(28\) Operation timed out", "smtplib": "^TimeoutError: .*handshake operation timed out",
          "nodemailer": "^ETIMEDOUT: "}
LOST = {"curl": r"^\(5[56]\) ", "msmtp": "non-properly terminated|Error in the pull function",
        "smtplib": "^SMTPServerDisconnected: ", "nodemailer": "ECONNECTION|ECONNRESET"}
ENDED = {**LOST, "msmtp": "the server sent an empty reply", "swaks": r"^Remote host closed connection unexpectedly\.$"}
CERTIFICATE_WANTED = {**tells("tlsv13 alert certificate required"),
                      "msmtp": "cannot read from TLS connection: A TLS fatal alert has been received"}
OLD = {**tells("legacy sigalg disallowed or unsupported"), "gnutls-cli": SENT, "msmtp": SENT,
       "smtplib": "legacy sigalg disallowed|tlsv1 alert protocol version", "nodemailer": "tlsv1 alert protocol version"}
# What Python offers depends on who built it: Debian's offers these, python.org's doesn't.
MANY_GO_THROUGH = {name: text for name, text in GOES_THROUGH.items() if name != "smtplib"}
INJECTED = {"openssl": SENT, "gnutls-cli": SENT, "smtplib": SENT, "curl": r"^\(8\) Weird server reply$",
            "msmtp": "^command STARTTLS failed$"}


def denied(code, text):
    return {"curl": rf"^\(64\) STARTTLS denied, code {code}$", "msmtp": "^command STARTTLS failed$",
            "swaks": f"^{code} {text}", "smtplib": rf"^SMTPResponseException: \({code}, b'{text}",
            "nodemailer": f"^ETLS: Error upgrading connection with STARTTLS: {code} {text}",
            "openssl": "^wrong version number$"}  # it doesn't look at the code


# A scenario, perhaps with parameters: what each client says.
FAULTS = {
    "starttls-454": {**denied(454, "4.7.0 TLS not available"), "gnutls-cli": "^error receiving '220 ': Timeout$"},
    "starttls-500": denied(500, "5.5.2 Error: command not recognized"),  # gnutls-cli waits 10 s: once is enough
    "starttls-502": denied(502, "5.5.1 Error: command not implemented"),
    "starttls-503": denied(503, "5.5.1 Error: bad sequence of commands"),
    "starttls-554": denied(554, "5.5.1 Error: TLS already active"),
    "starttls-silent": {**SILENT, "smtplib": "^SMTPServerDisconnected: .*timed out", "msmtp": "operation timed out",
                        "swaks": r"^Timeout \(1 secs\) waiting for server response$"},
    "starttls-220-silent": SILENT,
    "starttls-220-close": CLOSED,
    "starttls-220-reset": RESET,
    "starttls-220-plaintext": NO_TLS,
    "starttls-220-two-replies": {**INJECTED, "nodemailer": "^EPROTOCOL: Unexpected Response: 220 "},
    "starttls-injection-nocrlf": {**INJECTED, "nodemailer": SENT, "swaks": SENT},
    "starttls-response-injection": {**INJECTED, "nodemailer": "^EPROTOCOL: Unexpected Response: 250-evil$"},
    "starttls-command-injection-check": GOES_THROUGH,
    "starttls-command-injection-executed": GOES_THROUGH,
    "starttls-slow-handshake": GOES_THROUGH,
    "tls-silent": {**SILENT, "swaks": HUNG, "msmtp": HUNG},
    "tls-silent-after-hello": SILENT,
    "tls-silent-mid-handshake": SILENT,
    "tls-hello-retry-silent": SILENT,
    "tls-close-at-hello": CLOSED,
    "tls-close-mid-handshake before=server_hello": CLOSED,
    "tls-close-mid-handshake before=encrypted_extensions": CLOSED,
    "tls-close-mid-handshake before=certificate": CLOSED,
    "tls-close-mid-handshake before=certificate_verify": CLOSED,
    "tls-close-mid-handshake before=finished": CLOSED,
    "tls-1.2-close-mid-handshake before=certificate": CLOSED,
    "tls-1.2-close-mid-handshake before=server_key_exchange": CLOSED,
    "tls-1.2-close-mid-handshake before=server_hello_done": CLOSED,
    "tls-1.2-close-mid-handshake before=change_cipher_spec": CLOSED,
    "tls-1.2-close-mid-handshake before=finished": CLOSED,
    "tls-close-after-handshake": LOST,
    "tls-reset-at-hello": RESET,
    "tls-reset-mid-handshake before=server_hello": RESET,
    "tls-reset-mid-handshake before=certificate": RESET,
    "tls-1.2-reset-mid-handshake before=server_hello_done": RESET,
    "tls-reset-after-handshake": LOST,
    "tls-plaintext-reply": NO_TLS,
    "tls-http-reply": NO_TLS,
    "tls-random-bytes": NO_TLS,
    "tls-hello-version": tells("wrong version number", "A packet with illegal or unsupported version was received"),
    "tls-hello-damaged": tells("(?:invalid ccs message|bad record mac)", "public key is invalid|Decryption has failed"),
    "tls-alert": alerted(40),
    "tls-alert-internal": alerted(80),
    "tls-alert-unknown": alerted(200),
    "tls-sni-unrecognized": {**alerted(112), "nodemailer": SENT, "swaks": SENT},  # they name no host
    "tls-sni-required": {**GOES_THROUGH, "nodemailer": "tlsv13 alert missing extension",
                         "swaks": "tlsv13 alert missing extension"},
    "tls-no-cipher": alerted(40),
    "tls-1.2-client-cert-required": alerted(40),
    "tls-client-cert-required": CERTIFICATE_WANTED,
    "tls-client-cert-verified": CERTIFICATE_WANTED,
    "tls-client-cert-asked": GOES_THROUGH,
    "tls-1.0-only": OLD,
    "tls-1.1-only": OLD,
    "tls-1.2-only": GOES_THROUGH,
    "tls-1.3-only": GOES_THROUGH,
    "tls-cbc-only": MANY_GO_THROUGH,
    "tls-rsa-key-exchange": MANY_GO_THROUGH,
    "tls-alpn-mismatch": GOES_THROUGH,
    "tls-dribbled": GOES_THROUGH,
    "tls-fragmented": GOES_THROUGH,
    "tls-hello-split": GOES_THROUGH,
    "tls-hello-retry": GOES_THROUGH,
    "tls-pause-mid-handshake": GOES_THROUGH,
    "tls-no-tickets": GOES_THROUGH,
    "tls-session-resume-bad": GOES_THROUGH,  # the first connection; Resumption has the second
    "tls-ticket-refused": GOES_THROUGH,
    "cert-ocsp-good": GOES_THROUGH,
    "cert-ocsp-expired": {**GOES_THROUGH, **tells(None, "OCSP data are old and have been superseded")},
    "cert-ocsp-malformed": {**GOES_THROUGH, **tells(None, "The received OCSP status response is invalid")},
    "cert-ocsp-revoked": {**GOES_THROUGH, **tells(None, "The certificate chain is revoked")},
    "tls-record-bad-mac": in_session("decryption failed or bad record mac", "Decryption has failed"),
    "tls-record-plaintext": in_session("wrong version number", "An unexpected TLS packet was received"),
    "tls-record-version": in_session("wrong version number", "A packet with illegal or unsupported version"),
    "tls-record-oversized": in_session("data length too long", "A TLS record packet with invalid length was received"),
    "tls-record-wrong-type": in_session("bad record type", "An unexpected TLS packet was received"),
    "tls-record-change-cipher-spec": in_session("bad record type", "An unexpected TLS packet was received"),
    "tls-record-handshake": in_session("unexpected message", "An unexpected TLS packet was received"),
    "tls-record-empty-flood": in_session("record too small"),
    "tls-record-empty": all_of(set(EVERYBODY) - set(tls.NO_MAILERS)),
    "tls-key-update-each": all_of(set(EVERYBODY) - set(tls.NO_MAILERS)),
    "tls-key-update at=20B": all_of(set(EVERYBODY) - set(tls.NO_MAILERS)),
    "tls-alert-in-session": in_session("tlsv1 alert internal error", "A TLS fatal alert has been received"),
    "tls-truncated": LOST,
    "tls-truncated-ehlo": LOST,
    "tls-half-close": ENDED,
    "tls-notify-then-data": ENDED,
}
SCALES = {"starttls-slow-handshake": 0.01, "tls-pause-mid-handshake": 0.02, "tls-hello-split": 0.1, "tls-dribbled": 0.2}


class TlsTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.pool = ThreadPoolExecutor(2 * AT_ONCE)  # most of them wait
        cls.addClassCleanup(cls.pool.shutdown, cancel_futures=True)
        cls.here = {name: client for name, client in tls.ALL.items() if not client.find()}

    def tearDown(self):
        missing = [client.find() for client in tls.ALL.values() if client.find()]
        if missing:
            self.skipTest("the others were right, but " + ", ".join(missing))

    def meet(self, name, scenario=None, limit=20, **more):
        peer = tls.Peer(self.server.ca, limit=limit, give_up=3 if limit == 1 else tls.HANG)
        return self.pool.submit(self.server.meet, self.here[name], peer, scenario, seed=SEED, **more)


class Alerts(TlsTest):
    def check(self, place):
        rule, names = PLACES[place]
        sealed = place == "sealed by TLS 1.3"
        begun = [(each, name, self.meet(name, source='scenario { title = "an alert" }\ndoors { submission = { port = '
                                        '587, tls = "starttls", main = true } }\n' + rule.format(each[0])))
                 for each in ALERTS for name in names if name in self.here]
        for (number, known, _, _), name, future in begun:
            talk, events = future.result()
            with self.subTest(place, number=number, client=name):
                text = alerted(number)[name]
                if sealed and name == "openssl":
                    text = NOT_FATAL.get(number, text)
                self.assertIsNot(talk.done, True, talk.output)
                self.assertRegex(talk.error, text, talk.output)
                if known:
                    self.assertEqual(alerts(events, "sent"), [known])
                if name == "openssl" and text is not NOT_FATAL.get(number):
                    self.assertIn(f"SSL alert number {number}\n", talk.output)

    def test_in_clear(self):
        self.check("in clear")

    def test_sealed_by_tls_1_3(self):
        self.check("sealed by TLS 1.3")

    def test_sealed_by_tls_1_2(self):
        self.check("sealed by TLS 1.2")

    def test_in_a_session_of_tls_1_2(self):
        self.check("in a session of TLS 1.2")


class Faults(TlsTest):
    def begin(self, line, name):
        scenario, *words = line.split()
        more = {"params": dict(word.split("=") for word in words)} if words else {}
        if scenario in SCALES:
            more["time_scale"] = SCALES[scenario]
        body = {**more.pop("params", {}), **more}
        return self.meet(name, scenario, limit=1 if "silent" in scenario else 20, **body)

    def test_each_client_says_what_is_wrong(self):
        begun = [(line, name, text, self.begin(line, name)) for line, texts in FAULTS.items()
                 for name, text in texts.items() if name in self.here]
        for line, name, text, future in begun:
            talk, events = future.result()
            with self.subTest(line, client=name):
                if text is SENT:
                    self.assertIs(talk.done, True, talk.output)
                    self.assertTrue(stored(events) or name in tls.NO_MAILERS)
                elif text is HUNG:
                    self.assertEqual(talk.done, "hung", talk.output)
                else:
                    self.assertIs(talk.done, False, talk.output)
                    self.assertRegex(talk.error, text, talk.output)
                    self.assertFalse(stored(events))
                self.assert_no_mail_in_clear(events)

    def assert_no_mail_in_clear(self, events):
        up = next((event["at"] for event in events if event["kind"] == "tls" and event["text"].startswith("up ")), None)
        for event in events:
            if event["kind"] == "command" and re.match("(?i)mail|rcpt|data|auth", event["text"]):
                self.assertIsNotNone(up, event)
                self.assertLessEqual(up, event["at"])

    def test_the_table_has_each_of_the_handshake_and_of_starttls(self):
        catalogue = {each["id"] for each in json.loads(mailfault.run("list", "--json")[1])
                     if each["folder"] in ("handshake", "starttls")}
        named = {line.split()[0] for line in FAULTS}
        certificates = {each for each in catalogue if each.startswith("cert-")}  # tls_clients.py has these
        self.assertEqual(catalogue - certificates - named, set())

    def test_swaks_believes_what_was_injected(self):
        if "swaks" not in self.here:
            self.skipTest(tls.ALL["swaks"].find())
        talk, _ = self.meet("swaks", "starttls-response-injection", limit=2).result()
        self.assertIn("\n<~  250-evil\n", talk.output)


class Resumption(TlsTest):
    """openssl s_client comes twice, the second time with the ticket that it got the first time."""

    def twice(self, scenario, version):
        openssl = self.here["openssl"]
        fault = self.server.fault(scenario)
        with tempfile.TemporaryDirectory(prefix="mailfault-test-") as folder:
            talks = []
            for option in ("-sess_out", "-sess_in"):
                words = [*openssl.words(fault.port, tls.Peer(self.server.ca)), version, option,
                         os.path.join(folder, "session")]
                words.remove("-brief")  # it hides whether the session is an old one
                talks.append(tls.run(words, b"QUIT\r\n").output)
        fault.close()
        self.assertRegex(talks[0], r"(?m)^New, TLSv1")
        return talks[1]

    def test_a_ticket_is_taken(self):
        for version in ("-tls1_2", "-tls1_3"):
            self.assertRegex(self.twice("cert-good", version), r"(?m)^Reused, TLSv1", version)

    def test_a_ticket_is_refused(self):
        for version in ("-tls1_2", "-tls1_3"):
            self.assertRegex(self.twice("tls-ticket-refused", version), r"(?m)^New, TLSv1", version)

    def test_a_ticket_is_answered_with_an_alert(self):
        for version in ("-tls1_2", "-tls1_3"):
            self.assertRegex(self.twice("tls-session-resume-bad", version), "SSL alert number [0-9]+\n", version)


if __name__ == "__main__":
    unittest.main()
