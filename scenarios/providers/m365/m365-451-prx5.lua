scenario {
  title    = "451 to MAIL: a server behind the proxy",
  emulates = "Microsoft 365, submission",
  sources  = { "Microsoft's support articles" },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.mail:reply(451, "4.7.0", "Temporary server error. Please try again later. PRX5")

expect.outcome "temporary"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 451 4.7.0 Temporary server error. Please try again later. PRX5
]]
