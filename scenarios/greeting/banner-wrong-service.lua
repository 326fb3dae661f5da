scenario {
  title    = "Another service greets",
  emulates = "a wrong port: POP3, IMAP, SSH or HTTP",
  sources  = { "curl#8506" },
  params   = {
    greeting = { "+OK POP3 server ready",
      "its first line; others: * OK IMAP4rev1 ready, SSH-2.0-OpenSSH_9.6, HTTP/1.1 400 Bad Request" },
  },
}

on.greeting:send(params.greeting .. "\r\n")
on.command:close()                                        -- whoever goes on all the same

expect.outcome "misconfigured"                            -- at once, and no credentials

example [[
S: +OK POP3 server ready
C: EHLO client.example
S: <close>
]]
example { greeting = "* OK IMAP4rev1 ready", [[
S: * OK IMAP4rev1 ready
C: <close>
]] }
