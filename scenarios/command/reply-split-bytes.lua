scenario {
  title    = "Every byte of every reply comes in a segment of its own",
  emulates = "slow links, microcontrollers",
  sources  = { "emailjs PR#140", "nodemailer#456", "go-smtp PR#120" },
  params   = { gap = { "5ms", "time between two bytes" } },
}

local answering = {
  "greeting", "helo", "auth", "mail", "rcpt", "data", "message", "rset", "noop", "vrfy", "quit",
}
for _, stage in ipairs(answering) do on[stage]:drip(1, params.gap) end

expect.outcome "delivered"

example { gap = "1s", [[
S: 220<cut>
S: <silence 900ms>
S:  <cut>
S: mx.example.com ESMTP
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 2<cut>
S: <silence 900ms>
S: 50 2.1.0 ...
C: QUIT
S: 221 ...
S: <close>
]] }
