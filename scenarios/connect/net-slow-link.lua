scenario {
  title    = "The link carries 500 bytes a second, both ways",
  emulates = "a modem, a saturated uplink",
  sources  = { "RFC 5321 section 4.5.3.2" },
  params   = {
    down = { "500B/s", "rate from the server to the client" },
    up   = { "500B/s", "rate from the client to the server" },
  },
}

wire { bandwidth = params.down, read_bandwidth = params.up }

expect.outcome "delivered"                                -- timers run for each command, not for the session

example { down = "10kB/s", up = "10kB/s", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
]] }
