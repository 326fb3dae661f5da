scenario {
  title    = "The 2nd recipient gets 550, whenever it is tried; the others get 250",
  emulates = "one bad address among good ones",
  sources  = { "courier#62", "curl#4816", "net-smtp#56", "async-smtp#72", "RFC 5321 section 3.3" },
  needs    = { rcpts = 3 },
}

on.rcpt:nth(2):run(function(session) state.unknown = session.rcpt end)
on.rcpt:matching(function(session) return session.rcpt == state.unknown end)
  :reply(550, "5.1.1", "<{rcpt}>: Recipient address rejected: User unknown in local recipient table")

expect.outcome "partial"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<1@example.net>
C: RCPT TO:<2@example.net>
C: RCPT TO:<3@example.net>
S: 250 ...
S: 550 5.1.1 <2@example.net>: Recipient address rejected: ...
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 2>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<2@example.net>
S: 550 ...
]]
