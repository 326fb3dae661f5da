scenario {
  title    = "A 550 of three lines, the code on each",
  emulates = "Gmail, when the day's limit is reached",
  sources  = { "lettre PR#1153", "onepub#543", "gen_smtp#140" },
}

on.command:verb("MAIL"):reply(550, "5.4.5", {             -- the text is approximate
  "Daily user sending limit exceeded. For more information on Gmail",
  "sending limits go to",
  "https://support.google.com/a/answer/166852 {id} - gsmtp",
})

expect.outcome { "permanent", "misconfigured" }           -- the account's fault, not the recipient's
expect.client { output_contains = "sending limits go to" }         -- all lines are shown

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 550-5.4.5 Daily user sending limit exceeded...
S: 550-5.4.5 sending limits go to
S: 550 5.4.5 https://...
]]
