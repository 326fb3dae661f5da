"""A plain client for what no real one does: sockets, and a little SMTP."""
import socket


def connect(port, host="127.0.0.1", timeout=20):
    return socket.create_connection((host, port), timeout)


class Talk:
    """One connection; replies are read whole."""

    def __init__(self, port, host="127.0.0.1", timeout=20):
        self.socket = connect(port, host, timeout)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.file.close()
        self.socket.close()

    def reply(self):
        """The code and the text; (0, what came) if the connection ends before."""
        text = b""
        while True:
            line = self.file.readline()
            text += line
            if not line.endswith(b"\n"):
                return 0, text
            if line[3:4] != b"-":
                return int(line[:3]), text

    def say(self, line):
        self.socket.sendall(line.encode() + b"\r\n")
        return self.reply()

    def envelope(self):
        """To where the body is due."""
        codes = [self.reply()[0], *(self.say(line)[0] for line in
                 ("EHLO client.example", "MAIL FROM:<a@example.com>", "RCPT TO:<b@example.net>", "DATA"))]
        if codes != [220, 250, 250, 250, 354]:
            raise AssertionError(f"the replies are {codes}")

    def send_message(self, text=b"Subject: a test\r\n\r\nHello.\r\n"):
        self.envelope()
        self.socket.sendall(text + b".\r\n")
        return self.reply()


def send_message(port, host="127.0.0.1"):
    with Talk(port, host) as talk:
        code, text = talk.send_message()
        if code != 250:
            raise AssertionError(f"not accepted: {text}")
        return talk.say("QUIT")
