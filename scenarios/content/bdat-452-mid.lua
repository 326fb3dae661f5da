scenario {
  title    = "452 in the second chunk of a message",
  emulates = "a full disk in the middle of BDAT",
  sources  = { "RFC 3030 section 2" },
  params   = { at = { "8KiB", "bytes of the message before it" }, times = { 1, "messages that get it" } },
  needs    = { size = "64KiB" },
}

capabilities { "+CHUNKING" }
on.content:at(params.at):where("verb", "BDAT"):first(params.times):reply(452, "4.3.1", "Insufficient system storage")

expect.outcome "temporary"                                -- no further chunk behind it, and all of them again later

example { at = 8, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: BDAT 6
C: 1234
S: 250 2.0.0 6 octets received
C: BDAT 6
C: 5678
S: 452 4.3.1 Insufficient system storage
C: BDAT 6 LAST
C: 9012
S: 503 5.5.1 Error: discarded after an earlier error
S: <stored 0>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: BDAT 6 LAST
C: test
S: 250 ...
S: <stored 1>
]] }
