local function simulator(name) return { name .. "@simulator.amazonses.com", name .. "+*@simulator.amazonses.com" } end

scenario {
  title    = "The addresses of Amazon SES's mailbox simulator are accepted: success, bounce, complaint, ooto…",
  emulates = "Amazon SES and its mailbox simulator, labels (bounce+x@) too",
  sources  = { "docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html", "MailKit#1881" },
}

-- SES itself says 250 to all of them, at the dot with its own id; what becomes of the message comes by mail.
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
]]
