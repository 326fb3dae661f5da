scenario {
  title    = "535 to AUTH: SMTP AUTH is switched off for the tenant",
  emulates = "Microsoft 365",
  sources  = { "a reply of Microsoft 365", "RFC 4954 section 6" },
  params   = { scope = { "Tenant", "whose switch is off: Tenant or Mailbox" } },
  needs    = { auth = true },
}

-- what stands in brackets is approximate
on.auth:reply(535, "5.7.139", "Authentication unsuccessful, SmtpClientAuthentication is disabled for the "
  .. params.scope .. ". Visit https://aka.ms/smtp_auth_disabled for more information."
  .. " [AS4P251CA0014.EURP251.PROD.OUTLOOK.COM 2024-10-26T21:19:04.955Z 08DCF55F2D078725]")

expect.outcome "misconfigured"                            -- asking for another password is no help

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. ...
]]
example { scope = "Mailbox", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. ...
]] }
