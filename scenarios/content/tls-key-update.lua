scenario {
  title    = "New keys in the midst of the body, and the client is asked for new ones, too",
  emulates = "a server that keeps its keys short-lived",
  sources  = { "RFC 8446 section 4.6.3", "msmtp ec043e5" },
  params   = { at = { "8KiB", "bytes of the body before the KeyUpdate" } },
  needs    = { size = "64KiB", tls = true },
}

on.content:where("tls", "TLSv1.3"):at(params.at):key_update()

expect.outcome "delivered"

example { at = 1000, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: <body 2000>
C: .
S: 250 ...
S: <stored 1>
]] }
