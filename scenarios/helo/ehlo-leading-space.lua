scenario {
  title    = "A space precedes the keyword AUTH",
  emulates = "sloppy servers",
  sources  = { "aiosmtplib 5.1.2" },
  needs    = { auth = true },
}

capabilities { "PIPELINING", "SIZE 10485760", "8BITMIME", " AUTH PLAIN LOGIN" }

expect.outcome "delivered"

example [[
S: 220 ...
C: EHLO client.example
S: 250-{host}
S: 250-PIPELINING
S: 250-SIZE 10485760
S: 250-8BITMIME
S: 250  AUTH PLAIN LOGIN
]]
