// @ts-nocheck
// Original file: nodectl/v1/config.proto


/**
 * Asks for the drift.
 */
export interface GetDriftRequest {
  /**
   * Compares everything now; else the answer is what the watcher last saw.
   */
  'refresh'?: (boolean);
}

/**
 * Asks for the drift.
 */
export interface GetDriftRequest__Output {
  /**
   * Compares everything now; else the answer is what the watcher last saw.
   */
  'refresh': (boolean);
}
