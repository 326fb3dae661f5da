"""Django's mail: one connection opened, each message sent by it, as the documentation has it for several messages."""
import email
import email.policy
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import adapter  # noqa: E402
import django.conf  # noqa: E402
import django.core.mail  # noqa: E402

user, password = adapter.LOGIN or ("", "")
django.conf.settings.configure(
    EMAIL_HOST=adapter.HOST, EMAIL_PORT=adapter.PORT, EMAIL_HOST_USER=user, EMAIL_HOST_PASSWORD=password,
    EMAIL_USE_TLS=adapter.TLS == "starttls", EMAIL_USE_SSL=adapter.TLS == "implicit", EMAIL_TIMEOUT=adapter.TIMEOUT,
    USE_I18N=False)


def send(connection, message_id, text):
    given = email.message_from_bytes(text, policy=email.policy.SMTP)
    headers = {name: value for name, value in given.items() if name.lower() not in ("from", "to", "subject")}
    mail = django.core.mail.EmailMessage(given["Subject"], given.get_payload(decode=True).decode(), adapter.SENDER,
                                         adapter.RECIPIENTS, headers=headers, connection=connection)
    try:
        mail.send()
        adapter.tell("sent", message_id)
    except Exception as error:  # whatever it is, it is the client's word
        code = [code for code, _ in error.recipients.values()] if hasattr(error, "recipients") else []
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        if code:
            for recipient, (code, _) in error.recipients.items():
                adapter.tell(adapter.word_of(code, error), message_id, recipient)
        else:
            adapter.tell(adapter.word_of(getattr(error, "smtp_code", 0), error), message_id)


try:
    with django.core.mail.get_connection() as connection:
        for message_id, text in adapter.mails():
            send(connection, message_id, text)
except Exception as error:
    adapter.tell_error(error)
sys.exit(adapter.failed)
