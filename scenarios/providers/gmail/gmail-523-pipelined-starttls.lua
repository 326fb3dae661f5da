scenario {
  title    = "523 to STARTTLS with a command behind it in the same segment",
  emulates = "Gmail and Google Workspace, submission",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
  needs    = { tls = true, auth = true },
}
provider "gmail"

on.starttls:where("pending"):reply(523, "5.7.10", "SMTP protocol violation, no commands allowed to pipeline after "
  .. "STARTTLS {id} - gsmtp")

expect.outcome "delivered"                                -- a correct client waits for the 220

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
C: NOOP
S: 523 5.7.10 SMTP protocol violation, no commands allowed to pipeline after STARTTLS ... - gsmtp
]]
