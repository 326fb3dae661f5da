#!/bin/sh
# git send-email: the messages are given to it as patches, and go by one connection. It has no option for a timeout.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
set -- --smtp-server="$SMTP_HOST" --smtp-server-port="$SMTP_PORT" --smtp-domain=client.example \
  --from="$MAILFAULT_SENDER" --envelope-sender="$MAILFAULT_SENDER" --confirm=never --suppress-cc=all --no-thread
case $MAILFAULT_TLS in
starttls) set -- "$@" --smtp-encryption=tls --smtp-ssl-cert-path="$MAILFAULT_CA" ;;
implicit) set -- "$@" --smtp-encryption=ssl --smtp-ssl-cert-path="$MAILFAULT_CA" ;;
esac
[ -z "$MAILFAULT_AUTH" ] || set -- "$@" --smtp-user="$SMTP_USER" --smtp-pass="$SMTP_PASSWORD"
for recipient in $MAILFAULT_RECIPIENTS; do set -- "$@" --to="$recipient"; done
count=1
while [ "$count" -le "$MAILFAULT_MESSAGES" ]; do
  tr -d '\r' <"$MAILFAULT_MAIL/$count.eml" | sed '1,/^$/{/^[Tt]o:/d}' >"$folder/$count.patch"
  set -- "$@" "$folder/$count.patch"
  count=$((count + 1))
done
export HOME="$folder" GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
cd "$folder"
status=0
git send-email "$@" </dev/null >"$folder/said" || status=$?
cat "$folder/said"
# It stops at the first that fails, and has told of those before it.
[ "$MAILFAULT_MESSAGES" = 1 ] || sed -n 's/^Message-Id: /sent /p' "$folder/said" >>"$MAILFAULT_REPORT"
exit "$status"
