scenario {
  title    = "The certificate's RSA key has 8,192 bits",
  emulates = "a very careful administrator",
  sources  = { "CVE-2023-29409", "badssl.com rsa8192" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "rsa_8192" }                 -- made when it is first asked for: some seconds

expect.outcome { "delivered", lax = "refuses" }           -- lax: it bounds the key's size

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
]]
