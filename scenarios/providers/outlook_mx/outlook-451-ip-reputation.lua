scenario {
  title    = "451 to MAIL: rate limited by the address's reputation",
  emulates = "the MX of Outlook.com and Microsoft 365",
  sources  = { "sisimai" },
}
provider "outlook_mx"

on.mail:reply(451, "4.7.650", "The mail server [{peer}] has been temporarily rate limited due to IP reputation. "
  .. "For e-mail delivery information, see https://postmaster.live.com (S775)")

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 451 4.7.650 The mail server [{peer}] has been temporarily rate limited due to ...
]]
