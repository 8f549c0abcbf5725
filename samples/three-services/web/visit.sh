#!/bin/sh
# What the API counts, with a greeting.
printf 'Content-Type: text/plain\r\n\r\n'
number=$(wget -q -O - "$API_HTTP/cgi-bin/visit") || number='somebody whom nobody counted'
printf '%s, visitor %s\n' "$GREETING" "$number"
