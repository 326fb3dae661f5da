scenario {
  title    = "550 to MAIL: the address of the client is not registered for relay",
  emulates = "Google Workspace's SMTP relay (layout and the end of the text approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_relay"

on.mail:reply(550, "5.7.0", {
  "Mail relay denied [{peer}]. Invalid credentials for relay for one of the domains in:",
  " example.com (as obtained from HELO and MAIL FROM). Email is being sent from a domain or",
  " IP address which isn't registered in your Google Workspace account.",
  " https://support.google.com/a/answer/6140680#invalidcred {id} - gsmtp" })

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 550-5.7.0 Mail relay denied [{peer}]. Invalid credentials for relay for one of the domains in:
S: 550-5.7.0  example.com (as obtained from HELO and MAIL FROM). Email is being sent from a domain or
S: 550-5.7.0  IP address which isn't registered in your Google Workspace account.
S: 550 5.7.0  https://support.google.com/a/answer/6140680#invalidcred ... - gsmtp
]]
