scenario {
  title    = "550 to MAIL: unusual sending activity",
  emulates = "Zoho Mail",
  sources  = { "replies that users have logged" },
  needs    = { tls = true, auth = true },
}
provider "zoho"

on.mail:reply(550, "5.4.6", "Unusual sending activity detected. Please try after sometime. Learn more: "
  .. "https://www.zoho.com/mail/help/usage-policy.html")

expect.outcome "misconfigured"                            -- 5.4.6 is a routing loop elsewhere: it says nothing of the recipient

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 550 5.4.6 Unusual sending activity detected. Please try after sometime. Learn ...
]]
