scenario {
  title    = "534 to AUTH: an application-specific password is required",
  emulates = "Gmail and Google Workspace, submission (layout approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
  needs    = { tls = true, auth = true },
}
provider "gmail"

on.auth:reply(534, "5.7.9", {
  "Application-specific password required. For more information, go to",
  " https://support.google.com/mail/?p=InvalidSecondFactor {id} - gsmtp" })

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 534-5.7.9 Application-specific password required. For more information, go to
S: 534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor ... - gsmtp
]]
