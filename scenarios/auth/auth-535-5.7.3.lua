scenario {
  title    = "535 5.7.3 to AUTH, with a host name in the text",
  emulates = "Microsoft 365 and Exchange",
  sources  = { "Microsoft 365 documentation", "RFC 4954 section 6" },
  needs    = { auth = true },
}

on.auth:reply(535, "5.7.3", "Authentication unsuccessful [BN6PR03CA0021.namprd03.prod.outlook.com]")

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 5.7.3 Authentication unsuccessful ...
]]
