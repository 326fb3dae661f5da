scenario {
  title    = "535 to AUTH: user name and password not accepted",
  emulates = "Gmail and Google Workspace, submission",
  sources  = { "spksrc#4340" },
  needs    = { tls = true, auth = true },
}
provider "gmail"

on.auth:reply(535, "5.7.8", {
  "Username and Password not accepted. For more information, go to",
  " https://support.google.com/mail/?p=BadCredentials {id} - gsmtp" })

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535-5.7.8 Username and Password not accepted. For more information, go to
S: 535 5.7.8  https://support.google.com/mail/?p=BadCredentials ... - gsmtp
]]
