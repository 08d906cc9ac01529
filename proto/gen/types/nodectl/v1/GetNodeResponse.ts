// @ts-nocheck
// Original file: nodectl/v1/system.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The node's identity and state.
 */
export interface GetNodeResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * The host name that the kernel has now.
   */
  'hostname'?: (string);
  /**
   * The running kernel's release, as `uname -r` prints it.
   */
  'kernel'?: (string);
  /**
   * The running kernel's build, as `uname -v` prints it. On Debian the package version is only here.
   */
  'kernelBuild'?: (string);
  /**
   * The machine's architecture, as `uname -m` prints it.
   */
  'machine'?: (string);
  /**
   * PRETTY_NAME of os-release(5), or empty when there is none.
   */
  'os'?: (string);
  /**
   * Seconds since boot, from /proc/uptime.
   */
  'uptimeSeconds'?: (number | string);
  /**
   * The kernel's boot id, 32 hexadecimal digits as in ReadLogsRequest.boot: changes with every boot.
   */
  'bootId'?: (string);
  /**
   * The machine id of machine-id(5), or empty when there is none.
   */
  'machineId'?: (string);
  /**
   * Labels from the agent's configuration.
   */
  'labels'?: ({[key: string]: string});
  /**
   * The agent's version.
   */
  'agentVersion'?: (string);
  /**
   * Microseconds since the epoch on the node's clock when it answered.
   */
  'nowUsec'?: (number | string | Long);
  /**
   * When the node's certificate ends, in seconds since the epoch.
   */
  'certificateNotAfter'?: (number | string | Long);
  /**
   * What the agent can do beyond the basics: "issuer", "journal", "kernel-log", "containers".
   */
  'capabilities'?: (string)[];
  /**
   * Troubles of the agent itself that a person should know of, each one sentence. Empty when all is well.
   */
  'warnings'?: (string)[];
}

/**
 * The node's identity and state.
 */
export interface GetNodeResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * The host name that the kernel has now.
   */
  'hostname': (string);
  /**
   * The running kernel's release, as `uname -r` prints it.
   */
  'kernel': (string);
  /**
   * The running kernel's build, as `uname -v` prints it. On Debian the package version is only here.
   */
  'kernelBuild': (string);
  /**
   * The machine's architecture, as `uname -m` prints it.
   */
  'machine': (string);
  /**
   * PRETTY_NAME of os-release(5), or empty when there is none.
   */
  'os': (string);
  /**
   * Seconds since boot, from /proc/uptime.
   */
  'uptimeSeconds': (number);
  /**
   * The kernel's boot id, 32 hexadecimal digits as in ReadLogsRequest.boot: changes with every boot.
   */
  'bootId': (string);
  /**
   * The machine id of machine-id(5), or empty when there is none.
   */
  'machineId': (string);
  /**
   * Labels from the agent's configuration.
   */
  'labels': ({[key: string]: string});
  /**
   * The agent's version.
   */
  'agentVersion': (string);
  /**
   * Microseconds since the epoch on the node's clock when it answered.
   */
  'nowUsec': (number);
  /**
   * When the node's certificate ends, in seconds since the epoch.
   */
  'certificateNotAfter': (number);
  /**
   * What the agent can do beyond the basics: "issuer", "journal", "kernel-log", "containers".
   */
  'capabilities': (string)[];
  /**
   * Troubles of the agent itself that a person should know of, each one sentence. Empty when all is well.
   */
  'warnings': (string)[];
}
