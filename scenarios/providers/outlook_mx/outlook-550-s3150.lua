scenario {
  title    = "550 to MAIL: the network is on a block list",
  emulates = "the MX of Outlook.com and Microsoft 365",
  sources  = { "sisimai" },
}
provider "outlook_mx"

on.mail:reply(550, "5.7.1", "Unfortunately, messages from [{peer}] weren't sent. Please contact your Internet "
  .. "service provider since part of their network is on our block list (S3150). You can also refer your provider "
  .. "to http://mail.live.com/mail/troubleshooting.aspx#errors.")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 550 5.7.1 Unfortunately, messages from [{peer}] weren't sent. Please contact ...
]]
