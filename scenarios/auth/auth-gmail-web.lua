scenario {
  title    = "534 to AUTH in four lines: log in with a web browser first",
  emulates = "Gmail after a suspicious login (layout approximate)",
  sources  = { "nodemailer#310" },
  needs    = { auth = true },
}

on.auth:reply(534, "5.7.14", {
  "<https://accounts.google.com/signin/continue?sarp=1&scc=1&plt=AKgnsbt> Please",
  " log in via your web browser and then try again.",
  " Learn more at",
  " https://support.google.com/mail/answer/78754 {id} - gsmtp" })

expect.outcome "misconfigured"                            -- with the address, which only a person can follow

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 534-5.7.14 <https://accounts.google.com/signin/continue?sarp=1&scc=1&plt=AKgnsbt> Please
S: 534-5.7.14  log in via your web browser and then try again.
S: 534-5.7.14  Learn more at
S: 534 5.7.14  https://support.google.com/mail/answer/78754 ... - gsmtp
]]
