"""The application of the examples: an outbox that sends mail through a server, and tries again later what it should."""
import smtplib


class Outbox:
    """`send` sends one message at once; what may get through later is kept, and `retry` tries it again."""

    def __init__(self, host, port, user=None, password=None, timeout=10):
        self.host, self.port, self.user, self.password, self.timeout = host, port, user, password, timeout
        self.kept = []

    def send(self, to, subject):
        """"sent", "later" (it is kept), "refused" (for good: somebody has to look at it) or "misconfigured"."""
        message = f"From: shop@example.com\r\nTo: {to}\r\nSubject: {subject}\r\n\r\nHello!\r\n"
        try:
            with smtplib.SMTP(self.host, self.port, "shop.example", self.timeout) as server:
                if self.user:
                    server.login(self.user, self.password)
                server.sendmail("shop@example.com", [to], message)
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code >= 500:
                return "misconfigured"
        except smtplib.SMTPRecipientsRefused as error:
            if all(code >= 500 for code, _ in error.recipients.values()):
                return "refused"
        except smtplib.SMTPResponseException as error:
            if error.smtp_code >= 500:
                return "refused"
        except OSError:  # as are all that smtplib raises
            pass
        else:
            return "sent"
        self.kept.append((to, subject))
        return "later"

    def retry(self):
        """Tries what is kept once more; the answers."""
        due, self.kept = self.kept, []
        return [self.send(to, subject) for to, subject in due]
