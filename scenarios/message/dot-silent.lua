scenario {
  title    = "The message is stored, and no reply comes; the connection stays open",
  emulates = "a reply that is lost on the way",
  sources  = { "RFC 1047", "RFC 5321 section 4.5.3.2.6" },
  params   = { times = { 1, "messages whose reply is lost" } },
}

on.message:first(params.times):accept():stall()

expect.outcome "ambiguous"                                -- after 10 min at least

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: <silence 10m>
S: <stored 1>
]]
