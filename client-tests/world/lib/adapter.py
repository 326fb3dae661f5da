"""What an adapter in Python is told, and how it tells what became of the mail."""
import json
import os
import sys
import time

HOST, PORT = os.environ["SMTP_HOST"], int(os.environ["SMTP_PORT"])
TLS = os.environ.get("MAILFAULT_TLS", "none")  # or starttls, implicit
CA = os.environ.get("MAILFAULT_CA")
LOGIN = (os.environ["SMTP_USER"], os.environ["SMTP_PASSWORD"]) if os.environ.get("MAILFAULT_AUTH") else None
SENDER = os.environ["MAILFAULT_SENDER"]
RECIPIENTS = os.environ["MAILFAULT_RECIPIENTS"].split()
TIMEOUT = float(os.environ["MAILFAULT_TIMEOUT"])
MESSAGES = int(os.environ["MAILFAULT_MESSAGES"])
FOLDER = os.path.dirname(os.path.abspath(sys.argv[0]))
failed = False

with open(os.path.join(FOLDER, "profile.json"), encoding="utf-8") as file:
    NAMES = json.load(file)["names"]


def mails():
    """Id and text of each message, with the pause that is wanted between two."""
    for number in range(1, MESSAGES + 1):
        if number > 1:
            time.sleep(float(os.environ.get("MAILFAULT_IDLE") or 0))
        with open(os.path.join(os.environ["MAILFAULT_MAIL"], f"{number}.eml"), "rb") as file:
            text = file.read()
        yield next(line.split()[1].decode() for line in text.splitlines() if line.lower().startswith(b"message-id:")), text


def word_of(code, error=None):
    """By the reply code that the library gives, else by the class of its exception as the profile has it."""
    if 400 <= code < 600:
        return "misconfigured" if code in (525, 530, 534, 535, 538) else "temporary" if code < 500 else "permanent"
    return next((NAMES[each.__name__] for each in type(error).__mro__ if each.__name__ in NAMES), "failed")


def tell(word, *of):
    """Of a message, or of a recipient of it. What is true of all of them, its exit status and output say."""
    global failed
    failed = failed or word != "sent"
    if len(of) < 2 and (not of or MESSAGES == 1):
        return
    with open(os.environ["MAILFAULT_REPORT"], "a", encoding="utf-8") as file:
        print(word, *of, file=file)


def tell_error(error, *of):
    print(f"{type(error).__name__}: {error}", file=sys.stderr)
    tell(word_of(getattr(error, "smtp_code", 0), error), *of)
