scenario {
  title    = "534 to AUTH: log in with a web browser first",
  emulates = "Gmail and Google Workspace, submission (layout approximate)",
  sources  = { "nodemailer#310" },
  needs    = { tls = true, auth = true },
}
provider "gmail"

on.auth:reply(534, "5.7.14", {
  "<https://accounts.google.com/signin/continue?sarp=1&scc=1&plt=AKgnsbt> Please",
  " log in via your web browser and then try again.",
  " Learn more at",
  " https://support.google.com/mail/answer/78754 {id} - gsmtp" })

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 534-5.7.14 <https://accounts.google.com/signin/continue?sarp=1&scc=1&plt=AKgnsbt> Please
S: 534-5.7.14  log in via your web browser and then try again.
S: 534-5.7.14  Learn more at
S: 534 5.7.14  https://support.google.com/mail/answer/78754 ... - gsmtp
]]
