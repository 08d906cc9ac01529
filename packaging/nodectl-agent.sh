#!/bin/sh
# Starts the agent from wherever this package lies. The settings are explained, with figures, in packaging/README.md.
here=$(dirname -- "$(readlink -f -- "$0")")
MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2} exec "$here/lib/node" --use-openssl-ca "$here/lib/nodectl-agent.mjs" "$@"
