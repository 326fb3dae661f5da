scenario {
  title    = "An empty record comes before each reply",
  emulates = "the defence against BEAST",
  sources  = { "RFC 8446 section 5.1", "CVE-2011-3389" },
  needs    = { tls = true },
}

on.command:where("tls"):tls_record("application_data", ""):proceed()

expect.outcome "delivered"

example [[
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
C: .
S: 250 ...
S: <stored 1>
]]
