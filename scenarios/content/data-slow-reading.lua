scenario {
  title    = "The server takes the body at 1 byte a second",
  emulates = "a hostile peer",
  sources  = { "Exim 4.52 PH/06", "RFC 5321 section 4.5.3.2.5" },
  params   = { rate = { "1B/s", "how fast the body is read" } },
  needs    = { size = "8MiB" },
}

on.data:use{ wire = { read_bandwidth = params.rate } }    -- from here on; 8 MiB fill the buffers between

expect.outcome "temporary"

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
C: Subject: hello
C: .
S: 250 ...
S: <stored 1>
]]
