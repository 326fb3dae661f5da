scenario {
  title    = "What came in clear behind STARTTLS is executed inside TLS",
  emulates = "servers before CVE-2011-0411, and an attacker in the middle",
  sources  = { "CVE-2011-0411", "RFC 3207 section 6" },
  needs    = { tls = true },
}

on.starttls:use{ keep_pending = true }

expect.outcome "delivered"                                -- a client that sends nothing there doesn't notice

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
C: VRFY injected@example.net
S: 220 ...
C: <tls>
S: 252 2.0.0 injected@example.net
C: EHLO client.example
S: 250 ...
]]
