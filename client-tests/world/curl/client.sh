#!/bin/sh
# curl: several messages are several transfers, for which it keeps the connection; --rate paces them.
set -eu
scheme=smtp tls='' count=1
case $MAILFAULT_TLS in
starttls) tls=--ssl-reqd ;;
implicit) scheme=smtps ;;
esac
set -- --cacert "${MAILFAULT_CA:-/etc/ssl/certs/ca-certificates.crt}" --connect-timeout "$MAILFAULT_TIMEOUT" \
  --mail-from "$MAILFAULT_SENDER"
for recipient in $MAILFAULT_RECIPIENTS; do set -- "$@" --mail-rcpt "$recipient"; done
[ -z "$MAILFAULT_AUTH" ] || set -- "$@" --user "$SMTP_USER:$SMTP_PASSWORD"
[ "${MAILFAULT_IDLE:-0}" = 0 ] || set -- "$@" --rate "$((3600 / (MAILFAULT_IDLE + 1)))/h"
[ "$MAILFAULT_MESSAGES" -gt 1 ] || set -- "$@" --max-time "$MAILFAULT_TIMEOUT"
while [ "$count" -le "$MAILFAULT_MESSAGES" ]; do
  set -- "$@" --upload-file "$MAILFAULT_MAIL/$count.eml" --url "$scheme://$SMTP_HOST:$SMTP_PORT/client.example"
  count=$((count + 1))
done
exec curl -q --silent --show-error --noproxy '*' ${tls:+"$tls"} "$@"
