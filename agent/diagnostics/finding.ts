/** What a check finds: a trouble in words that are the same on every node that has it, so that a fleet's findings fold. */

/** info: worth knowing; warning: act in working hours; critical: act now. */
export type Severity = 'info' | 'warning' | 'critical';

/** certain: the machine says so itself; likely: concluded from it; possible: one of several explanations. */
export type Certainty = 'certain' | 'likely' | 'possible';

/** What the trouble is with. */
export interface Subject {
  /** "node", "nic", "disk", "filesystem", "clock", "kernel", "sensor", "service" … */
  readonly kind: string;
  /** As the machine calls it: "eth0", "nvme0n1", "/var". Empty where the node itself is meant. */
  readonly name: string;
  /** What it is, without its state: "mlx5_core 15b3:1017", "Samsung PM9A3". Findings on different hardware do not fold together. */
  readonly hardware?: string;
  /**
   * Values by which the sick may differ from the healthy, by trait names ("driver", "firmware", "switch", "model"). A trait
   * of the same name and kind is in Report.traits for healthy subjects too.
   */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What to do. */
export interface Remedy {
  /** One or two sentences, imperative; a command where there is one. */
  readonly text: string;
  /** What doing it risks: nothing, a service's restart, the connection, a reboot, or data. */
  readonly risk: 'none' | 'restart' | 'connection' | 'reboot' | 'data';
}

/** A trouble that was found. */
export interface Finding {
  /** Stable, "area.trouble": the id of the check, or of the kernel-log signature or known trouble. */
  readonly id: string;
  /** The check that found it. */
  readonly check: string;
  readonly severity: Severity;
  readonly certainty: Certainty;
  readonly subject: Subject;
  /** One line without numbers and names of devices: the same for every node that has this trouble. */
  readonly title: string;
  /** The numbers, with their unit in the name: {"offsetSeconds": 0.31}. */
  readonly parameters: Readonly<Record<string, string | number>>;
  /** At most three lines: what was read that shows it. Never secrets. */
  readonly evidence: readonly string[];
  readonly remedy: Remedy;
  /** Where the threshold, signature or trouble is documented. */
  readonly links: readonly string[];
  /** Ids of findings that this one causes: where it is present, they are not told on their own. A trailing "*" stands for any ending. */
  readonly explains: readonly string[];
  /** When it was first and last seen, ms since the epoch, where that is known. */
  readonly firstMs?: number;
  readonly lastMs?: number;
  /** How often it was seen, where it is an event. */
  readonly count?: number;
}

/** A finding as a check makes it: what is usual may be left out. */
export interface FindingDraft extends Partial<Omit<Finding, 'severity' | 'title' | 'remedy'>> {
  readonly severity: Severity;
  readonly title: string;
  readonly remedy: Remedy;
}

const MAX_EVIDENCE = 3;
const MAX_EVIDENCE_CHARACTERS = 400;

/** Completes a draft. */
export function finding(check: string, draft: FindingDraft): Finding {
  return {
    id: check,
    check,
    certainty: 'certain',
    subject: { kind: 'node', name: '' },
    parameters: {},
    links: [],
    explains: [],
    ...draft,
    evidence: (draft.evidence ?? [])
      .slice(0, MAX_EVIDENCE)
      .map((text) => text.slice(0, MAX_EVIDENCE_CHARACTERS)),
  };
}
