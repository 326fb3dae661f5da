# Net::SMTP as its documentation shows it: start with a block, send_message for each message.
require_relative "../lib/adapter"

smtp = Net::SMTP.new(HOST, PORT)
smtp.open_timeout = smtp.read_timeout = LIMIT
if TLS != "none"
  context = Net::SMTP.default_ssl_context
  context.ca_file = CA
  TLS == "implicit" ? smtp.enable_tls(context) : smtp.enable_starttls(context)
end

begin
  smtp.start("client.example", *LOGIN, *(:plain if LOGIN)) do
    each_mail do |id, text|
      smtp.send_message(text, SENDER, RECIPIENTS)
      tell "sent", id
    rescue StandardError => error
      tell_error error, id
    end
  end
rescue StandardError => error
  tell_error error
end
exit !$failed
