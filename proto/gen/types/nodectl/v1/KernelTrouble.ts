// @ts-nocheck
// Original file: nodectl/v1/kernel.proto

import type { Severity as _nodectl_v1_Severity, Severity__Output as _nodectl_v1_Severity__Output } from '../../nodectl/v1/Severity.ts';
import type { Remedy as _nodectl_v1_Remedy, Remedy__Output as _nodectl_v1_Remedy__Output } from '../../nodectl/v1/Remedy.ts';

/**
 * A known trouble.
 */
export interface KernelTrouble {
  /**
   * Its id, "known.r8169-multicast-filter".
   */
  'id'?: (string);
  /**
   * One line.
   */
  'title'?: (string);
  /**
   * How urgent it is.
   */
  'severity'?: (_nodectl_v1_Severity);
  /**
   * What one sees.
   */
  'symptom'?: (string);
  /**
   * What to do.
   */
  'remedy'?: (_nodectl_v1_Remedy | null);
  /**
   * Upstream releases that have it: "6.1.63 to before 6.1.64".
   */
  'kernels'?: (string)[];
  /**
   * Packages that have it, "debian 6.1.64-1 to before 6.1.66-1".
   */
  'packages'?: (string)[];
  /**
   * What it needs beside the kernel, a phrase for each condition.
   */
  'conditions'?: (string)[];
  /**
   * Where it is told of.
   */
  'links'?: (string)[];
  /**
   * How the entry was verified.
   */
  'reviewed'?: (string);
}

/**
 * A known trouble.
 */
export interface KernelTrouble__Output {
  /**
   * Its id, "known.r8169-multicast-filter".
   */
  'id': (string);
  /**
   * One line.
   */
  'title': (string);
  /**
   * How urgent it is.
   */
  'severity': (_nodectl_v1_Severity__Output);
  /**
   * What one sees.
   */
  'symptom': (string);
  /**
   * What to do.
   */
  'remedy': (_nodectl_v1_Remedy__Output | null);
  /**
   * Upstream releases that have it: "6.1.63 to before 6.1.64".
   */
  'kernels': (string)[];
  /**
   * Packages that have it, "debian 6.1.64-1 to before 6.1.66-1".
   */
  'packages': (string)[];
  /**
   * What it needs beside the kernel, a phrase for each condition.
   */
  'conditions': (string)[];
  /**
   * Where it is told of.
   */
  'links': (string)[];
  /**
   * How the entry was verified.
   */
  'reviewed': (string);
}
