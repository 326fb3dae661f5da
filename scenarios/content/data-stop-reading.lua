scenario {
  title    = "The server stops reading after 8 KiB of the body; the connection stays open",
  emulates = "a server that is stuck",
  sources  = { "lettre d71b560", "JavaMail GH#69", "RFC 5321 section 4.5.3.2.5" },
  params   = {
    at = { "8KiB", "bytes of the body before the fault" },
    times = { 1, "messages that meet it" },
  },
  needs    = { size = "8MiB" },
}

on.content:first(params.times):at(params.at):stop_reading()  -- 8 MiB fill the buffers between

expect.outcome "temporary"                                -- by the timer on writing

example { at = 1000, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: <body 2000>
S: <silence 3m>
S: <stored 0>
]] }
