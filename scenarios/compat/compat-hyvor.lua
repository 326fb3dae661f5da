scenario {
  title    = "A recipient's name is a situation: busy@, tempfail@, missing@, spam@…, +atdata after the dot, +async by mail",
  emulates = "Hyvor's SMTP simulator",
  sources  = { "hyvor/smtp-simulator README" },
  params   = { after = { "2s", "time from the final dot to what comes by mail" } },
  needs    = { bounces = true },
}

local replies = {
  busy     = { 450, "4.2.1", "Mailbox busy" },
  tempfail = { 451, "4.3.0", "Temporary failure" },
  missing  = { 550, "5.1.1", "No such user" },
  disabled = { 550, "5.1.2", "Mailbox disabled" },
  spam     = { 550, "5.7.1", "Rejected as spam" },
}

for name, answer in pairs(replies) do
  on.rcpt:to(name .. "@*"):reply(answer[1], answer[2], answer[3])
  on.rcpt:to(name .. "+async@*"):dsn{ status = answer[2], after = params.after,
    diagnostic = answer[1] .. " " .. answer[2] .. " " .. answer[3] }
  on.message:where("rcpts", name .. "+atdata@*"):reply(answer[1], answer[2], answer[3])
end
on.rcpt:to("complaint@*"):complaint{ after = params.after }

expect.outcome { "temporary", "permanent", "partial" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<busy@example.net>
S: 450 4.2.1 ...
C: RCPT TO:<missing@example.net>
S: 550 5.1.1 ...
C: RCPT TO:<accept@example.net>
S: 250 ...
C: RCPT TO:<spam+atdata@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 550 5.7.1 ...
S: <stored 0>
]]
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<missing+async@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
S: <dsn missing+async@example.net>
]]
