"""What each client makes of each scenario, as observed and then thought over.

The four columns are the client's own word: the exit status of curl, swaks and msmtp, smtplib's exception; 0 is
"sent". Known(...) marks a word, or a deed, that a user wouldn't expect of the client, and says what it is: it is the
client's, not the server's, and a new version of the client may change it.
"""
from dataclasses import dataclass


class Known:
    """A known behaviour of a client. `why` names it; `changes` overrides fields of the fault for this client."""

    def __init__(self, status, why, **changes):
        self.status, self.why, self.changes = status, why, changes


@dataclass
class Fault:
    scenario: str
    curl: object
    swaks: object
    msmtp: object
    smtplib: object
    says: str = ""          # of the server's words, what swaks, msmtp and smtplib pass on when they fail
    stored: int = 0         # messages in the ledger after the first try
    plays: bool = True      # a rule of the scenario plays; where it has none, this is about its doors and its wire
    connections: int = 1
    recovers: int = 0       # the first tries fail so, the next one is delivered
    ended: str = ""         # how the connections end, by the journal
    login: bool = False
    size: int = 0           # bytes of the body, at least
    recipients: int = 1
    options: tuple = ()     # of serve
    patience: float = None  # the client's own timeout, and the least that it takes
    takes: float = None     # seconds, at least
    give_up: float = 45     # then the test ends a client that hangs
    swallows: bool = False  # connection attempts are swallowed, and counted
    host: str = "127.0.0.1"
    needs: str = ""         # what `mailfault doctor` must say that this machine can do
    name: str = ""

    def __post_init__(self):
        self.name = self.name or self.scenario

    @property
    def waits(self):
        return bool(self.patience or self.takes)


def every(scenario, status=0, **more):
    return Fault(scenario, status, status, status, status, **more)


def delivered(scenario, **more):
    return every(scenario, stored=1, **more)


# ---- known behaviours that come again

WAITS_FOR_QUIT = ("after the body, curl says QUIT even when its own time is over, and waits two minutes for the "
                  "reply: --max-time doesn't hold")
TEMPORARY_LOGIN = "a temporary failure of AUTH is reported as a wrong password"
LOSES_EHLO_REPLY = "after a 4yz or 5yz to EHLO it says HELO on a connection that is closing, and the code is lost"
LOSES_LOGIN_REPLY = "tries the next mechanism with the same password on a connection that is closing: the code is lost"
NEEDS_TEXT = "a reply of a bare code is not taken"
NO_LOGIN = "goes on without the login that it was told to use"
ONLY_UPPER_CASE = "doesn't see extensions in lower case"
NO_LEADING_SPACE = "doesn't see an extension behind a space"
FIRST_THREE = "takes any line that begins with three digits for that code"
WAITS_FOR_SENSE = "what is no reply is passed over, and it waits for one until its timeout"
SENT_BUT_FAILS = "the message was accepted with 250, and yet it reports a failure: its user will send it twice"
SENT_BUT_6 = "the message was accepted with 250, and yet it exits with 6"
NOT_STRICT = "some recipients were refused, and it exits with 0"



def curl_waits():
    return Known("hung", WAITS_FOR_QUIT, give_up=3)


def waits_for_sense(status):
    return Known(status, WAITS_FOR_SENSE, patience=1)


