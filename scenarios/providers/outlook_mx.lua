-- Where mail for outlook.com, hotmail.com and the domains of Microsoft 365 is delivered:
-- *.olc.protection.outlook.com and *.mail.protection.outlook.com, port 25.
local session = "a session with an MX host of Microsoft 365, September 2019"
local ndr     = "Microsoft's list of NDR codes in Exchange Online"

return {
  title   = "Outlook.com and Microsoft 365, MX",
  like    = "m365",
  sources = { session, ndr },
  host    = "BL2NAM06FT004.mail.protection.outlook.com",
  id      = "[0-9]{14}",

  capabilities = {                                -- approximate: those of Exchange
    before_tls = { "SIZE 157286400", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "STARTTLS", "8BITMIME", "BINARYMIME",
                   "CHUNKING", "SMTPUTF8" },
    after_tls  = { "SIZE 157286400", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "8BITMIME", "BINARYMIME", "CHUNKING",
                   "SMTPUTF8" },
  },
  requires = { tls = false, auth = false },

  replies = {
    greeting        = verified("220 {host} Microsoft ESMTP MAIL Service ready at {date}", session),
    ehlo            = approximate("250 {host} Hello [{peer}]"),
    message         = verified("250 2.6.0 {header.Message-ID} [InternalId={id},"
                      .. " Hostname=BN3NAM04HT214.eop-NAM04.prod.protection.outlook.com] {size} bytes in 0.215,"
                      .. " 56.103 KB/sec Queued mail for delivery -> 250 2.1.5", "delivery reports of SendGrid and SES"),
  },
}
