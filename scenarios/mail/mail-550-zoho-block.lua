scenario {
  title    = "550 5.4.6 to MAIL: unusual sending activity",
  emulates = "Zoho",
  sources  = { "Zoho Mail: usage policy" },
}

on.mail:reply(550, "5.4.6", "Unusual sending activity detected. Please try after sometime."
  .. " Learn more: https://www.zoho.com/mail/help/usage-policy.html")

expect.outcome "misconfigured"                            -- elsewhere 5.4.6 is a routing loop

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 550 5.4.6 Unusual sending activity detected. ...
]]
