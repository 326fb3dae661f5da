scenario {
  title    = "The greeting never comes",
  emulates = "a hung server",
  sources  = { "nodemailer#1099", "go-smtp#175" },
}

on.greeting:stall()                                       -- unlike tcp-accept-silent, TLS would still come up

expect.outcome "temporary"

example [[
S: <silence 10m>
C: <close>
]]
