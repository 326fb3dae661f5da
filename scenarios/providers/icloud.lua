-- iCloud Mail, submission: smtp.mail.me.com, port 587. Passwords are those that Apple makes for an app. Behind the
-- greeting it speaks like Postfix.
local log = "a debug log of a mailer, November 2025"

return {
  title   = "iCloud Mail, submission",
  sources = { log },
  host    = "outbound.qs.icloud.com",
  id      = "[0-9A-F]{12}",

  capabilities = {                                -- approximate
    before_tls = { "PIPELINING", "SIZE 28311552", "ETRN", "STARTTLS", "ENHANCEDSTATUSCODES", "8BITMIME", "DSN",
                   "SMTPUTF8", "CHUNKING" },
    after_tls  = { "PIPELINING", "SIZE 28311552", "ETRN", "AUTH LOGIN PLAIN ATOKEN WSTOKEN", "ENHANCEDSTATUSCODES",
                   "8BITMIME", "DSN", "SMTPUTF8", "CHUNKING" },
  },
  requires = { tls = true, auth = true },
  limits   = { recipients_per_message = 500 },

  replies = {
    greeting      = verified("220 iCloud SMTP - {host}", log),
    starttls      = verified("220 2.0.0 Ready to start TLS", log),
    auth_ok       = verified("235 2.7.0 Authentication successful", log),
    auth_failed   = approximate("535 5.7.8 Error: authentication failed: authentication failure"),
    message       = verified("250 2.0.0 Ok: queued as {id}", log),
    mail          = approximate("250 2.1.0 Ok"),
    rcpt          = approximate("250 2.1.5 Ok"),
    data          = approximate("354 End data with <CR><LF>.<CR><LF>"),
    quit          = approximate("221 2.0.0 Bye"),
    tls_required  = approximate("530 5.7.0 Must issue a STARTTLS command first"),
    auth_required = approximate("530 5.7.1 Authentication required"),
    too_large     = approximate("552 5.3.4 Error: message file too big"),
  },
}
