scenario {
  title    = "550 5.7.1 (S3150) to every recipient: the client's network is on a block list",
  emulates = "Outlook.com",
  sources  = { "sisimai Rhost/Microsoft.pm" },
}

on.rcpt:reply(550, "5.7.1", "Unfortunately, messages from [{peer}] weren't sent. Please contact your Internet service"
  .. " provider since part of their network is on our block list (S3150). You can also refer your provider to"
  .. " http://mail.live.com/mail/troubleshooting.aspx#errors. [{host}]")

expect.outcome "misconfigured"                            -- our address is at fault, not the recipient

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 5.7.1 Unfortunately, messages from [{peer}] weren't sent. ...
]]
