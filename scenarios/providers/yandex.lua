-- Yandex Mail, submission: smtp.yandex.ru, port 465 with TLS from the start, or 587.
local log   = "a log of sSMTP, November 2022"
local swift = "a log of SwiftMailer, May 2016"
local dart  = "enough_mail#284"

return {
  title   = "Yandex Mail, submission",
  sources = { log, swift, dart },
  host    = "mail-nwsmtp-smtp-production-main-88.klg.yp-c.yandex.net",
  id      = "[A-Za-z0-9]{12}-[A-Za-z0-9]{8}",

  capabilities = {
    before_tls = { "8BITMIME", "PIPELINING", "SIZE 53477376", "STARTTLS", "AUTH LOGIN PLAIN XOAUTH2", "DSN",
                   "ENHANCEDSTATUSCODES" },       -- STARTTLS's place and the size: approximate
    after_tls  = { "8BITMIME", "PIPELINING", "SIZE 53477376", "AUTH LOGIN PLAIN XOAUTH2", "DSN", "ENHANCEDSTATUSCODES" },
  },
  requires = { auth = true },
  limits   = { recipients_per_message = 50 },

  replies = {
    greeting          = verified("220 {host} Ok {epoch}-{id}", dart),
    ehlo              = verified("250 {host}", swift),
    starttls          = approximate("220 Go ahead"),
    auth_prompt_plain = verified("334", dart),    -- bare: no space, no text
    auth_ok           = verified("235 2.7.0 Authentication successful. {epoch}-{id}", log),
    auth_failed       = approximate("535 5.7.8 Error: authentication failed: Invalid user or password! {epoch}-{id}"),
    auth_aborted      = verified("501 Cancelled", dart),
    mail              = verified("250 2.1.0 <{from}> ok {epoch}-{id}", log),
    rcpt              = verified("250 2.1.5 <{rcpt}> recipient ok {epoch}-{id}", log),
    data              = verified("354 Start mail input, end with <CRLF>.<CRLF>", log),
    message           = verified("250 2.0.0 Ok: queued on {host} {epoch}-{id}", log),
    quit              = verified("221 2.0.0 Closing connecton", log),       -- sic
    rset              = approximate("250 2.0.0 Ok"),
    noop              = approximate("250 2.0.0 Ok"),

    auth_required     = approximate("503 5.5.4 Error: send AUTH command first. {epoch}-{id}"),
    hello_first       = approximate("503 5.5.4 Bad sequence of commands."),
    nested_mail       = approximate("503 5.5.4 Bad sequence of commands."),
    need_mail         = approximate("503 5.5.4 Bad sequence of commands."),
    need_rcpt         = approximate("503 5.5.4 Bad sequence of commands."),
    no_recipients     = approximate("503 5.5.4 No correct recipients."),
    unknown_command   = approximate("502 5.5.2 Syntax error, command unrecognized."),
    too_large         = approximate("552 5.3.4 Error: message file too big."),
    too_many_recipients = approximate("452 4.5.3 Too many recipients"),
    timeout           = approximate("421 4.4.2 {host} Error: timeout exceeded"),
  },
}
