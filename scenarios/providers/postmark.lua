-- Postmark: smtp.postmarkapp.com, ports 25, 587 and 2525. User and password are both the server's token. An address
-- that has bounced before is accepted here and suppressed later. No session of it was found: nearly all is approximate.
return {
  title   = "Postmark",
  sources = { "Postmark: sending email with SMTP", "a delivery log of a Postfix that relays by Postmark" },
  host    = "smtp.postmarkapp.com",
  id      = "[0-9A-F]{12}",

  capabilities = {
    before_tls = { "PIPELINING", "SIZE 10485760", "STARTTLS", "AUTH PLAIN LOGIN CRAM-MD5", "ENHANCEDSTATUSCODES",
                   "8BITMIME" },
    after_tls  = { "PIPELINING", "SIZE 10485760", "AUTH PLAIN LOGIN CRAM-MD5", "ENHANCEDSTATUSCODES", "8BITMIME" },
  },
  requires = { auth = true },
  limits   = { recipients_per_message = 50 },

  replies = {
    greeting      = approximate("220 {host} ESMTP"),
    auth_ok       = approximate("235 2.7.0 Authentication successful"),
    auth_failed   = approximate("535 5.7.8 Error: authentication failed"),
    auth_required = approximate("530 5.7.0 Authentication required"),
    mail          = approximate("250 2.1.0 Ok"),
    rcpt          = approximate("250 2.1.5 Ok"),
    data          = approximate("354 End data with <CR><LF>.<CR><LF>"),
    message       = verified("250 2.0.0 Ok: queued as {id}", "a delivery log of a Postfix that relays by Postmark"),
    quit          = approximate("221 2.0.0 Bye"),
    too_large     = approximate("552 5.3.4 Error: message file too big"),
    too_many_recipients = approximate("452 4.5.3 Error: too many recipients"),
  },
}
