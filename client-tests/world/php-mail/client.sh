#!/bin/sh
# An msmtprc as a web server has it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
{
  echo "account default"
  echo "host $SMTP_HOST"
  echo "port $SMTP_PORT"
  echo "domain client.example"
  echo "from $MAILFAULT_SENDER"
  echo "timeout $MAILFAULT_TIMEOUT"
  [ -z "${MAILFAULT_CA:-}" ] || echo "tls_trust_file $MAILFAULT_CA"
  case $MAILFAULT_TLS in
  starttls) printf 'tls on\ntls_starttls on\n' ;;
  implicit) printf 'tls on\ntls_starttls off\n' ;;
  esac
  auth=on
  [ "$MAILFAULT_TLS" != none ] || auth=plain # "on" shows no password without TLS
  [ -z "$MAILFAULT_AUTH" ] || printf 'auth %s\nuser %s\npassword %s\n' "$auth" "$SMTP_USER" "$SMTP_PASSWORD"
} >"$folder/msmtprc"
chmod 600 "$folder/msmtprc"
/usr/bin/php -d sendmail_path="msmtp -C $folder/msmtprc -t -i" "$(dirname "$(readlink -f "$0")")/client.php"
