// @ts-nocheck
// Original file: nodectl/v1/config.proto


/**
 * Confirms a trial.
 */
export interface ConfirmConfigRequest {
  /**
   * The trial, as ApplyConfig named it. Empty takes the one that runs.
   */
  'trial'?: (string);
}

/**
 * Confirms a trial.
 */
export interface ConfirmConfigRequest__Output {
  /**
   * The trial, as ApplyConfig named it. Empty takes the one that runs.
   */
  'trial': (string);
}
