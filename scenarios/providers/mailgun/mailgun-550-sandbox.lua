scenario {
  title    = "550 to a recipient whom the sandbox doesn't know",
  emulates = "Mailgun (code approximate)",
  sources  = { "Mailgun's documentation" },
  needs    = { auth = true },
}
provider "mailgun"

on.rcpt:reply(550, "Free accounts are for test purposes only. Please upgrade or add the address to authorized "
  .. "recipients in Account Settings.")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 Free accounts are for test purposes only. Please upgrade or add the address ...
]]
