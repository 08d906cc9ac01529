// @ts-nocheck
// Original file: nodectl/v1/clock.proto


/**
 * A port of ptp4l.
 */
export interface PtpPort {
  /**
   * Its identity.
   */
  'identity'?: (string);
  /**
   * "SLAVE", "MASTER", "LISTENING", "FAULTY" and others.
   */
  'state'?: (string);
}

/**
 * A port of ptp4l.
 */
export interface PtpPort__Output {
  /**
   * Its identity.
   */
  'identity': (string);
  /**
   * "SLAVE", "MASTER", "LISTENING", "FAULTY" and others.
   */
  'state': (string);
}
