#!/bin/sh
# Starts the agent from wherever this package lies. The settings are explained, with figures, in packaging/README.md.
here=$(dirname -- "$(readlink -f -- "$0")")
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
export MALLOC_MMAP_THRESHOLD_="${MALLOC_MMAP_THRESHOLD_:-131072}"
export MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_:-131072}"
export SSL_CERT_FILE=/dev/null SSL_CERT_DIR=/dev/null
exec "$here/lib/node" --max-semi-space-size=4 --use-openssl-ca "$here/lib/nodectl-agent.mjs" "$@"
