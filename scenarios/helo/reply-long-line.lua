scenario {
  title    = "A line of the EHLO reply has 3000 bytes",
  emulates = "Google's and Amazon's long texts, and worse",
  sources  = { "smtplib _MAXLINE", "RFC 5321 section 4.5.3.1.5" },
  params   = { length = { 3000, "bytes of its text" } },
}

capabilities { "+X-LONG " .. ("x"):rep(params.length) }   -- 512 is the limit

expect.outcome "delivered"

example { length = 10, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
]] }
