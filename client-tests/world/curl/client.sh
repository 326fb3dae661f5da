#!/bin/sh
# curl: several messages are several transfers, for which it keeps the connection; --rate paces them, and --write-out says
# how each fared.
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
while [ "$count" -le "$MAILFAULT_MESSAGES" ]; do
  set -- "$@" --upload-file "$MAILFAULT_MAIL/$count.eml" --url "$scheme://$SMTP_HOST:$SMTP_PORT/client.example"
  count=$((count + 1))
done
set -- -q --silent --show-error --noproxy '*' ${tls:+"$tls"} --max-time "$MAILFAULT_TIMEOUT" "$@"
[ "$MAILFAULT_MESSAGES" -gt 1 ] || exec curl "$@"

# As profile.json has it, message by message.
word() {
  case $1,$2 in
  0,*) echo sent ;;
  67,* | *,535) echo misconfigured ;;
  60,* | 64,* | 83,* | 90,* | 91,*) echo refused ;;
  *,4??) echo temporary ;;
  *,5??) echo permanent ;;
  7,* | 28,* | 52,* | 56,*) echo temporary ;;
  *) echo failed ;;
  esac
}
status=0
fared=$(curl "$@" --write-out '%{urlnum} %{exitcode} %{response_code}\n') || status=$?
echo "$fared" | while read -r number exit code; do
  id=$(sed -n 's/^[Mm]essage-[Ii][Dd]: *\(<[^>]*>\).*/\1/p;/^\r*$/q' "$MAILFAULT_MAIL/$((number + 1)).eml")
  echo "$(word "$exit" "$code") $id" >>"$MAILFAULT_REPORT"
done
exit "$status"
