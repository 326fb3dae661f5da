scenario {
  title    = "Port 25 refuses connections, and port 587 of the same host works",
  emulates = "a submission server without a relay port, a firewall that rejects",
  sources  = { "RFC 5321 section 4.5.4", "RFC 8314" },
}

doors {
  smtp       = { port = 25, state = "refused", main = true },       -- the door that the client is given
  submission = { port = 587 },
}

expect.outcome { "temporary", "delivered" }               -- reports the shut port, or tries the other one

example [[
C: <connect submission>
S: 220 ...
C: EHLO client.example
S: 250 ...
]]
