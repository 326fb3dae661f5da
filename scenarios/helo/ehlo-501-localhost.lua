scenario {
  title    = "501: the name in EHLO or HELO is refused",
  emulates = "Exim's and others' checks of the client's name",
  sources  = { "Exim smtp_in.c", "sisimai Rhost/Google.pm", "MailKit", "lettre" },
  params   = {
    name = { "*", "names that are refused; localhost* or [127.* for the usual ones alone" },
    text = { "Syntactically invalid {verb} argument(s)", "the reply's text; this one is Exim's" },
  },
}

on.helo:where("line", "* " .. params.name):reply(501, params.text)

expect.outcome "misconfigured"                            -- a name must be set; the error says which was sent

example [[
S: 220 ...
C: EHLO localhost
S: 501 Syntactically invalid EHLO argument(s)
C: HELO localhost
S: 501 Syntactically invalid HELO argument(s)
]]
example { name = "localhost*", [[
S: 220 ...
C: EHLO localhost.localdomain
S: 501 ...
C: EHLO client.example
S: 250 ...
]] }
