scenario {
  title    = "Each connection is reset 15 ms after its greeting",
  emulates = "a flaky load balancer",
  sources  = { "nodemailer#1105", "nodemailer PR#1106" },
  params   = { after = { "15ms", "time from the greeting to the RST" } },
}

on.greeting:proceed():delay(params.after):reset()

expect.outcome "temporary"
expect.connections { at_most = 20 }                       -- tries again, but not without bound

example [[
S: 220 ...
S: <silence 14ms>
S: <reset>
S2: 220 ...
S2: <silence 14ms>
S2: <reset>
]]
