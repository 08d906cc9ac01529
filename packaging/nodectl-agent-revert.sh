#!/bin/sh
# Goes back to the release of the agent before, without any help of the agent's: while a release is on trial it waits for its
# confirmation, and goes back at the deadline or when the agent does not stay up; and it goes back where an agent fails for good
# that had been confirmed. systemd starts it when there is a trial and when the agent has failed; it ends when there is no more to do.
#
# The folder's files, of which each replaces another by a rename, are explained in agent/release/folder.ts.
set -u
releases=${NODECTL_RELEASES:-/var/lib/nodectl/agent}
unit=${NODECTL_UNIT:-nodectl-agent.service}
run=${RUNTIME_DIRECTORY:-/run/nodectl-agent-revert}
# The agent's exit status for a configuration that it cannot work with: another release could not either.
BAD_CONFIG=78
# Seconds until an agent is started again where there is nothing to go back to.
PAUSE=${NODECTL_REVERT_PAUSE:-60}

mkdir -p -- "$releases" && cd -- "$releases" || exit 1

# The value behind a word in a file of lines such as "release 0f3c…".
field() {
  while read -r name value; do
    if [ "$name" = "$1" ]; then
      printf '%s' "$value"
      return
    fi
  done <"$2"
}

# Seconds since boot, which nobody sets.
now() {
  read -r up rest </proc/uptime
  printf '%s' "${up%%.*}"
}

# A name of a release that may be pointed at and is whole, else "baked".
sound() {
  case $1 in '' | *[!0-9a-f]*) set -- baked ;; esac
  if [ "$1" != baked ] && [ -x "$1/nodectl-agent" ] &&
    (cd -- "$1" && sha256sum --check --quiet --strict SHA256SUMS >&2); then
    printf '%s' "$1"
  else
    printf baked
  fi
}

failed() {
  systemctl is-failed --quiet "$unit"
}

# Notes why, and from then on no confirmation counts: a trial is confirmed by a rename of the same file.
give_up() {
  echo "$1" >&2
  printf '%s\n' "$1" >why.new && sync why.new && mv -T why.new why
  mv -T trial reverting 2>/dev/null && sync .
}

# What "reverting" says is done, however often it was begun before.
complete() {
  release=$(field release reverting)
  before=$(sound "$(field before reverting)")
  ln -sfn -- "$before" current.new && mv -T current.new current && sync . || exit 1
  {
    echo "release $release"
    echo "before $before"
    echo "time $(date +%s)"
    echo "why $([ -e why ] && cat why)"
  } >reverted.new && sync reverted.new && mv -T reverted.new reverted && sync .
  echo "the agent goes back to the release $before" >&2
  systemctl reset-failed "$unit" 2>/dev/null
  systemctl restart "$unit"
  rm -f reverting why
  sync .
}

# Waits until the trial is confirmed or over. The deadline in the run folder tells the agent that somebody watches.
guard() {
  seconds=$(field seconds trial)
  case $seconds in '' | *[!0-9]*) seconds=120 ;; esac
  deadline=$(($(now) + seconds))
  echo "$deadline" >"$run/deadline.new" && mv -T "$run/deadline.new" "$run/deadline"
  while [ -e trial ]; do
    if failed; then
      give_up 'it did not stay up'
    elif [ "$(now)" -ge "$deadline" ]; then
      give_up "nobody confirmed it within $seconds s"
    else
      sleep 1
    fi
  done
  rm -f "$run/deadline"
}

# The agent has failed for good, and is not on trial.
fail_over() {
  current=$(readlink current || echo baked)
  status=$(systemctl show --property ExecMainStatus --value "$unit")
  if [ "$current" = baked ] || [ "$status" = "$BAD_CONFIG" ]; then
    echo "the agent has failed and another release would not help; it is started again in $PAUSE s" >&2
    sleep "$PAUSE"
    if failed; then
      systemctl reset-failed "$unit"
      systemctl start "$unit"
    fi
    return
  fi
  before=$(sound "$(readlink previous || echo baked)")
  [ "$before" = "$current" ] && before=baked
  printf 'it failed with status %s after it had been confirmed\n' "$status" >why.new && mv -T why.new why
  printf 'release %s\nbefore %s\n' "$current" "$before" >reverting.new && sync reverting.new &&
    mv -T reverting.new reverting && sync .
}

for round in 1 2 3; do
  if [ -e reverting ]; then
    complete
  elif [ -e trial ]; then
    guard
  elif failed; then
    fail_over
  else
    break
  fi
done
