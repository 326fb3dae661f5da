scenario {
  title    = "554 to the 11th command on a connection that isn't mail, and it closes",
  emulates = "Exim with smtp_accept_max_nonmail",
  sources  = { "Exim smtp_in.c" },
  params   = { limit = { 10, "NOOP, RSET, VRFY, EXPN and HELP that are served" } },
  needs    = { messages = 12 },
}

limits { junk = { params.limit, reply = { 554, "Too many nonmail commands" } } }

expect.outcome "delivered"                                -- no probe before every message, or a new connection

example { limit = 1, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: NOOP
S: 250 ...
C: RSET
S: 554 Too many nonmail commands
S: <close>
]] }
