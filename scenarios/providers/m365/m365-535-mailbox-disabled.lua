scenario {
  title    = "535 to AUTH: SMTP AUTH is switched off for the mailbox",
  emulates = "Microsoft 365, submission (what stands in brackets is approximate)",
  sources  = { "replies that users have logged", "RFC 4954 section 6" },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.auth:reply(535, "5.7.139", "Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. "
  .. "Visit https://aka.ms/smtp_auth_disabled for more information. [SY5P282CA0097.AUSP282.PROD.OUTLOOK.COM "
  .. "{date} {session_id}]")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: dXNlckBleGFtcGxlLmNvbQ==
S: 334 UGFzc3dvcmQ6
C: b3Blbi1zZXNhbWU=
S: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled ...
]]
