scenario {
  title    = "The connection is accepted and closed at once",
  emulates = "tcpwrappers, a limit on connections",
  sources  = { "aiosmtplib 1.0.5" },
}

on.connect:close()

expect.outcome "temporary"

example [[
S: <close>
S2: <close>
]]
