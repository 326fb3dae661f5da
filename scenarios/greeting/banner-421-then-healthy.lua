scenario {
  title    = "The first two connections get 421, the next ones are welcome",
  emulates = "a peak that passes",
  sources  = { "Postfix smtpd", "RFC 5321 section 4.5.4.1" },
  params   = { times = { 2, "connections that are turned away" } },
}

on.greeting:first(params.times):reply(421, "4.7.0", "{host} Error: too many connections from {peer}"):close()

expect.outcome "temporary"                                -- or a retry that delivers
expect.copies { at_most = 1 }
expect.attempts { gap = "1s" }

example [[
S: 421 4.7.0 ...
S: <close>
S2: 421 4.7.0 ...
S2: <close>
S3: 220 ...
]]
