scenario {
  title    = "Two AUTH lines with different mechanisms",
  emulates = "proxies that merge two servers' offers",
  sources  = { "MailKit", "RFC 4954 section 3" },
  needs    = { auth = true },
}

capabilities { "PIPELINING", "AUTH LOGIN", "SIZE 10485760", "AUTH PLAIN" }
on.mail:unless("authenticated"):reply(530, "5.7.0", "Authentication required")

expect.outcome "delivered"                                -- by either: the lines add up

example [[
S: 220 ...
C: EHLO client.example
S: 250-{host}
S: 250-PIPELINING
S: 250-AUTH LOGIN
S: 250-SIZE 10485760
S: 250 AUTH PLAIN
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: dXNlckBleGFtcGxlLmNvbQ==
S: 334 UGFzc3dvcmQ6
C: b3Blbi1zZXNhbWU=
S: 235 ...
C: MAIL FROM:<user@example.com>
S: 250 ...
]]
