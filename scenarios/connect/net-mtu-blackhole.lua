scenario {
  title    = "Large segments vanish: the commands pass, the body does not",
  emulates = "a path-MTU black hole: a VPN or tunnel behind a firewall that drops ICMP",
  sources  = { "Amazon SES developer guide", "RFC 2923 section 2.1" },
  params   = { mtu = { 1400, "bytes of text that a segment may carry" } },
  needs    = { size = "64KiB" },
}

wire { mtu = params.mtu }

expect.outcome { "temporary", "ambiguous" }               -- ambiguous: it may believe that all is sent

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
S: <stored 0>
]]
