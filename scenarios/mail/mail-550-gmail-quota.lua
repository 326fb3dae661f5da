scenario {
  title    = "550 5.4.5 to MAIL in three lines: the user's limit of the day is exceeded",
  emulates = "Gmail (text approximate)",
  sources  = { "gen_smtp#140", "PHPMailer#2113" },
}

on.mail:reply(550, "5.4.5", { "Daily user sending limit exceeded. For more information on Gmail",
  "sending limits go to", "https://support.google.com/a/answer/166852 {id} - gsmtp" })

expect.outcome "misconfigured"                            -- of the account, not of the recipient; pause for a day

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 550-5.4.5 Daily user sending limit exceeded. For more information on Gmail
S: 550-5.4.5 sending limits go to
S: 550 5.4.5 https://support.google.com/a/answer/166852 ... - gsmtp
]]
