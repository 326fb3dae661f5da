scenario {
  title    = "The EHLO reply inside TLS breaks off between two lines, without close_notify",
  emulates = "an attacker who cuts off AUTH",
  sources  = { "RFC 8446 section 6.1", "nodemailer 22ddcea" },
  needs    = { tls = true },
}

on.helo:where("tls"):send("250-{host}\r\n250-PIPELINING\r\n"):close{ close_notify = false }

expect.outcome "temporary"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250-{host}
S: 250-PIPELINING
S: <close no close_notify>
]]
