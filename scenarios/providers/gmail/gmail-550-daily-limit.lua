scenario {
  title    = "550 to MAIL: the user has sent all that he may in a day",
  emulates = "Gmail and Google Workspace, submission (layout approximate)",
  sources  = { "gen_smtp#140", "PHPMailer#2113" },
  needs    = { tls = true, auth = true },
}
provider "gmail"

on.mail:reply(550, "5.4.5", {
  "Daily user sending limit exceeded. For more information on Gmail",
  " sending limits go to",
  " https://support.google.com/a/answer/166852 {id} - gsmtp" })

expect.outcome "misconfigured"                            -- it says nothing of the recipient: pause for a day

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 550-5.4.5 Daily user sending limit exceeded. For more information on Gmail
S: 550-5.4.5  sending limits go to
S: 550 5.4.5  https://support.google.com/a/answer/166852 ... - gsmtp
]]
