// @ts-nocheck
// Original file: nodectl/v1/access.proto

import type { AuditRecord as _nodectl_v1_AuditRecord, AuditRecord__Output as _nodectl_v1_AuditRecord__Output } from '../../nodectl/v1/AuditRecord.ts';

/**
 * Audit records.
 */
export interface ReadAuditResponse {
  /**
   * Oldest first.
   */
  'records'?: (_nodectl_v1_AuditRecord)[];
  /**
   * Where the chain over the records is broken, in words, or empty when it holds. Only in the last message.
   */
  'broken'?: (string);
}

/**
 * Audit records.
 */
export interface ReadAuditResponse__Output {
  /**
   * Oldest first.
   */
  'records': (_nodectl_v1_AuditRecord__Output)[];
  /**
   * Where the chain over the records is broken, in words, or empty when it holds. Only in the last message.
   */
  'broken': (string);
}
