scenario {
  title    = "421 4.7.0 [TSS04] to MAIL: deferred because of volume or complaints",
  emulates = "Yahoo",
  sources  = { "sisimai Rhost/YahooInc.pm", "postal#1415" },
  params   = { times = { 1, "messages deferred before the server recovers" } },
}

on.mail:first(params.times)
  :reply(421, "4.7.0", "[TSS04] Messages from {peer} temporarily deferred due to unexpected volume or user complaints"
    .. " - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes"):close()

expect.outcome "temporary"                                -- no bounce of the recipient

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 421 4.7.0 [TSS04] Messages from {peer} temporarily deferred ...
S: <close>
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: MAIL FROM:<a@example.com>
S2: 250 ...
]]
