scenario {
  title    = "501 to EHLO: the name in it is refused",
  emulates = "Exim",
  sources  = { "Exim src/src/smtp_in.c", "MailKit" },
}
provider "exim"

on.helo:reply(501, "Syntactically invalid EHLO argument(s)")

expect.outcome "misconfigured"                            -- an underscore in it will do

example [[
S: 220 ...
C: EHLO client.example
S: 501 Syntactically invalid EHLO argument(s)
]]
