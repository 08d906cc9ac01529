/** The agent's own configuration: what it can say, and what holds where it says nothing. */

import { AGENT_PORT } from '../../proto/address.ts';

/** Where and what to listen on. */
export interface AgentSettings {
  /** The node's name. Needed only to hold the certificate against it: the name itself comes from the certificate. */
  name?: string;
  /** Addresses to listen on, "HOST:PORT". Port 0 takes any free one. */
  listen: string[];
  /** The folder for key, certificate, denylist and audit log. */
  state: string;
  /** Labels that the node says of itself. */
  labels: Record<string, string>;
  /** Addresses under which others reach the node, for the issuer's register. */
  addresses: string[];
  logs: LogsSettings;
  diagnostics: DiagnosticsSettings;
  history: HistorySettings;
  /** Whose images and releases of the agent are trusted; nothing is installed where it is not there. */
  upgrades?: UpgradeSettings;
  /** A port for Prometheus, or undefined. */
  metrics?: MetricsSettings;
  enrolment: EnrolmentSettings;
  /** What makes the agent an issuer, or undefined. */
  issuer?: IssuerSettings;
  limits: LimitsSettings;
  logLevel: LogLevel;
}

/** What the agent reads logs from. */
export interface LogsSettings {
  /** Log files by name: "file/NAME". */
  files: { name: string; path: string }[];
  /** Folders of the journal in place of the machine's own, or false for none. */
  journal?: { directory: string } | false;
  /** False where the kernel's log is not to be read. */
  kernel?: false;
  /** The root of containers' logs in place of /var/log/pods, or false for none. */
  pods?: { root: string } | false;
}

/** How the node is diagnosed. */
export interface DiagnosticsSettings {
  /** Values of thresholds in place of the published ones, by check and name. */
  thresholds: Record<string, Record<string, number>>;
}

/** What the node keeps of its past. */
export interface HistorySettings {
  /** False where nothing is sampled. */
  enabled: boolean;
  /** Seconds from one sample to the next. */
  everySeconds: number;
  /** How many days are kept; days on which the agent did not run do not count. */
  days: number;
  /** Bytes on disk. Where they do not last, what is older than a day is thinned out, and then the oldest goes. */
  maxBytes: number;
}

/** A port for Prometheus: HTTPS with the node's certificate. */
export interface MetricsSettings {
  /** Where it listens, "HOST:PORT". */
  listen: string;
  /** A file with a token that lets whoever brings it read, beside operators with their certificates. */
  tokenFile?: string;
  /** Lets anybody read who reaches the port. */
  allowAnonymous?: boolean;
}

/** How the node gets its first certificate and renews it. */
export interface EnrolmentSettings {
  /** The issuer's enrolment port, "HOST:PORT". */
  issuer?: string;
  /** A file with the token. */
  tokenFile?: string;
  /** The token itself; only as a flag, since a configuration file is no place for a secret. */
  token?: string;
  /** Where to renew, "HOST:PORT", in place of what the issuer said when the node was enrolled. */
  renewal?: string;
}

/** An issuer inside the agent. */
export interface IssuerSettings {
  /** Folder with root.crt, nodes.crt and nodes.key. */
  authority: string;
  /** Where nodes without a certificate enrol, "HOST:PORT". */
  listen: string;
  /** Where nodes are told to renew, "HOST:PORT". Default: the first of the agent's addresses. */
  renewal?: string;
}

/** Whose images and releases of the agent are trusted, and how a node is upgraded that boots from two slots. */
export interface UpgradeSettings {
  /** A folder with the public keys, Ed25519 in PEM, in files that end in ".pem". */
  keys: string;
  /** How many of the keys must have signed; one where it says nothing. */
  threshold?: number;
  /** What the node is: an image must be made for one of these. Without it the node takes releases of the agent, and no images. */
  compatible?: string[];
  /** The boot loader; it is looked for where it says nothing. */
  backend?: 'auto' | 'grub' | 'systemd-boot' | 'files';
  /** The folder that the boot loader reads, where it is not at one of the usual places. */
  bootFolder?: string;
  /** The slots by PARTLABEL=, PARTUUID= or path, where they are not called nodectl-a and nodectl-b. */
  slots?: { a: string; b: string };
}

/** Bounds that an operator may want to move; see proto/serve/limits.ts. */
export interface LimitsSettings {
  connections?: number;
  connectionsPerAddress?: number;
  calls?: number;
  callsPerCaller?: number;
}

/** The levels of the agent's own log. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
/** A level of the agent's own log. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What holds where nothing is said. */
export function defaultSettings(): AgentSettings {
  return {
    listen: [`[::]:${AGENT_PORT}`],
    state: '/var/lib/nodectl',
    labels: {},
    addresses: [],
    logs: { files: [] },
    diagnostics: { thresholds: {} },
    history: { enabled: true, everySeconds: 60, days: 7, maxBytes: 20 << 20 },
    enrolment: {},
    limits: {},
    logLevel: 'info',
  };
}
