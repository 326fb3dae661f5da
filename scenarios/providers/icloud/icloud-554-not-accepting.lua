scenario {
  title    = "554 instead of the greeting, then FIN",
  emulates = "iCloud Mail (host's name approximate)",
  sources  = { "sisimai" },
  needs    = { tls = true, auth = true },
}
provider "icloud"

on.greeting:reply(554, "{host}-smtpin001.me.com ESMTP not accepting connections"):close()

expect.outcome { "permanent", "temporary" }

example [[
S: 554 {host}-smtpin001.me.com ESMTP not accepting connections
S: <close>
]]
