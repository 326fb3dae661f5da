-- The submission server of Outlook.com, Hotmail and Live: smtp-mail.outlook.com, port 587. The same farm as
-- Microsoft 365's, with the limits of a private person.
local session = "a session with smtp-mail.outlook.com, November 2022"
local ndr     = "Microsoft's list of NDR codes in Exchange Online"

return {
  title      = "Outlook.com, submission",
  like       = "m365",
  sources    = { session, ndr },
  host       = "LO2P265CA0443.outlook.office365.com",
  id         = "LO2P265MB[0-9]{4}[0-9A-F]{26}",
  session_id = "08DE[0-9A-F]{12}",
  limits     = { recipients_per_message = 100 },

  replies = {
    auth_failed     = verified("535 5.7.139 Authentication unsuccessful, basic authentication is disabled."
                      .. " [LO2P265CA0443.GBRP265.PROD.OUTLOOK.COM {date} {session_id}]",
                      "a reply of Outlook.com, October 2024; what stands in brackets varies"),
    message         = verified("250 2.0.0 OK <{id}@LO2P265MB2976.GBRP265.PROD.OUTLOOK.COM>"
                      .. " [Hostname=LO2P265MB2976.GBRP265.PROD.OUTLOOK.COM]", session),
  },
}
