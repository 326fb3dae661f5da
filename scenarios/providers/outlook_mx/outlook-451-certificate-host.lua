scenario {
  title    = "451 to MAIL: the certificate's name doesn't fit",
  emulates = "the MX of Outlook.com and Microsoft 365 (end of the text approximate)",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
}
provider "outlook_mx"

on.mail:reply(451, "4.7.325", "certificate-host-mismatch: Remote certificate MUST have a common name or subject "
  .. "alternative name matching the hostname")

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 451 4.7.325 certificate-host-mismatch: Remote certificate MUST have a common ...
]]
