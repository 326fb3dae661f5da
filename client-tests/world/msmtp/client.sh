#!/bin/sh
# msmtp sends one message on a connection; its options are those of a usual msmtprc.
set -eu
tls='--tls=off'
case $MAILFAULT_TLS in
starttls) tls='--tls=on --tls-starttls=on' ;;
implicit) tls='--tls=on --tls-starttls=off' ;;
esac
# shellcheck disable=SC2086
set -- --host="$SMTP_HOST" --port="$SMTP_PORT" --domain=client.example --timeout="$MAILFAULT_TIMEOUT" \
  --from="$MAILFAULT_SENDER" $tls
[ -z "${MAILFAULT_CA:-}" ] || set -- "$@" --tls-trust-file="$MAILFAULT_CA"
if [ -n "$MAILFAULT_AUTH" ]; then
  auth=on
  [ "$MAILFAULT_TLS" != none ] || auth=plain # "on" shows no password without TLS
  # shellcheck disable=SC2016
  set -- "$@" --auth="$auth" --user="$SMTP_USER" --passwordeval='printf %s "$SMTP_PASSWORD"'
else
  set -- "$@" --auth=off
fi
# shellcheck disable=SC2086
tr -d '\r' <"$MAILFAULT_MESSAGE" | msmtp "$@" -- $MAILFAULT_RECIPIENTS
