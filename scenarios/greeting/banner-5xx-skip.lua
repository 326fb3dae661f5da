scenario {
  title    = "521 instead of the greeting: the host takes no mail",
  emulates = "a host that only sends",
  sources  = { "Postfix smtp_skip_5xx_greeting", "RFC 7504" },
  params   = { code = { 521, "the code; 550 is met as well" } },
}

on.greeting:reply(params.code, "{host} does not accept mail"):close()      -- the text is approximate

expect.outcome { "permanent", "temporary" }               -- temporary: Postfix tries the next exchanger

example [[
S: 521 {host} does not accept mail
S: <close>
]]
example { code = 550, [[
S: 550 {host} does not accept mail
S: <close>
]] }
