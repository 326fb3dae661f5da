scenario {
  title    = "550 to a recipient: the sending address is banned",
  emulates = "the MX of Outlook.com and Microsoft 365",
  sources  = { "Microsoft's list of NDR codes in Exchange Online",
               "a session with an MX host of Microsoft 365, September 2019" },
}
provider "outlook_mx"

on.rcpt:reply(550, "5.7.606", "Access denied, banned sending IP [{peer}]. To request removal from this list please "
  .. "visit https://sender.office.com/ and follow the directions.")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 5.7.606 Access denied, banned sending IP [{peer}]. To request removal from ...
]]
