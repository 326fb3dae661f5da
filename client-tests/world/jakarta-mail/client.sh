#!/bin/sh
set -eu
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=client-tests/world/lib/compiled.sh
. "$here/../lib/compiled.sh"
jars=/usr/share/java/jakarta-mail.jar:/usr/share/java/jakarta-activation.jar
compiled "$here/Client.java" jakarta-mail javac -cp "$jars" "$here/Client.java" -d
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -cp "$jars:$made" Client "$here/profile.json"
