# The mail gem: Mail.new of the text, deliver! by its SMTP method, which makes a connection for each message.
require_relative "../lib/adapter"
require "mail"

settings = { address: HOST, port: PORT, domain: "client.example", open_timeout: LIMIT, read_timeout: LIMIT, ca_file: CA }
settings[:tls] = true if TLS == "implicit"
settings[:enable_starttls] = true if TLS == "starttls"
settings.update(user_name: LOGIN[0], password: LOGIN[1], authentication: :plain) if LOGIN

each_mail do |id, text|
  mail = Mail.new(text)
  mail.smtp_envelope_from = SENDER
  mail.smtp_envelope_to = RECIPIENTS
  mail.delivery_method :smtp, settings
  mail.deliver!
  tell "sent", id
rescue StandardError => error
  tell_error error, id
end
exit !$failed
