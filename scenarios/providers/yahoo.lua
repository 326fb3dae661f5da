-- Yahoo Mail and AOL, submission: smtp.mail.yahoo.com and smtp.aol.com, ports 587 and 465. Passwords are those that
-- Yahoo makes for an app. The bracket that closes in the EHLO reply was never opened.
local swaks   = "a session with smtp.mail.yahoo.com:587, January 2026"
local openssl = "a session with smtp.mail.yahoo.com:465, February 2019"
local telnet  = "a session with smtp.aol.com:587"

return {
  title   = "Yahoo and AOL, submission",
  sources = { swaks, openssl, telnet },
  host    = "smtp.mail.yahoo.com",
  id      = "[0-9]{10}.[0-9]{6}.[0-9]{13}",

  capabilities = {
    before_tls = { "PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME", "SIZE 41697280", "STARTTLS" },
    after_tls  = { "PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME", "SIZE 41697280",
                   "AUTH PLAIN LOGIN XOAUTH2 OAUTHBEARER" },
  },
  requires = { tls = true, auth = true },
  limits   = { recipients_per_message = 100 },

  replies = {
    greeting          = verified("220 smtp.mail.yahoo.com ESMTP ready", swaks),
    ehlo              = verified("250 hermes--production-ir2-6fcf857f6f-vw7gs Hello {helo} [{peer}])", swaks),
    helo              = approximate("250 hermes--production-ir2-6fcf857f6f-vw7gs Hello {helo} [{peer}])"),
    starttls          = verified("220 2.0.0 Ready to start TLS", swaks),
    auth_prompt_plain = verified("334 UGxhaW46", openssl),        -- "Plain:"
    auth_ok           = approximate("235 2.0.0 OK"),
    auth_failed       = verified("535 5.7.0 (#AUTH005) Too many bad auth attempts.", openssl),
    mail              = approximate("250 OK , completed"),
    rcpt              = approximate("250 OK , completed"),
    data              = approximate("354 Start Mail. End with CRLF.CRLF"),
    message           = verified("250 OK , completed", "answers that nodemailer's users have logged"),
    quit              = verified("221 Service Closing transmission", telnet),
    rset              = approximate("250 OK , completed"),
    noop              = approximate("250 OK , completed"),

    tls_required      = approximate("530 5.7.0 Must issue a STARTTLS command first"),
    auth_required     = approximate("530 5.7.1 Authentication required"),
    auth_unknown      = approximate("504 5.5.4 Unrecognized authentication type"),
    unknown_command   = approximate("500 5.5.1 Command {verb} unrecognized."),
    help              = verified("500 5.5.1 Command HELP unrecognized.", telnet),
    vrfy              = approximate("500 5.5.1 Command VRFY unrecognized."),
    expn              = approximate("500 5.5.1 Command EXPN unrecognized."),
    hello_first       = approximate("503 5.5.1 EHLO/HELO first."),
    nested_mail       = approximate("503 5.5.1 Nested MAIL command."),
    need_mail         = approximate("503 5.5.1 MAIL first."),
    need_rcpt         = approximate("503 5.5.1 RCPT first."),
    no_recipients     = approximate("503 5.5.1 RCPT first."),
    too_large         = approximate("552 5.3.4 Message size exceeds fixed limit"),
    too_many_recipients = approximate("452 4.5.3 Too many recipients"),
    timeout           = approximate("421 4.4.2 Idle timeout, closing connection"),
  },
}
