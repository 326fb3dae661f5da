-- The relay for the servers and devices of a Google Workspace domain: smtp-relay.gmail.com, ports 25, 587 and 465.
-- It knows them by their address or by a login, so it asks nobody to log in.
local session = "a session with smtp-relay.gmail.com, March 2020"
local codes   = "Google's SMTP error reference, support.google.com/a/answer/3726730"

return {
  title   = "Google Workspace, SMTP relay",
  like    = "gmail",
  sources = { session, codes },
  host    = "smtp-relay.gmail.com",
  id      = "[a-f0-9]{13}-[a-f0-9]{11}sm[0-9]{8}[a-z]{3}.[0-9]{1}",
  requires = { tls = false, auth = false },
  replies = {
    ehlo = approximate("250 {host} at your service, [{peer}]"),
  },
}
