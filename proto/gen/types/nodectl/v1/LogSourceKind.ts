// @ts-nocheck
// Original file: nodectl/v1/logs.proto

/**
 * The kind of a log source.
 */
export const LogSourceKind = {
  /**
   * Not a kind.
   */
  LOG_SOURCE_KIND_UNSPECIFIED: 'LOG_SOURCE_KIND_UNSPECIFIED',
  /**
   * The systemd journal.
   */
  LOG_SOURCE_KIND_JOURNAL: 'LOG_SOURCE_KIND_JOURNAL',
  /**
   * The kernel's ring buffer, /dev/kmsg.
   */
  LOG_SOURCE_KIND_KERNEL: 'LOG_SOURCE_KIND_KERNEL',
  /**
   * A log file that the agent's configuration declares.
   */
  LOG_SOURCE_KIND_FILE: 'LOG_SOURCE_KIND_FILE',
  /**
   * A container's log under /var/log/pods, in the CRI format.
   */
  LOG_SOURCE_KIND_CONTAINER: 'LOG_SOURCE_KIND_CONTAINER',
} as const;

/**
 * The kind of a log source.
 */
export type LogSourceKind =
  /**
   * Not a kind.
   */
  | 'LOG_SOURCE_KIND_UNSPECIFIED'
  | 0
  /**
   * The systemd journal.
   */
  | 'LOG_SOURCE_KIND_JOURNAL'
  | 1
  /**
   * The kernel's ring buffer, /dev/kmsg.
   */
  | 'LOG_SOURCE_KIND_KERNEL'
  | 2
  /**
   * A log file that the agent's configuration declares.
   */
  | 'LOG_SOURCE_KIND_FILE'
  | 3
  /**
   * A container's log under /var/log/pods, in the CRI format.
   */
  | 'LOG_SOURCE_KIND_CONTAINER'
  | 4

/**
 * The kind of a log source.
 */
export type LogSourceKind__Output = typeof LogSourceKind[keyof typeof LogSourceKind]
