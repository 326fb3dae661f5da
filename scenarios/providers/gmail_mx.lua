-- Where mail for gmail.com and for the domains of Google Workspace is delivered: gmail-smtp-in.l.google.com, port 25.
local session = "sessions with Google's MX hosts, 2011 to 2025"
local codes   = "Google's SMTP error reference, support.google.com/a/answer/3726730"

return {
  title   = "Gmail and Google Workspace, MX",
  like    = "gmail",
  sources = { session, codes },
  host    = "mx.google.com",
  id      = "[a-f0-9]{13}-[a-f0-9]{11}si[0-9]{8}[a-z]{3}.[0-9]{2}",

  capabilities = {
    before_tls = { "SIZE 157286400", "8BITMIME", "STARTTLS", "ENHANCEDSTATUSCODES", "PIPELINING", "CHUNKING",
                   "SMTPUTF8" },
    after_tls  = { "SIZE 157286400", "8BITMIME", "ENHANCEDSTATUSCODES", "PIPELINING", "CHUNKING", "SMTPUTF8" },
  },
  requires = { tls = false, auth = false },

  replies = {
    auth_off = approximate("502 5.5.1 Unrecognized command. {id} - gsmtp"),
  },
}
