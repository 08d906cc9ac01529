// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto

import type { Severity as _nodectl_v1_Severity, Severity__Output as _nodectl_v1_Severity__Output } from '../../nodectl/v1/Severity.ts';
import type { Certainty as _nodectl_v1_Certainty, Certainty__Output as _nodectl_v1_Certainty__Output } from '../../nodectl/v1/Certainty.ts';
import type { Subject as _nodectl_v1_Subject, Subject__Output as _nodectl_v1_Subject__Output } from '../../nodectl/v1/Subject.ts';
import type { Remedy as _nodectl_v1_Remedy, Remedy__Output as _nodectl_v1_Remedy__Output } from '../../nodectl/v1/Remedy.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A trouble.
 */
export interface Finding {
  /**
   * Stable, "area.trouble": the id of a check, of a kernel-log signature or of a known trouble.
   */
  'id'?: (string);
  /**
   * The check that found it.
   */
  'check'?: (string);
  /**
   * How urgent it is.
   */
  'severity'?: (_nodectl_v1_Severity);
  /**
   * How sure it is.
   */
  'certainty'?: (_nodectl_v1_Certainty);
  /**
   * What it is with.
   */
  'subject'?: (_nodectl_v1_Subject | null);
  /**
   * One line without numbers and names of devices, the same on every node that has this trouble.
   */
  'title'?: (string);
  /**
   * The numbers and names, as text, with the unit in the key.
   */
  'parameters'?: ({[key: string]: string});
  /**
   * What was read that shows it, at most three lines.
   */
  'evidence'?: (string)[];
  /**
   * What to do.
   */
  'remedy'?: (_nodectl_v1_Remedy | null);
  /**
   * Where the threshold, the signature or the trouble is documented.
   */
  'links'?: (string)[];
  /**
   * Ids of findings that this one causes; a trailing "*" stands for any ending.
   */
  'explains'?: (string)[];
  /**
   * When it was first seen, in microseconds since the epoch, or 0 where that is not known.
   */
  'firstUsec'?: (number | string | Long);
  /**
   * When it was last seen, in microseconds since the epoch, or 0 where that is not known.
   */
  'lastUsec'?: (number | string | Long);
  /**
   * How often it was seen, or 0 where it is a state and no event.
   */
  'count'?: (number | string | Long);
}

/**
 * A trouble.
 */
export interface Finding__Output {
  /**
   * Stable, "area.trouble": the id of a check, of a kernel-log signature or of a known trouble.
   */
  'id': (string);
  /**
   * The check that found it.
   */
  'check': (string);
  /**
   * How urgent it is.
   */
  'severity': (_nodectl_v1_Severity__Output);
  /**
   * How sure it is.
   */
  'certainty': (_nodectl_v1_Certainty__Output);
  /**
   * What it is with.
   */
  'subject': (_nodectl_v1_Subject__Output | null);
  /**
   * One line without numbers and names of devices, the same on every node that has this trouble.
   */
  'title': (string);
  /**
   * The numbers and names, as text, with the unit in the key.
   */
  'parameters': ({[key: string]: string});
  /**
   * What was read that shows it, at most three lines.
   */
  'evidence': (string)[];
  /**
   * What to do.
   */
  'remedy': (_nodectl_v1_Remedy__Output | null);
  /**
   * Where the threshold, the signature or the trouble is documented.
   */
  'links': (string)[];
  /**
   * Ids of findings that this one causes; a trailing "*" stands for any ending.
   */
  'explains': (string)[];
  /**
   * When it was first seen, in microseconds since the epoch, or 0 where that is not known.
   */
  'firstUsec': (number);
  /**
   * When it was last seen, in microseconds since the epoch, or 0 where that is not known.
   */
  'lastUsec': (number);
  /**
   * How often it was seen, or 0 where it is a state and no event.
   */
  'count': (number);
}
