scenario {
  title    = "451 4.7.650 to every recipient: the client's address is rate limited",
  emulates = "Outlook.com",
  sources  = { "sisimai Rhost/Microsoft.pm" },
  params   = { times = { 1, "tries of a recipient before it is taken" } },
}

on.rcpt:first(params.times):per("rcpt")
  :reply(451, "4.7.650", "The mail server [{peer}] has been temporarily rate limited due to IP reputation."
    .. " For e-mail delivery information, see https://postmaster.live.com (S775)")

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 451 4.7.650 The mail server [{peer}] has been temporarily rate limited due to IP reputation. ...
C: RCPT TO:<b@example.net>
S: 250 ...
]]
