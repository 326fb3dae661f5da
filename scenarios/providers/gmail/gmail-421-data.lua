scenario {
  title    = "421 to DATA: a temporary system problem, and the connection closes",
  emulates = "Gmail and Google Workspace, submission",
  sources  = { "fastify/help#800" },
  needs    = { tls = true, auth = true },
}
provider "gmail"

on.data:reply(421, "4.3.0", "Temporary System Problem.  Try again later (10). {id} - gsmtp"):close()

expect.outcome "temporary"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 250 2.1.5 OK ... - gsmtp
C: DATA
S: 421 4.3.0 Temporary System Problem.  Try again later (10). ... - gsmtp
S: <close>
]]
