"""Ten tests of an application that sends mail, each against a server that fails in its own way.

MAILFAULT=build/mailfault pytest -n 4 client-tests/examples      (-n 4, of pytest-xdist: four at a time)
"""
import pytest

from outbox import Outbox


def outbox_for(server, **more):
    return Outbox(server.host, server.port, **more)


def test_sends_a_message_whole_and_once(fault):
    server = fault("healthy")
    assert outbox_for(server).send("bob@example.net", "your order 7") == "sent"
    server.wait(stored_to="bob@*", subject="*order 7")
    [message] = server.messages(text=True)
    assert message["text"].endswith("\r\n\r\nHello!\r\n")
    assert server.verdict(word="sent", messages=1)["verdict"] == "pass"


def test_logs_in(fault):
    server = fault("healthy")
    assert outbox_for(server, user=server.user, password=server.password).send("bob@example.net", "hello") == "sent"
    server.wait(event={"kind": "command", "text": "AUTH *"})


def test_keeps_a_message_while_the_server_is_overloaded(fault):
    server = fault("banner-421-then-healthy", times=2)
    outbox = outbox_for(server)
    assert outbox.send("bob@example.net", "hello") == "later"
    assert outbox.retry() == ["later"]
    assert outbox.retry() == ["sent"]
    assert len(server.messages()) == 1


def test_gives_up_on_an_unknown_user(fault):
    server = fault("rcpt-550-unknown")
    outbox = outbox_for(server)
    assert outbox.send("nobody@example.net", "hello") == "refused"
    assert outbox.kept == []
    assert server.verdict(word="permanent")["verdict"] == "pass"


def test_gets_through_greylisting(fault):
    server = fault("rcpt-450-greylist", wait="300ms")
    outbox = outbox_for(server)
    assert outbox.send("bob@example.net", "hello") == "later"
    assert outbox.retry() == ["later"], "too early"
    with pytest.raises(AssertionError, match="no message was stored"):
        server.wait(timeout="400ms")
    assert outbox.retry() == ["sent"]


def test_says_that_the_password_is_wrong(fault):
    server = fault("auth-535")
    outbox = outbox_for(server, user="user@example.com", password="wrong")
    assert outbox.send("bob@example.net", "hello") == "misconfigured"
    assert outbox.kept == []


def test_keeps_what_the_server_took_half_of(fault):
    server = fault("data-close-mid", at="20B")
    outbox = outbox_for(server)
    assert outbox.send("bob@example.net", "hello") == "later"
    assert server.messages() == []


def test_waits_for_a_slow_greeting(fault):
    server = fault("banner-delay-20s", time_scale=0.01)
    assert outbox_for(server).send("bob@example.net", "hello") == "sent"


def test_survives_a_server_that_is_down_for_a_while(fault):
    server = fault("healthy")
    server.door("refused")
    outbox = outbox_for(server)
    assert outbox.send("bob@example.net", "hello") == "later"
    server.door("open")
    assert outbox.retry() == ["sent"]
    server.wait(messages=1)


def test_a_fault_of_ones_own(fault):
    server = fault(source="""
        scenario { title = "Mail to the boss is refused on the first try" }
        on.rcpt:to("boss@*"):first(1):reply(450, "4.2.1", "in a meeting")
    """)
    outbox = outbox_for(server)
    assert outbox.send("bob@example.net", "hello") == "sent"
    assert outbox.send("boss@example.net", "a rise") == "later"
    assert outbox.retry() == ["sent"]
    assert [message["recipients"] for message in server.messages()] == [["bob@example.net"], ["boss@example.net"]]
