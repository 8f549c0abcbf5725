#!/bin/sh
# What the API says; where it answers is a variable that `references` sets.
printf 'Content-Type: application/json\r\n\r\n'
wget -q -O - "$API_HTTP/greetings.json"
