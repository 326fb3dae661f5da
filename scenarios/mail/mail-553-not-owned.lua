scenario {
  title    = "553 to MAIL: the sender's address does not belong to the login",
  emulates = "Postfix with reject_sender_login_mismatch",
  sources  = { "Postfix smtpd_check.c", "RFC 6409 section 6.1" },
  needs    = { auth = true },
}

on.mail:reply(553, "5.7.1", "<{from}>: Sender address rejected: not owned by user {user}")

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: MAIL FROM:<a@example.com>
S: 553 5.7.1 <a@example.com>: Sender address rejected: not owned by user user@example.com
]]
