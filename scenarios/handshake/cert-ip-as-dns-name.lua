scenario {
  title    = "A client that comes by address gets a certificate that has it as a DNS name",
  emulates = "a home-made certificate: subjectAltName=DNS:127.0.0.1",
  sources  = { "RFC 9525 section 6", "RFC 5280 section 4.2.1.6" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:unless("sni"):use{ certificate = "ip_as_dns_name" }  -- for localhost it would be the right one

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls good>
C: EHLO client.example
S: 250 ...
]]
