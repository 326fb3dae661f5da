scenario {
  title    = "An HTTP redirect comes instead of the greeting",
  emulates = "a captive portal: hotel or train Wi-Fi",
  sources  = { "curl#8506" },
  params   = { url = { "http://portal.example/", "where the portal wants the browser to go" } },
}

on.connect:send("HTTP/1.1 302 Found\r\nLocation: " .. params.url .. "\r\nConnection: close\r\n\r\n"):close()

expect.outcome "temporary"                                -- "not an SMTP server", at once, and no credentials

example [[
S: HTTP/1.1 302 Found
S: Location: http://portal.example/
S: Connection: close
S:
S: <close>
]]
