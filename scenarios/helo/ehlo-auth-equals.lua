scenario {
  title    = "AUTH is offered with an equals sign alone: AUTH=LOGIN PLAIN",
  emulates = "servers of the Outlook Express era",
  sources  = { "aiosmtplib 5.1.2", "MailKit#1406", "SendGrid (beside AUTH)" },
  needs    = { auth = true },
}

capabilities { "PIPELINING", "SIZE 10485760", "8BITMIME", "AUTH=LOGIN PLAIN" }

expect.outcome { "delivered", lax = "misconfigured" }     -- lax: the form is in no RFC

example [[
S: 220 ...
C: EHLO client.example
S: 250-{host}
S: 250-PIPELINING
S: 250-SIZE 10485760
S: 250-8BITMIME
S: 250 AUTH=LOGIN PLAIN
]]
