// @ts-nocheck
// Original file: nodectl/v1/kernel.proto


/**
 * Which kernel it is.
 */
export interface KernelVersion {
  /**
   * `uname -r`.
   */
  'release'?: (string);
  /**
   * `uname -v`.
   */
  'build'?: (string);
  /**
   * The distribution whose kernel it is, "debian", or empty where it is nobody's that is known.
   */
  'distribution'?: (string);
  /**
   * The version of the distribution's package, "6.1.159-1", or empty.
   */
  'package'?: (string);
  /**
   * The upstream stable release that it is, or was last level with, or empty where that is not known.
   */
  'stable'?: (string);
  /**
   * How it relates to upstream: "upstream", "patched", "vendor" or "unknown".
   */
  'basis'?: (string);
  /**
   * The same in words.
   */
  'basisText'?: (string);
  /**
   * PRETTY_NAME of os-release(5).
   */
  'os'?: (string);
  /**
   * IMAGE_ID and IMAGE_VERSION of os-release(5), or empty.
   */
  'image'?: (string);
  /**
   * The preemption model: "PREEMPT_DYNAMIC", "PREEMPT_RT" or others.
   */
  'preemption'?: (string);
  /**
   * The day on which upstream ends or ended the branch, as YYYY-MM-DD, or empty where that is not known or not what counts.
   */
  'endOfLife'?: (string);
  /**
   * Days until then, negative where it is past.
   */
  'endOfLifeDays'?: (number);
  /**
   * Whether secure boot is "on" or "off", or empty where the firmware does not tell.
   */
  'secureBoot'?: (string);
  /**
   * The lockdown in force: "none", "integrity", "confidentiality", or empty where the kernel has none.
   */
  'lockdown'?: (string);
  /**
   * The cgroup hierarchy: "2", "1", "hybrid", or empty.
   */
  'cgroup'?: (string);
}

/**
 * Which kernel it is.
 */
export interface KernelVersion__Output {
  /**
   * `uname -r`.
   */
  'release': (string);
  /**
   * `uname -v`.
   */
  'build': (string);
  /**
   * The distribution whose kernel it is, "debian", or empty where it is nobody's that is known.
   */
  'distribution': (string);
  /**
   * The version of the distribution's package, "6.1.159-1", or empty.
   */
  'package': (string);
  /**
   * The upstream stable release that it is, or was last level with, or empty where that is not known.
   */
  'stable': (string);
  /**
   * How it relates to upstream: "upstream", "patched", "vendor" or "unknown".
   */
  'basis': (string);
  /**
   * The same in words.
   */
  'basisText': (string);
  /**
   * PRETTY_NAME of os-release(5).
   */
  'os': (string);
  /**
   * IMAGE_ID and IMAGE_VERSION of os-release(5), or empty.
   */
  'image': (string);
  /**
   * The preemption model: "PREEMPT_DYNAMIC", "PREEMPT_RT" or others.
   */
  'preemption': (string);
  /**
   * The day on which upstream ends or ended the branch, as YYYY-MM-DD, or empty where that is not known or not what counts.
   */
  'endOfLife': (string);
  /**
   * Days until then, negative where it is past.
   */
  'endOfLifeDays': (number);
  /**
   * Whether secure boot is "on" or "off", or empty where the firmware does not tell.
   */
  'secureBoot': (string);
  /**
   * The lockdown in force: "none", "integrity", "confidentiality", or empty where the kernel has none.
   */
  'lockdown': (string);
  /**
   * The cgroup hierarchy: "2", "1", "hybrid", or empty.
   */
  'cgroup': (string);
}
