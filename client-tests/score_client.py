"""A mail client as score calls one, sound unless told otherwise: score_client.py [FAULT]

FAULT: twice, plain-after-starttls, all-permanent, no-quit, early, leak, drop, never-connects, two-words.
Its words are in MAILFAULT_REPORT, for each recipient of each message.
"""
import os
import smtplib
import ssl
import sys
import time

FAULT = sys.argv[1] if len(sys.argv) > 1 else ""
HOST, PORT = os.environ["SMTP_HOST"], int(os.environ["SMTP_PORT"])
TIMEOUT = float(os.environ["MAILFAULT_TIMEOUT"])
SENDER, RECIPIENTS = os.environ["MAILFAULT_SENDER"], os.environ["MAILFAULT_RECIPIENTS"].split(" ")


class Refused(Exception):
    """TLS isn't to be had."""


def word_of(code):
    if code in (525, 530, 534, 535, 538):
        return "misconfigured"
    return "temporary" if 400 <= code < 500 and FAULT != "all-permanent" else "permanent"


def report(word, recipient=None):
    with open(os.environ["MAILFAULT_REPORT"], "a", encoding="utf-8") as file:
        file.write(f"{word}{' ' + recipient if recipient else ''}\n")


class Client(smtplib.SMTP):
    """Says QUIT where smtplib just hangs up."""

    def getreply(self):
        if FAULT == "early" and self.file is None:
            self.sock.sendall(b"NOOP\r\n")
            greeting = super().getreply()
            super().getreply()
            return greeting
        return super().getreply()


def leave(server):
    try:
        server.close() if FAULT == "no-quit" else server.quit()
    except (smtplib.SMTPException, OSError):
        pass


def plain():
    server = Client(local_hostname="client.example", timeout=TIMEOUT)
    server._host = HOST  # for SNI
    code, text = server.connect(HOST, PORT)
    if code != 220:
        leave(server)
        raise smtplib.SMTPConnectError(code, text)
    return server


def connected():
    mode = os.environ["MAILFAULT_TLS"]
    context = ssl.create_default_context(cafile=os.environ["MAILFAULT_CA"])
    if mode == "implicit":
        return smtplib.SMTP_SSL(HOST, PORT, "client.example", timeout=TIMEOUT, context=context)
    server = plain()
    if mode == "starttls":
        try:
            code, _ = server.starttls(context=context)
            if code != 220:
                raise Refused(f"STARTTLS was answered with {code}")
        except (Refused, smtplib.SMTPException, ssl.SSLError) as error:
            if FAULT != "plain-after-starttls":
                if not isinstance(error, ssl.SSLError):
                    leave(server)
                raise Refused(str(error)) from error
            if isinstance(error, ssl.SSLError):
                server = plain()
    return server


def send(server, text):
    wanted = RECIPIENTS[:-1] if FAULT == "drop" and len(RECIPIENTS) > 1 else RECIPIENTS
    refused = server.sendmail(SENDER, wanted, text)
    for recipient in wanted:
        report(word_of(refused[recipient][0]) if recipient in refused else "sent", recipient)


def deliver(server):
    if os.environ["MAILFAULT_AUTH"]:
        if FAULT == "leak":
            print("logging in with", os.environ["SMTP_PASSWORD"])
        server.ehlo_or_helo_if_needed()
        server.user, server.password = os.environ["SMTP_USER"], os.environ["SMTP_PASSWORD"]
        server.auth("PLAIN", server.auth_plain)  # login() would try every mechanism
    for number in range(1, int(os.environ["MAILFAULT_MESSAGES"]) + 1):
        if number > 1:
            time.sleep(float(os.environ["MAILFAULT_IDLE"]))
        with open(os.path.join(os.environ["MAILFAULT_MAIL"], f"{number}.eml"), "rb") as file:
            text = file.read()
        send(server, text)
        if FAULT == "twice":
            server.sendmail(SENDER, RECIPIENTS, text)


def run():
    server = connected()
    try:
        deliver(server)
    finally:
        leave(server)


def main():
    if FAULT == "never-connects":
        return print("no server is set") or 1
    try:
        run()
        return 0
    except smtplib.SMTPRecipientsRefused as error:
        for recipient, (code, _) in error.recipients.items():
            report(word_of(code), recipient)
    except smtplib.SMTPConnectError as error:
        report(word_of(error.smtp_code))
    except smtplib.SMTPResponseException as error:
        report(word_of(error.smtp_code))
    except (Refused, ssl.SSLError) as error:
        print(error)
        report("refused")
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        print(error)
        report("permanent" if FAULT == "all-permanent" else "temporary")
    return 1


if __name__ == "__main__":
    sys.exit(main())
