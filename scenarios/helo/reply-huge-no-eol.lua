scenario {
  title    = "The EHLO reply is one line of 1 MiB without an end",
  emulates = "a hostile or broken server",
  sources  = { "aiosmtplib 5.1.2", "Postfix 20260529" },
  params   = {
    pieces = { 64, "pieces before the server gives up" },
    piece  = { 16384, "bytes of a piece" },
    gap    = { "10ms", "time between two pieces" },
  },
}

on.helo(function(session)
  session:send("250-")
  for _ = 1, params.pieces do
    session:send(("x"):rep(params.piece))
    session:delay(params.gap)
  end
  return close()
end)

expect.outcome "temporary"                                -- a client bounds what it reads

example { pieces = 2, piece = 10, [[
S: 220 ...
C: EHLO client.example
S: 250-xxxxxxxxxxxxxxxxxxxx<cut>
S: <close>
]] }
