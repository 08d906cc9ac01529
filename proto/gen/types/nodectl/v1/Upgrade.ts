// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { UpgradeState as _nodectl_v1_UpgradeState, UpgradeState__Output as _nodectl_v1_UpgradeState__Output } from '../../nodectl/v1/UpgradeState.ts';
import type { UpgradeConfirmation as _nodectl_v1_UpgradeConfirmation, UpgradeConfirmation__Output as _nodectl_v1_UpgradeConfirmation__Output } from '../../nodectl/v1/UpgradeConfirmation.ts';
import type { UpgradeProgress as _nodectl_v1_UpgradeProgress, UpgradeProgress__Output as _nodectl_v1_UpgradeProgress__Output } from '../../nodectl/v1/UpgradeProgress.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * An upgrade.
 */
export interface Upgrade {
  /**
   * Names it: time and a random part, safe in a file's name.
   */
  'id'?: (string);
  /**
   * Where it stands.
   */
  'state'?: (_nodectl_v1_UpgradeState);
  /**
   * The identity of who started it.
   */
  'author'?: (string);
  /**
   * When it was started, in microseconds since the epoch on the node's clock.
   */
  'startedUsec'?: (number | string | Long);
  /**
   * When its state last changed.
   */
  'changedUsec'?: (number | string | Long);
  /**
   * When it ended, or 0.
   */
  'endedUsec'?: (number | string | Long);
  /**
   * The image's name.
   */
  'imageName'?: (string);
  /**
   * The version.
   */
  'imageVersion'?: (string);
  /**
   * The serial number.
   */
  'imageSerial'?: (number | string | Long);
  /**
   * SHA-256 of the manifest, in lower-case hexadecimal.
   */
  'manifestSha256'?: (string);
  /**
   * The slot that is written.
   */
  'targetSlot'?: (string);
  /**
   * The slot, version and serial number of what ran when it was started.
   */
  'fromSlot'?: (string);
  /**
   * The version.
   */
  'fromVersion'?: (string);
  /**
   * The serial number.
   */
  'fromSerial'?: (number | string | Long);
  /**
   * Until when it must be confirmed, in microseconds since the epoch; 0 before the reboot.
   */
  'deadlineUsec'?: (number | string | Long);
  /**
   * Who confirms it.
   */
  'confirmation'?: (_nodectl_v1_UpgradeConfirmation);
  /**
   * How far it is.
   */
  'progress'?: (_nodectl_v1_UpgradeProgress | null);
  /**
   * Why it failed, fell back or was aborted: a reason code, or empty.
   */
  'reason'?: (string);
  /**
   * The same in a sentence.
   */
  'why'?: (string);
  /**
   * The last lines of the failed boot's log, at most 50, oldest first.
   */
  'bootLog'?: (string)[];
  /**
   * Health checks that did not hold, a sentence each.
   */
  'failedChecks'?: (string)[];
  /**
   * What is waited for now, a sentence, or empty: "waits for nodectl upgrade confirm".
   */
  'waitingFor'?: (string);
  /**
   * As given when it was started.
   */
  'message'?: (string);
  /**
   * Whether it boots a slot that was written before.
   */
  'rollback'?: (boolean);
  /**
   * Whether it goes on only when an operator does something: says so by RebootUpgrade or ConfirmUpgrade, or restarts the node where
   * the node cannot do that itself.
   */
  'needsOperator'?: (boolean);
  /**
   * Until when it is waited for what waiting_for says, in microseconds since the epoch on the node's clock, or 0 where nobody knows.
   */
  'waitsUntilUsec'?: (number | string | Long);
}

/**
 * An upgrade.
 */
export interface Upgrade__Output {
  /**
   * Names it: time and a random part, safe in a file's name.
   */
  'id': (string);
  /**
   * Where it stands.
   */
  'state': (_nodectl_v1_UpgradeState__Output);
  /**
   * The identity of who started it.
   */
  'author': (string);
  /**
   * When it was started, in microseconds since the epoch on the node's clock.
   */
  'startedUsec': (number);
  /**
   * When its state last changed.
   */
  'changedUsec': (number);
  /**
   * When it ended, or 0.
   */
  'endedUsec': (number);
  /**
   * The image's name.
   */
  'imageName': (string);
  /**
   * The version.
   */
  'imageVersion': (string);
  /**
   * The serial number.
   */
  'imageSerial': (number);
  /**
   * SHA-256 of the manifest, in lower-case hexadecimal.
   */
  'manifestSha256': (string);
  /**
   * The slot that is written.
   */
  'targetSlot': (string);
  /**
   * The slot, version and serial number of what ran when it was started.
   */
  'fromSlot': (string);
  /**
   * The version.
   */
  'fromVersion': (string);
  /**
   * The serial number.
   */
  'fromSerial': (number);
  /**
   * Until when it must be confirmed, in microseconds since the epoch; 0 before the reboot.
   */
  'deadlineUsec': (number);
  /**
   * Who confirms it.
   */
  'confirmation': (_nodectl_v1_UpgradeConfirmation__Output);
  /**
   * How far it is.
   */
  'progress': (_nodectl_v1_UpgradeProgress__Output | null);
  /**
   * Why it failed, fell back or was aborted: a reason code, or empty.
   */
  'reason': (string);
  /**
   * The same in a sentence.
   */
  'why': (string);
  /**
   * The last lines of the failed boot's log, at most 50, oldest first.
   */
  'bootLog': (string)[];
  /**
   * Health checks that did not hold, a sentence each.
   */
  'failedChecks': (string)[];
  /**
   * What is waited for now, a sentence, or empty: "waits for nodectl upgrade confirm".
   */
  'waitingFor': (string);
  /**
   * As given when it was started.
   */
  'message': (string);
  /**
   * Whether it boots a slot that was written before.
   */
  'rollback': (boolean);
  /**
   * Whether it goes on only when an operator does something: says so by RebootUpgrade or ConfirmUpgrade, or restarts the node where
   * the node cannot do that itself.
   */
  'needsOperator': (boolean);
  /**
   * Until when it is waited for what waiting_for says, in microseconds since the epoch on the node's clock, or 0 where nobody knows.
   */
  'waitsUntilUsec': (number);
}
