// @ts-nocheck
// Original file: nodectl/v1/logs.proto


/**
 * Who wrote a record.
 */
export interface LogOrigin {
  /**
   * The syslog identifier, program or container name, or empty.
   */
  'identifier'?: (string);
  /**
   * The systemd unit, or empty.
   */
  'unit'?: (string);
  /**
   * The process id, or 0.
   */
  'pid'?: (number);
}

/**
 * Who wrote a record.
 */
export interface LogOrigin__Output {
  /**
   * The syslog identifier, program or container name, or empty.
   */
  'identifier': (string);
  /**
   * The systemd unit, or empty.
   */
  'unit': (string);
  /**
   * The process id, or 0.
   */
  'pid': (number);
}
