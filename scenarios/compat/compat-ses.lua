local function simulator(name) return { name .. "@simulator.amazonses.com", name .. "+*@simulator.amazonses.com" } end

scenario {
  title    = "The addresses of Amazon SES's mailbox simulator: success, bounce, complaint, suppressionlist, ooto",
  emulates = "Amazon SES and its mailbox simulator, labels (bounce+x@) too",
  sources  = { "docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html", "MailKit#1881" },
  params   = { after = { "2s", "time from the final dot to what comes by mail" } },
  needs    = { bounces = true },
}

-- SES itself says 250 to all of them, at the dot with its own id; what becomes of the message comes by mail.
on.rcpt:to(simulator "bounce"):dsn{ action = "failed", status = "5.1.1", diagnostic = "550 5.1.1 user unknown",
  after = params.after }
on.rcpt:to(simulator "suppressionlist"):dsn{ action = "failed", status = "5.1.1", after = params.after,
  diagnostic = "550 5.1.1 Amazon SES has suppressed sending to this address: it has a recent history of bouncing" }
on.rcpt:to(simulator "complaint"):complaint{ after = params.after }
on.rcpt:to(simulator "ooto"):auto_reply{ after = params.after }
for _, name in ipairs { "success", "bounce", "complaint", "suppressionlist", "ooto" } do
  on.rcpt:to(simulator(name)):reply(250, { "Ok" })
end
on.message:where("rcpts", "*@simulator.amazonses.com"):reply(250, { "Ok 0107017033dbb64d-{id}-000000" })

expect.outcome "delivered"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<success@simulator.amazonses.com>
S: 250 Ok
C: RCPT TO:<bounce+label1@simulator.amazonses.com>
S: 250 Ok
C: RCPT TO:<b@example.net>
S: 250 2.1.5 Ok
C: DATA
S: 354 ...
C: .
S: 250 Ok 0107017033dbb64d-...
S: <stored 3>
S: <dsn bounce+label1@simulator.amazonses.com>
]]
