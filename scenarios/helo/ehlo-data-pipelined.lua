scenario {
  title    = "DATA that comes in a group with RCPT gets no reply",
  emulates = "a server that drops what comes behind RCPT",
  sources  = { "MailKit#1459", "RFC 2920 section 3.1" },
}

on.command:verb("DATA"):where("early"):no_reply()

expect.outcome { "delivered", "temporary" }               -- waits before DATA, or gives up in time

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
C: RCPT TO:<b@example.net>
C: DATA
S: 250 2.1.0 ...
S: 250 2.1.5 ...
S: <silence 30s>
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
