scenario {
  title    = "550 to a recipient: the day's limit of recipients",
  emulates = "Microsoft 365, submission",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.rcpt:reply(550, "5.1.90", "Your message can't be sent because you've reached your daily limit for message "
  .. "recipients")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients
]]
