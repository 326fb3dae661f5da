scenario {
  title    = "421 comes unasked after the EHLO reply, then FIN",
  emulates = "a restart",
  sources  = { "RFC 5321 section 3.8", "filtermail#143" },
  params   = {
    times = { 1, "connections that end so" },
    wait  = { "20ms", "time between the reply and the 421" },
  },
}

on.helo:first(params.times):proceed():delay(params.wait)
  :send("421 4.3.2 Service shutting down\r\n"):close()

expect.outcome { "reconnects", "temporary" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
S: 421 4.3.2 Service shutting down
S: <close>
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
]]