FAULTS = [
    # ---- no fault
    delivered("healthy", ended="closed after QUIT"),
    delivered("healthy", login=True, name="healthy with a login"),
    delivered("healthy", recipients=3, name="healthy with three recipients"),
    delivered("healthy", host="::1", needs="IPv6", name="healthy over IPv6"),
    delivered("healthy", size=1_000_000, name="healthy with a large body"),

    # ---- the way to the server
    Fault("tcp-refused", 7, 2, 75, "ConnectionRefusedError", connections=0),
    Fault("tcp-blackhole", 28, 2, 75, "TimeoutError", connections=0, patience=1, swallows=True),
    Fault("port-25-refused", 7, 2, 75, "ConnectionRefusedError", connections=0),
    Fault("tcp-accept-silent", 28, 21, 74, "SMTPServerDisconnected", patience=1, ended="client: FIN"),
    Fault("tcp-accept-close", 56, 6, 76, "SMTPServerDisconnected", ended="server: closed (FIN)"),
    # the RST may come before or after the client has seen the connection
    Fault("tcp-accept-rst", (7, 56), (2, 6), (74, 75), ("SMTPServerDisconnected", "ConnectionResetError"),
          ended="server: reset (RST)"),
    Fault("tcp-half-close", 56, 6, 76, "SMTPServerDisconnected", ended="client: FIN"),
    Fault("net-captive-http", 56, 6, 76, "SMTPConnectError"),
    Fault("banner-tls-alert", 56, 6, 76, "SMTPConnectError"),
    Fault("ipv6-refused", 7, 2, 75, "ConnectionRefusedError", connections=0, host="::1", needs="IPv6"),
    Fault("ipv6-dead", 28, 2, 75, "TimeoutError", connections=0, host="::1", needs="IPv6", patience=1, swallows=True),
    delivered("ipv6-dead", name="ipv6-dead by IPv4"),
    delivered("net-latency-2s", options=("--time-scale", "0.05"), takes=0.5),
    delivered("net-slow-link", takes=0.5),
    delivered("net-loss", needs="lose segments"),
    Fault("net-mtu-blackhole", curl_waits(), 26, 74, "SMTPServerDisconnected", size=100_000, patience=1,
          needs="path-MTU black hole"),

    # ---- the greeting
    Fault("banner-421", 8, 21, 76, "SMTPConnectError", says="too many connections", ended="server: closed (FIN)"),
    Fault("banner-421-then-healthy", 8, 21, 76, "SMTPConnectError", says="too many connections", recovers=2),
    Fault("banner-450", 8, 21, 76, "SMTPConnectError", says="try later"),
    Fault("banner-554", 8, 21, 76, "SMTPConnectError", says="No SMTP service here"),
    Fault("banner-554-close", 8, 21, 76, "SMTPConnectError", says="not accepting connections"),
    Fault("banner-220-then-421", 8, 21, Known(76, "takes 220- for the whole reply's code; the 421 is lost", says=""),
          "SMTPConnectError", says="No system resources"),
    Fault("banner-never", 28, 21, 74, "SMTPServerDisconnected", patience=1),
    delivered("banner-delay-20s", options=("--time-scale", "0.02"), takes=0.4),
    delivered("banner-multiline", options=("--time-scale", "0.2"), takes=0.2),
    delivered("banner-no-esmtp"),
    Fault("banner-no-text", 0, Known(21, NEEDS_TEXT, stored=0, patience=1), Known(76, NEEDS_TEXT, stored=0), 0,
          stored=1),
    Fault("banner-wrong-service", waits_for_sense(28), waits_for_sense(21), 76, "SMTPConnectError"),
    delivered("net-pix-stars"),

    # ---- EHLO
    Fault("ehlo-421", Known(56, LOSES_EHLO_REPLY), 6, Known(76, LOSES_EHLO_REPLY, says=""),
          Known("SMTPServerDisconnected", LOSES_EHLO_REPLY, says=""), says="Service not available"),
    Fault("ehlo-550-policy", 9, 22, 76, "SMTPHeloError", says="Access denied, bad HELO"),
    Fault("ehlo-both-fail", 9, 22, 76, "SMTPHeloError", says="HELO not implemented"),
    Fault("ehlo-close", 56, 6, 76, "SMTPServerDisconnected"),
    Fault("ehlo-silent", 28, 22, 74, "SMTPServerDisconnected", patience=1),
    delivered("ehlo-502-helo-ok"),
    delivered("ehlo-minimal"),
    delivered("ehlo-size-odd"),
    delivered("ehlo-auth-duplicate", login=True, plays=False),
    delivered("ehlo-auth-equals", login=True),
    Fault("ehlo-auth-missing", Known(55, NO_LOGIN, plays=True), 28, 69, "SMTPNotSupportedError", login=True,
          plays=False),
    Fault("ehlo-auth-empty", Known(55, NO_LOGIN, plays=True), 28, 69, "SMTPException", login=True, plays=False),
    Fault("ehlo-lowercase", Known(55, f"{ONLY_UPPER_CASE}; {NO_LOGIN}", stored=0, plays=True),
          Known(28, ONLY_UPPER_CASE, stored=0), 0, Known("SMTPException", ONLY_UPPER_CASE, stored=0),
          login=True, stored=1, plays=False),
    Fault("ehlo-leading-space", 0, Known(28, NO_LEADING_SPACE, stored=0), Known(69, NO_LEADING_SPACE, stored=0), 0,
          login=True, stored=1),
    # curl and smtplib say the size with MAIL, so they learn it there; the others only after the body
    Fault("ehlo-size-small", 55, 26, 69, "SMTPSenderRefused", size=50_000, says="Message size exceeds fixed limit"),

    # ---- replies out of shape
    delivered("reply-split-bytes", takes=1),
    delivered("reply-split-multiline", takes=0.4),
    delivered("reply-slow", options=("--time-scale", "0.01"), takes=0.5),
    delivered("reply-bare-lf"),
    Fault("reply-blank-line", 0, 0, Known(76, "a blank line is no reply to it", stored=0),
          Known("SMTPServerDisconnected", "a blank line is the end of the connection to it", stored=0), stored=1),
    Fault("reply-bare-code", 0, Known(23, NEEDS_TEXT, stored=0, patience=1), Known(76, NEEDS_TEXT, stored=0), 0,
          stored=1),
    Fault("reply-long-line", 0, 0, Known(76, "takes no line of 3000 bytes", stored=0), 0, stored=1),
    Fault("reply-huge-no-eol", 56, 6, 76, "SMTPResponseException"),
    Fault("reply-partial-close", 56, 6, 76, "SMTPServerDisconnected"),
    Fault("reply-partial-stall", 28, 22, 74, "SMTPServerDisconnected", patience=1),
    Fault("reply-code-4digit", waits_for_sense(28), waits_for_sense(23), 76,
          Known("SMTPRecipientsRefused", FIRST_THREE)),
    Fault("reply-code-text-glued", waits_for_sense(28), waits_for_sense(23), 76,
          Known("SMTPRecipientsRefused", FIRST_THREE)),
    Fault("reply-garbage", waits_for_sense(28), waits_for_sense(23), 76, "SMTPSenderRefused"),
    Fault("reply-1yz-6yz", 55, 23, 65, "SMTPSenderRefused", says="x"),
    Fault("reply-mixed-codes", 55, 23, Known(65, "takes 250- for the whole reply's code"), "SMTPSenderRefused"),
    Fault("reply-multi-line-error", 55, 23, 65, "SMTPSenderRefused", says="sending limits go to"),
    Fault("reply-latin1", 55, 24, 65, "SMTPRecipientsRefused", says="Utilisateur inconnu"),
    Fault("reply-unsolicited-250", 55, 25, 65, "SMTPResponseException"),
    Fault("reply-unsolicited-421", 55, 23, 69, "SMTPSenderRefused", says="shutting down", recovers=1),

    # ---- AUTH
    delivered("auth-wrong-password-only", login=True),
    delivered("auth-required", login=True, plays=False),
    Fault("auth-535", 67, 28, 77, "SMTPAuthenticationError", login=True, says="authentication failed"),
    Fault("auth-535-close", 67, 28, 77, Known("SMTPServerDisconnected", LOSES_LOGIN_REPLY, says=""), login=True,
          says="credentials invalid"),
    Fault("auth-gmail-bad", 67, 28, 77, "SMTPAuthenticationError", login=True, says="BadCredentials"),
    Fault("auth-421", Known(67, TEMPORARY_LOGIN), 28, Known(77, TEMPORARY_LOGIN),
          Known("SMTPServerDisconnected", LOSES_LOGIN_REPLY, says=""), login=True, says="Try again later",
          recovers=1),
    Fault("auth-454-temp", Known(67, TEMPORARY_LOGIN), 28, Known(77, TEMPORARY_LOGIN),
          Known(0, "tries the next mechanism with the same password at once, and gets through", stored=1, recovers=0),
          login=True, says="Temporary authentication failure", recovers=1),
    Fault("auth-503-not-advertised", Known(55, NO_LOGIN, plays=True), 28, 69, "SMTPNotSupportedError", login=True,
          plays=False),
    Fault("auth-none-common", Known(67, "tries mechanisms that it can't do, or none", plays=True), 28, 69,
          "SMTPException", login=True, plays=False),
    # swaks again says QUIT and waits for the reply
    Fault("auth-silent", 28, 28, 74, "SMTPServerDisconnected", login=True, patience=1),

    # ---- MAIL
    Fault("mail-421", 55, 23, 69, "SMTPSenderRefused", says="Service not available", recovers=1),
    Fault("mail-451-greylist", 55, 23, 69, "SMTPSenderRefused", says="Greylisting"),
    Fault("mail-454-ses-rate", 55, 23, 69, "SMTPSenderRefused", says="Throttling failure", recovers=2),
    Fault("mail-530-auth", 55, 23, 65, "SMTPSenderRefused", says="Authentication required"),
    Fault("mail-550-sender-dns", 55, 23, 65, "SMTPSenderRefused", says="Domain not found"),
    Fault("mail-552-size", 55, 23, 65, "SMTPSenderRefused", says="Message size exceeds"),
    Fault("mail-555-params", Known(55, "doesn't try once more without SIZE", plays=True, stored=0), 0, 0,
          Known("SMTPSenderRefused", "doesn't try once more without size=", plays=True, stored=0), stored=1,
          plays=False),
    Fault("mail-close", 56, 6, 76, "SMTPServerDisconnected", recovers=1),
    Fault("mail-silent", 28, 23, 74, "SMTPServerDisconnected", patience=1),

    # ---- RCPT
    Fault("rcpt-251", 0, Known(24, "takes no 251", stored=0), 0, 0, stored=1),
    Fault("rcpt-451-local", 55, 24, 69, "SMTPRecipientsRefused", says="Temporary lookup failure", recovers=1),
    Fault("rcpt-452-full", 55, 24, 69, "SMTPRecipientsRefused", says="out of storage space"),
    Fault("rcpt-550-unknown", 55, 24, 65, "SMTPRecipientsRefused", says="User unknown"),
    Fault("rcpt-550-close", 55, 24, 65, "SMTPRecipientsRefused", says="blocked using Spamhaus"),
    Fault("rcpt-421-mid", 55, 6, 69, "SMTPRecipientsRefused", recipients=3, says="Connection dropped"),
    Fault("rcpt-all-5xx-data-354", 55, 24, 65, "SMTPRecipientsRefused", says="User unknown"),
    # curl and msmtp give up the message for all; swaks and smtplib send it to the others
    Fault("rcpt-partial-5xx", 55, Known(0, NOT_STRICT, stored=1), 65, Known(0, "returns the refused ones", stored=1),
          recipients=3),
    Fault("rcpt-partial-4xx", 55, Known(0, NOT_STRICT, stored=1), 69, Known(0, "returns the refused ones", stored=1),
          recipients=3),
    Fault("rcpt-silent", 28, 24, 74, "SMTPServerDisconnected", patience=1),

    # ---- DATA and the body
    Fault("data-421", 55, 25, 69, "SMTPDataError", says="Temporary System Problem", recovers=1),
    Fault("data-554", 55, 25, 65, "SMTPDataError", says="Data command rejected"),
    Fault("data-250-not-354", 55, 25, 65, "SMTPDataError"),
    Fault("data-354-bare", 0, Known(25, NEEDS_TEXT, stored=0, patience=1), Known(76, NEEDS_TEXT, stored=0), 0,
          stored=1),
    delivered("data-354-late", options=("--time-scale", "0.003"), takes=0.3),
    Fault("data-silent", 28, 25, 74, "SMTPServerDisconnected", patience=1),
    # which of the two calls meets the RST is a matter of time
    Fault("data-rst-mid", (55, 56), 6, 74, "SMTPServerDisconnected", size=100_000, recovers=1,
          ended="server: reset (RST), after 8 KiB"),
    Fault("data-close-mid", (55, 56), Known((-13, 6, 26), "dies of SIGPIPE without a word"), (74, 76),
          "SMTPServerDisconnected", size=100_000, ended="server: closed (FIN), after 8 KiB"),
    Fault("data-421-mid", 8, 26, 69, "SMTPDataError", size=100_000, says="timeout exceeded", recovers=1),
    Fault("data-reply-mid", 8, 26, 69, "SMTPDataError", size=200_000, says="file system imposed limit"),
    Fault("data-stop-reading", 28, Known("hung", "its timeout doesn't hold for writing", give_up=3), 74,
          "SMTPServerDisconnected", size=8_500_000, patience=1),
    Fault("data-vanish-mid", curl_waits(), 26, 74, "SMTPServerDisconnected", size=100_000, patience=1,
          needs="vanish without FIN"),
    delivered("data-bare-lf-reject", plays=False),

    # ---- after the final dot
    Fault("dot-421-then-healthy", 8, 26, 69, "SMTPDataError", says="Server busy", recovers=2),
    Fault("dot-451", 8, 26, 69, "SMTPDataError", says="queue file write error", recovers=1),
    Fault("dot-550-spam", 8, 26, 69, "SMTPDataError", says="has been blocked"),
    Fault("dot-554-virus", 8, 26, 69, "SMTPDataError", says="Virus found"),
    Fault("dot-354-again", 8, 26, 69, "SMTPDataError"),
    Fault("dot-accepted-close", 56, 6, 76, "SMTPServerDisconnected", stored=1, ended="server: closed (FIN)"),
    Fault("dot-accepted-rst", 56, 6, 74, "SMTPServerDisconnected", stored=1, ended="server: reset (RST)"),
    Fault("dot-notstored-close", 56, 6, 76, "SMTPServerDisconnected", recovers=1),
    Fault("dot-silent", curl_waits(), 26, 74, "SMTPServerDisconnected", stored=1, patience=1),
    delivered("dot-250-late-30s", options=("--time-scale", "0.01"), takes=0.3),
    delivered("dot-250-text-weird"),
    Fault("dot-250-close", 0, Known(6, SENT_BUT_6), 0, 0, stored=1),
    Fault("dot-250-421", 0, 0, 0, Known("SMTPResponseException", f"leaving `with`: {SENT_BUT_FAILS}"), stored=1),
    Fault("dot-blank-first", 0, 0, Known(76, SENT_BUT_FAILS),
          Known("SMTPResponseException", SENT_BUT_FAILS), stored=1),
    every("dot-discarded"),

    # ---- QUIT
    Fault("quit-421", 0, 0, 0, Known("SMTPResponseException", f"leaving `with`: {SENT_BUT_FAILS}"), stored=1),
    Fault("quit-close", 0, Known(6, SENT_BUT_6), 0, 0, stored=1),
    Fault("quit-rst", 0, Known(6, SENT_BUT_6), 0, 0, stored=1, ended="server: reset (RST)"),
    delivered("quit-221-keeps-open", ended="client: FIN"),
    Fault("quit-silent", curl_waits(), 0, 0, 0, stored=1, patience=1),
    Fault("reuse-half-open", curl_waits(), 0, 0, 0, stored=1, patience=1, needs="vanish without FIN"),
]
