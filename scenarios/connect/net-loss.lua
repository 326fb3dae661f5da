scenario {
  title    = "One in twenty of the client's segments is lost on the way",
  emulates = "a bad mobile or wireless link",
  sources  = { "RFC 9293 section 3.8", "RFC 5321 section 4.5.3.2" },
  params   = { loss = { 0.05, "share of the segments that are lost" } },
}

wire { loss = params.loss }

expect.outcome "delivered"
expect.copies { at_most = 1 }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
]]
