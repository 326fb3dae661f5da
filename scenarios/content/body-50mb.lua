scenario {
  title    = "A message of 50 MB is taken at 4 MB a second",
  emulates = "a slow link, and a large attachment",
  sources  = { "PMail PR#361", "RFC 5321 section 4.5.3.2.5" },
  params   = { rate = { "4MB/s", "how fast the body is read" } },
  needs    = { size = "50MB" },
}

capabilities { "+SIZE 104857600" }
on.data:use{ wire = { read_bandwidth = params.rate } }

expect.outcome "delivered"                                -- a timer for each block, none for the session

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
C: <body 200000>
C: .
S: 250 ...
S: <stored 1>
]]
