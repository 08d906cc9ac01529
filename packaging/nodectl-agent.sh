#!/bin/sh
# Starts the agent from wherever this package lies. The flags are explained, with figures, in packaging/README.md.
here=$(dirname -- "$(readlink -f -- "$0")")
exec "$here/lib/node" --use-openssl-ca "$here/lib/nodectl-agent.mjs" "$@"
