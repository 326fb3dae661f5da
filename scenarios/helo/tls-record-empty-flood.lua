scenario {
  title    = "1,000 empty records come before the reply to EHLO",
  emulates = "an attack on the client's processor",
  sources  = { "RFC 8446 section 5.1" },
  params   = { records = { 1000, "empty records" } },
  needs    = { tls = true },
}

on.helo:where("tls"):run(function(session)
  for _ = 1, params.records do session:tls_record("application_data", "") end
  session:proceed()
end)

expect.outcome { "delivered", "temporary" }               -- it may set a limit, and may not hang

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: <close>
]]
