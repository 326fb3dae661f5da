"""smtplib as its documentation shows it."""
import os
import smtplib
import ssl
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import adapter  # noqa: E402


def connect():
    context = ssl.create_default_context(cafile=adapter.CA) if adapter.TLS != "none" else None
    if adapter.TLS == "implicit":
        return smtplib.SMTP_SSL(adapter.HOST, adapter.PORT, "client.example", timeout=adapter.TIMEOUT, context=context)
    client = smtplib.SMTP(adapter.HOST, adapter.PORT, "client.example", timeout=adapter.TIMEOUT)
    if adapter.TLS == "starttls":
        client.starttls(context=context)
    return client


def send(client, message_id, text):
    try:
        refused = client.sendmail(adapter.SENDER, adapter.RECIPIENTS, text)
        for recipient in adapter.RECIPIENTS if refused else ():
            adapter.tell(adapter.word_of(refused[recipient][0]) if recipient in refused else "sent", message_id,
                         recipient)
        if not refused:
            adapter.tell("sent", message_id)
    except smtplib.SMTPRecipientsRefused as error:
        print(f"SMTPRecipientsRefused: {error}", file=sys.stderr)
        for recipient, (code, _) in error.recipients.items():
            adapter.tell(adapter.word_of(code, error), message_id, recipient)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        adapter.tell_error(error, message_id)


try:
    with connect() as client:
        if adapter.LOGIN:
            client.login(*adapter.LOGIN)
        for message_id, text in adapter.mails():
            send(client, message_id, text)
except Exception as error:  # whatever it is, it is the client's word
    adapter.tell_error(error)
sys.exit(adapter.failed)
