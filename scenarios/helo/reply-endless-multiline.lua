scenario {
  title    = "The EHLO reply goes on and on",
  emulates = "a hostile server",
  sources  = { "aiosmtplib 5.1.2" },
  params   = {
    lines = { 50000, "lines before the server gives up" },
    gap   = { "1ms", "time between two lines" },
  },
}

on.helo(function(session)
  session:send("250-" .. session.host .. "\r\n")
  for line = 1, params.lines do
    session:send("250-X-ENDLESS " .. line .. "\r\n")
    session:delay(params.gap)
  end
  return close()
end)

expect.outcome "temporary"                                -- a client bounds what it reads

example { lines = 3, [[
S: 220 ...
C: EHLO client.example
S: 250-{host}
S: 250-X-ENDLESS 1
S: 250-X-ENDLESS 2
S: 250-X-ENDLESS 3
S: <close>
]] }
