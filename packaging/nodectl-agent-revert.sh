#!/bin/sh
# Goes back to the release of the agent before, without any help of the agent's: while a release is on trial it waits for its
# confirmation, and goes back at the deadline or when the agent does not stay up; and it goes back where an agent fails again and
# again that had been confirmed. systemd starts it when there is something of that; it ends when there is no more to do.
#
# With "ended" it only notes how the agent ended, for ExecStopPost= of its unit. A limit of systemd's own would not do: a service
# that has reached it takes its socket down with it, and the port with that.
#
# The folder's files, of which each replaces another by a rename, are explained in agent/release/folder.ts.
set -u
releases=${NODECTL_RELEASES:-/var/lib/nodectl/agent}
unit=${NODECTL_UNIT:-nodectl-agent.service}
run=${RUNTIME_DIRECTORY:-/run/nodectl-agent-revert}
# The agent's exit status for a configuration that it cannot work with: another release could not either.
BAD_CONFIG=78
# So many failures in so many seconds are one that does not stay up.
FAILURES=4
WITHIN=120
# Seconds until an agent that does not stay up is started again where there is nothing to go back to.
PAUSE=${NODECTL_REVERT_PAUSE:-10}

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

# Notes how the agent ended; with the last of too many failures "failing" has its status.
ended() {
  if [ "${SERVICE_RESULT:-success}" = success ]; then
    rm -f "$run/failures"
    return
  fi
  at=$(now)
  count=1
  recent=$at
  if [ -e "$run/failures" ]; then
    while read -r one; do
      if [ "$one" -le "$at" ] && [ $((at - one)) -lt "$WITHIN" ]; then
        count=$((count + 1))
        recent="$recent $one"
      fi
    done <"$run/failures"
  fi
  for one in $recent; do echo "$one"; done >"$run/failures"
  [ "$count" -ge "$FAILURES" ] || return 0
  status=${EXIT_STATUS:-unknown}
  if [ ! -e trial ] && hopeless "$status"; then
    echo "the agent fails again and again and another release would not help; it is started again in $PAUSE s" >&2
    sleep "$PAUSE"
  else
    rm -f "$run/failures"
    echo "$status" >failing.new && mv -T failing.new failing
  fi
}

# Whether there is nothing to go back to from an agent that ends with this status.
hopeless() {
  [ "$1" = "$BAD_CONFIG" ] || [ "$(readlink current || echo baked)" = baked ]
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
  rm -f reverting why failing
  sync .
}

# Waits until the trial is confirmed or over. The deadline in the run folder tells the agent that somebody watches.
guard() {
  seconds=${NODECTL_TRIAL_SECONDS:-$(field seconds trial)}
  case $seconds in '' | *[!0-9]*) seconds=120 ;; esac
  deadline=$(($(now) + seconds))
  echo "$deadline" >"$run/deadline.new" && mv -T "$run/deadline.new" "$run/deadline"
  while [ -e trial ]; do
    if [ -e failing ]; then
      give_up 'it did not stay up'
    elif [ "$(now)" -ge "$deadline" ]; then
      give_up "nobody confirmed it within $seconds s"
    else
      sleep 1
    fi
  done
  rm -f "$run/deadline"
}

# The agent fails again and again, and is not on trial.
fail_over() {
  status=$(cat failing)
  rm -f failing
  hopeless "$status" && return
  current=$(readlink current)
  before=$(sound "$(readlink previous || echo baked)")
  [ "$before" = "$current" ] && before=baked
  printf 'it failed with status %s after it had been confirmed\n' "$status" >why.new && mv -T why.new why
  printf 'release %s\nbefore %s\n' "$current" "$before" >reverting.new && sync reverting.new &&
    mv -T reverting.new reverting && sync .
}

if [ "${1:-}" = ended ]; then
  ended
  exit
fi
for round in 1 2 3; do
  if [ -e reverting ]; then
    complete
  elif [ -e trial ]; then
    guard
  elif [ -e failing ]; then
    fail_over
  else
    break
  fi
done
