/** What the agent itself heeds of a document: labels, thresholds, upgrades, and what to do about drift. */

import type { HealthChecks } from '../../proto/health-check.ts';
import type { ShippingWanted } from '../shipping/shipping.ts';
import type { UpgradePolicy } from '../upgrade/policy.ts';
import { readDocument } from './read-document.ts';

/** What the agent heeds. */
export interface Heeded {
  readonly labels: Readonly<Record<string, string>>;
  /** Thresholds of diagnostics by check and name. */
  readonly thresholds: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Where logs are shipped, by name. */
  readonly shipping: ShippingWanted;
  readonly policy: 'report' | 'correct';
  /** How often everything is compared, where the document says so. */
  readonly everySeconds: number | undefined;
  /** How the node is upgraded. */
  readonly upgrades: UpgradePolicy;
  /** What must hold after an upgrade of the node, too. */
  readonly health: HealthChecks;
}

/** Where there is no document. */
export const NOTHING_HEEDED: Heeded = {
  labels: {},
  thresholds: {},
  shipping: {},
  policy: 'report',
  everySeconds: undefined,
  upgrades: {},
  health: {},
};

/** What the agent heeds of a document's text. Throws BAD_DOCUMENT. */
export function heededOf(text: string): Heeded {
  const { labels = {}, diagnostics, drift, logs, upgrades, health } = readDocument(text);
  return {
    labels,
    thresholds: diagnostics?.thresholds ?? {},
    shipping: logs?.shipping ?? {},
    policy: drift?.policy ?? 'report',
    everySeconds: drift?.everySeconds,
    upgrades: upgrades ?? {},
    health: health ?? {},
  };
}
