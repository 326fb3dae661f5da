"""smtplib of Python, used as its documentation shows: the status is 0 or the name of the exception's class. It runs
in this process, so nobody can give it up: each step ends by `timeout`."""
import smtplib
import time

from . import GENEROUS, Result

NAME = "smtplib"


def find(host="127.0.0.1"):
    return None


def send(host, port, mail, login=None, timeout=None, give_up=None):
    began = time.monotonic()
    try:
        with smtplib.SMTP(host, port, local_hostname="client.example", timeout=timeout or GENEROUS) as client:
            if login:
                client.login(*login)
            refused = client.sendmail(mail.sender, list(mail.recipients), mail.text)
        status, output = 0, f"sent; refused: {refused}"
    except Exception as error:  # whatever it is, it is the client's word
        status, output = type(error).__name__, repr(error)
    return Result(status, output, time.monotonic() - began)
