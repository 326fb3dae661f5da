-- What tools/bench measures TLS with: a healthy server that speaks it from the first byte.
scenario { title = "TLS from the first byte", emulates = "a healthy server on port 465", sources = { "RFC 8314" } }

doors { smtps = { port = 465, tls = "implicit", main = true } }

expect.outcome "delivered"
