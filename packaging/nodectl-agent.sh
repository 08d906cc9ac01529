#!/bin/sh
# Starts the agent: the release that was last taken into use (nodectl agent upgrade), where NODECTL_RELEASES names the folder of
# them, it is whole, and it was for this image of the node: another image brings an agent of its own, and one that is fallen back
# to has its release again. Else the one that this file came with. The settings are explained, with figures, in packaging/README.md.
self=$(readlink -f -- "$0")
here=$(dirname -- "$self")
export NODECTL_LAUNCHER="${NODECTL_LAUNCHER:-$self}"
if [ -n "${NODECTL_RELEASES:-}" ] && [ -z "${NODECTL_RELEASE:-}" ]; then
  image=$(sha256sum <"$here/lib/nodectl-agent.mjs")
  for link in current previous; do
    name=$(readlink -- "$NODECTL_RELEASES/$link") || continue
    [ "$name" = baked ] && break
    case $name in '' | *[!0-9a-f]*) continue ;; esac
    release=$NODECTL_RELEASES/$name
    [ "$(cat -- "$release/IMAGE" 2>/dev/null)" = "${image%% *}" ] || break
    # A disk may give back other bytes than were written, and what is half an agent would crash in ways that tell nothing.
    if [ -x "$release/nodectl-agent" ] && (cd -- "$release" && sha256sum --check --quiet --strict SHA256SUMS >&2); then
      export NODECTL_RELEASE="$name"
      exec "$release/nodectl-agent" "$@"
    fi
    echo "nodectl-agent: the release $name in $NODECTL_RELEASES is not whole and is passed over" >&2
  done
fi
export NODECTL_RELEASE="${NODECTL_RELEASE:-baked}"
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
export MALLOC_MMAP_THRESHOLD_="${MALLOC_MMAP_THRESHOLD_:-131072}"
export MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_:-131072}"
export NODECTL_GIVE_BACK="${NODECTL_GIVE_BACK:-1}"
export SSL_CERT_FILE=/dev/null SSL_CERT_DIR=/dev/null
exec "$here/lib/node" --disable-warning=ExperimentalWarning --max-semi-space-size=4 --use-openssl-ca --preserve-symlinks \
  "$here/lib/nodectl-agent.mjs" "$@"
