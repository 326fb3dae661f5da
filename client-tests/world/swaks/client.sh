#!/bin/sh
# swaks sends one message on a connection.
set -eu
tls=''
case $MAILFAULT_TLS in
starttls) tls=--tls ;;
implicit) tls=--tls-on-connect ;;
esac
set -- --server "$SMTP_HOST" --port "$SMTP_PORT" --helo client.example --timeout "${MAILFAULT_TIMEOUT}s" \
  --from "$MAILFAULT_SENDER" --to "$(echo "$MAILFAULT_RECIPIENTS" | tr ' ' ,)" --data "@$MAILFAULT_MESSAGE"
[ -z "$tls" ] || set -- "$@" "$tls" --tls-verify --tls-ca-path "$MAILFAULT_CA"
[ -z "$MAILFAULT_AUTH" ] || set -- "$@" --auth --auth-user "$SMTP_USER" --auth-password "$SMTP_PASSWORD"
HOME=/nonexistent exec swaks "$@"
