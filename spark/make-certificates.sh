#!/usr/bin/env bash
# An authority of one's own and a certificate for Spark Connect, made once into a folder: ca.crt for clients, server.crt and server.key for the server.
#
#   make-certificates.sh <folder> <name>…      names and addresses that the server is called by
set -euo pipefail
folder=$1; shift
[[ -s $folder/server.crt ]] && { echo "certificates are there: $folder"; exit 0; }
names=''
for name in "$@"; do
  if [[ $name =~ ^[0-9.]+$ ]]; then names+="IP:$name,"; else names+="DNS:$name,"; fi
done
temporary=$(mktemp -d); trap 'rm -rf "$temporary"' EXIT
umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/CN=sluice authority' \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign -keyout "$temporary/ca.key" -out "$temporary/ca.crt" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$temporary/server.key" -out "$temporary/server.csr" 2>/dev/null
printf 'subjectAltName=%s\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n' "${names%,}" >"$temporary/extensions"
openssl x509 -req -in "$temporary/server.csr" -CA "$temporary/ca.crt" -CAkey "$temporary/ca.key" -CAcreateserial -days 825 \
  -extfile "$temporary/extensions" -out "$temporary/server.crt" 2>/dev/null
# The authority's key is not kept: a new server certificate means a new authority.
install -m 644 "$temporary/ca.crt" "$folder/ca.crt"
install -m 600 "$temporary/server.key" "$folder/server.key"
install -m 644 "$temporary/server.crt" "$folder/server.crt"
echo "made certificates for ${names%,} in $folder"
