scenario {
  title    = "A second EHLO after AUTH loses the login",
  emulates = "mail.shaw.ca, smtp.strato.de",
  sources  = { "MailKit release notes 1.0.28 to 1.0.80", "RFC 4954 section 4" },
  needs    = { auth = true },
}

on.helo(function(session)
  if session.authenticated then state["again" .. session.connection] = true end
end)
on.mail:matching(function(session) return state["again" .. session.connection] end)
  :reply(530, "5.7.0", "Authentication required")

expect.outcome { "delivered", "misconfigured" }           -- one EHLO is enough, or the login is repeated

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RSET
S: 250 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 530 5.7.0 Authentication required
]]
