// @ts-nocheck
// Original file: nodectl/v1/nic.proto


/**
 * Numbers of channels.
 */
export interface NicChannels {
  /**
   * That receive only.
   */
  'rx'?: (number);
  /**
   * The most of them.
   */
  'rxMax'?: (number);
  /**
   * That send only.
   */
  'tx'?: (number);
  /**
   * The most of them.
   */
  'txMax'?: (number);
  /**
   * That do both.
   */
  'combined'?: (number);
  /**
   * The most of them.
   */
  'combinedMax'?: (number);
  '_rx'?: "rx";
  '_rxMax'?: "rxMax";
  '_tx'?: "tx";
  '_txMax'?: "txMax";
  '_combined'?: "combined";
  '_combinedMax'?: "combinedMax";
}

/**
 * Numbers of channels.
 */
export interface NicChannels__Output {
  /**
   * That receive only.
   */
  'rx'?: (number);
  /**
   * The most of them.
   */
  'rxMax'?: (number);
  /**
   * That send only.
   */
  'tx'?: (number);
  /**
   * The most of them.
   */
  'txMax'?: (number);
  /**
   * That do both.
   */
  'combined'?: (number);
  /**
   * The most of them.
   */
  'combinedMax'?: (number);
  '_rx'?: "rx";
  '_rxMax'?: "rxMax";
  '_tx'?: "tx";
  '_txMax'?: "txMax";
  '_combined'?: "combined";
  '_combinedMax'?: "combinedMax";
}
