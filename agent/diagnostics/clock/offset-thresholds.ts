/** From which offset on a clock is off: the same wherever the offset is from. */

/** In seconds. */
export const OFFSET_THRESHOLDS = {
  warnSeconds: {
    value: 0.05,
    unit: 's',
    source: 'node-mixin NodeClockSkewDetected (0.05 s); Ceph mon_clock_drift_allowed (0.05 s)',
  },
  criticalSeconds: {
    value: 1,
    unit: 's',
    source: 'etcd, which warns of a member whose clock differs by more than 1 s',
  },
} as const;
