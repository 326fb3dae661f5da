scenario {
  title    = "501 to EHLO: the name in it is refused",
  emulates = "Gmail and Google Workspace, submission",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
  needs    = { tls = true, auth = true },
}
provider "gmail"

on.helo:reply(501, "5.5.4", "HELO/EHLO argument is invalid {id} - gsmtp")

expect.outcome "misconfigured"                            -- with the name that the client gave

example [[
S: 220 ...
C: EHLO client.example
S: 501 5.5.4 HELO/EHLO argument is invalid ... - gsmtp
]]
