/**
 * Every reason code that this project can answer with: stable names that programs may rely on, each with the gRPC
 * status that it travels under. Codes are never renamed; docs/reasons.md is generated from this table.
 */

/** Who defines these codes: the domain of every google.rpc.ErrorInfo that a node or an issuer sends. */
export const ERROR_DOMAIN = 'nodectl.dev';

/** The names of gRPC status codes in the order of their numbers. */
export const STATUS_NAMES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

/** The name of a gRPC status code. */
export type StatusName = (typeof STATUS_NAMES)[number];

interface ReasonEntry {
  /** The gRPC status that the reason travels under. */
  status: StatusName;
  /** What it means, in one sentence. */
  about: string;
}

/** The table of reason codes, sorted by name. */
export const REASONS = {
  AUDIT_UNAVAILABLE: {
    status: 'UNAVAILABLE',
    about: 'The audit log cannot be written, so calls that change the node are refused.',
  },
  BAD_ARGUMENT: { status: 'INVALID_ARGUMENT', about: 'An argument or a field of the request is not valid.' },
  BAD_CERTIFICATE: {
    status: 'FAILED_PRECONDITION',
    about: 'A certificate or key cannot be read, or the two do not belong together.',
  },
  BAD_CONFIG: {
    status: 'FAILED_PRECONDITION',
    about: 'A configuration or contexts file cannot be read or is not valid.',
  },
  BAD_CSR: {
    status: 'INVALID_ARGUMENT',
    about: 'The certificate request is malformed or not signed by its own key.',
  },
  BAD_CURSOR: { status: 'INVALID_ARGUMENT', about: 'The cursor is malformed or belongs to another source.' },
  BAD_DOCUMENT: {
    status: 'INVALID_ARGUMENT',
    about: 'A config document is not valid: the message has each problem with its line and column.',
  },
  BAD_PASSPHRASE: { status: 'UNAUTHENTICATED', about: 'The passphrase does not open the key.' },
  BAD_PATTERN: {
    status: 'INVALID_ARGUMENT',
    about: 'The regular expression is not valid or cannot run in linear time.',
  },
  BAD_TIME: { status: 'INVALID_ARGUMENT', about: 'The time is not one of the known forms.' },
  CANCELLED: { status: 'CANCELLED', about: 'The caller or the user ended the call.' },
  CERTIFICATE_DENIED: {
    status: 'PERMISSION_DENIED',
    about: 'The certificate or its owner is on the node’s denylist.',
  },
  CERTIFICATE_EXPIRED: { status: 'UNAUTHENTICATED', about: 'A certificate has expired.' },
  CERTIFICATE_NOT_YET_VALID: {
    status: 'UNAUTHENTICATED',
    about: 'A certificate is not valid yet: one of the two clocks is wrong.',
  },
  CERTIFICATE_REFUSED: {
    status: 'UNAUTHENTICATED',
    about: 'The node does not accept the caller’s certificate, or the caller not the node’s.',
  },
  CONNECTION_LOST: { status: 'UNAVAILABLE', about: 'The connection ended before the answer was complete.' },
  CONNECTION_REFUSED: { status: 'UNAVAILABLE', about: 'Nothing listens at the address.' },
  CONNECT_TIMEOUT: { status: 'UNAVAILABLE', about: 'The address did not answer in time.' },
  DEADLINE_EXCEEDED: { status: 'DEADLINE_EXCEEDED', about: 'The call did not end within its time limit.' },
  DISK_UNUSABLE: {
    status: 'FAILED_PRECONDITION',
    about: 'A file cannot be written or read: its disk is full, read-only or broken.',
  },
  DNS_FAILED: { status: 'UNAVAILABLE', about: 'The host name could not be resolved.' },
  DRAINING: { status: 'UNAVAILABLE', about: 'The agent is stopping and takes no new calls.' },
  DRAIN_BLOCKED: {
    status: 'FAILED_PRECONDITION',
    about:
      'Pods did not leave a Kubernetes node in time: the message has them and the budgets that hold them.',
  },
  DRAIN_REFUSED: {
    status: 'FAILED_PRECONDITION',
    about: 'A Kubernetes node has pods that kubectl evicts only when it is told to.',
  },
  HOST_CHANGE_FAILED: {
    status: 'FAILED_PRECONDITION',
    about: 'Something on the node could not be changed; what was changed before it was put back.',
  },
  HOST_TOOL_FAILED: {
    status: 'UNAVAILABLE',
    about: 'A program of the node could not be started or did not end in time.',
  },
  HOST_UNREACHABLE: { status: 'UNAVAILABLE', about: 'There is no network path to the address.' },
  HOST_UNREADABLE: {
    status: 'UNAVAILABLE',
    about:
      'Something of the node that the call needs could not be read: a program is missing or did not answer in time, or a file may not be read.',
  },
  IMAGE_AGENT_TOO_OLD: {
    status: 'FAILED_PRECONDITION',
    about: 'The image needs a newer agent than the node has.',
  },
  IMAGE_DIGEST_MISMATCH: {
    status: 'DATA_LOSS',
    about: 'A part of an OS image is not what its manifest says: other bytes than those of its digest.',
  },
  IMAGE_DOWNGRADE: {
    status: 'FAILED_PRECONDITION',
    about: 'The image is older than one that was confirmed on the node.',
  },
  IMAGE_ENVELOPE_INVALID: {
    status: 'INVALID_ARGUMENT',
    about: 'The envelope with an OS image’s signatures is malformed.',
  },
  IMAGE_EXPIRED: {
    status: 'FAILED_PRECONDITION',
    about: 'The image may not be installed any more: its time is over.',
  },
  IMAGE_FRAMES_INVALID: {
    status: 'INVALID_ARGUMENT',
    about: 'The compressed frames of an OS image are malformed.',
  },
  IMAGE_INDEX_INVALID: { status: 'INVALID_ARGUMENT', about: 'The block index of an OS image is malformed.' },
  IMAGE_KEYRING_INVALID: {
    status: 'FAILED_PRECONDITION',
    about: 'A file of keys that OS images are trusted by cannot be used.',
  },
  IMAGE_KNOWN_TROUBLE: {
    status: 'FAILED_PRECONDITION',
    about: 'The image’s kernel or firmware is known to fight with this node’s hardware.',
  },
  IMAGE_LAYOUT_INVALID: {
    status: 'FAILED_PRECONDITION',
    about: 'A file or folder is no OCI image layout, or a part of it is missing or has another size.',
  },
  IMAGE_MANIFEST_INVALID: {
    status: 'INVALID_ARGUMENT',
    about: 'The manifest of an OS image is malformed, or not written canonically.',
  },
  IMAGE_NOT_ALLOWED: {
    status: 'FAILED_PRECONDITION',
    about: 'The node’s config does not allow images of this name.',
  },
  IMAGE_NO_BASE: {
    status: 'FAILED_PRECONDITION',
    about: 'The image was sent as differences from something that the node does not know to have.',
  },
  IMAGE_OPS_INVALID: {
    status: 'INVALID_ARGUMENT',
    about: 'The operations that make an OS image out of the running one are malformed.',
  },
  IMAGE_SIGNATURES_TOO_FEW: {
    status: 'UNAUTHENTICATED',
    about: 'Fewer trusted keys have signed the OS image than must have.',
  },
  IMAGE_SIGNATURE_INVALID: {
    status: 'UNAUTHENTICATED',
    about: 'A trusted key’s signature does not belong to the OS image’s manifest.',
  },
  IMAGE_TRUNCATED: { status: 'DATA_LOSS', about: 'An OS image, or a part of it, ends before it is whole.' },
  IMAGE_UNREADABLE: {
    status: 'FAILED_PRECONDITION',
    about: 'An OS image, or a file that one is made of, cannot be read.',
  },
  IMAGE_WRONG_COMPATIBLE: {
    status: 'FAILED_PRECONDITION',
    about: 'The image is made for other machines than this one.',
  },
  INTERNAL: { status: 'INTERNAL', about: 'A defect: the agent or nodectl did something unforeseen.' },
  ISSUER_BUSY: { status: 'FAILED_PRECONDITION', about: 'Another process works with the issuer’s folder.' },
  KUBECTL_FAILED: {
    status: 'UNAVAILABLE',
    about: 'kubectl could not be run, or the cluster did not do what it was asked.',
  },
  KUBERNETES_NODE_UNKNOWN: {
    status: 'NOT_FOUND',
    about: 'The cluster has no node that stands for this one.',
  },
  NODE_NOT_REGISTERED: { status: 'NOT_FOUND', about: 'The issuer’s register has no node of this name.' },
  NOT_A_CALLER: {
    status: 'UNAUTHENTICATED',
    about:
      'What connected does not speak gRPC over TLS 1.3. In the agent’s log alone: it can be told nothing.',
  },
  NOT_A_NODECTL_AGENT: {
    status: 'UNAVAILABLE',
    about: 'What answered at the address does not speak gRPC over TLS 1.3.',
  },
  NO_CERTIFICATE: { status: 'UNAUTHENTICATED', about: 'The caller showed no certificate.' },
  NO_CONTEXT: {
    status: 'FAILED_PRECONDITION',
    about: 'No context is chosen, or the chosen one does not exist.',
  },
  NO_HISTORY: { status: 'NOT_FOUND', about: 'The node keeps no history of itself.' },
  NO_TARGET: { status: 'INVALID_ARGUMENT', about: 'The command does not say which nodes it is meant for.' },
  PERMISSION_DENIED: { status: 'PERMISSION_DENIED', about: 'The caller’s role does not allow the call.' },
  PKI_EXISTS: { status: 'ALREADY_EXISTS', about: 'The folder holds a PKI already.' },
  PKI_NOT_FOUND: { status: 'NOT_FOUND', about: 'The folder holds no PKI.' },
  REGISTER_FULL: {
    status: 'RESOURCE_EXHAUSTED',
    about: 'The issuer keeps as many nodes or tokens as it can.',
  },
  REGISTRY_BAD_ANSWER: {
    status: 'FAILED_PRECONDITION',
    about:
      'A registry does not answer as the OCI distribution specification says, or what it has there is no image.',
  },
  REGISTRY_BUSY: { status: 'RESOURCE_EXHAUSTED', about: 'A registry limits how much is asked of it.' },
  REGISTRY_DENIED: {
    status: 'PERMISSION_DENIED',
    about: 'A registry wants a login, or does not allow this one what was asked.',
  },
  REGISTRY_DIGEST_MISMATCH: {
    status: 'DATA_LOSS',
    about: 'A registry or a mirror sends other bytes than the digest says.',
  },
  REGISTRY_INSECURE: {
    status: 'FAILED_PRECONDITION',
    about: 'A registry has no trusted certificate, or plain HTTP would be needed where it is not allowed.',
  },
  REGISTRY_NOT_FOUND: { status: 'NOT_FOUND', about: 'A registry does not have the image or a part of it.' },
  REGISTRY_NO_RANGES: {
    status: 'UNIMPLEMENTED',
    about: 'A registry gives blobs only as a whole, where a part of a large one is needed.',
  },
  REGISTRY_REFUSED: { status: 'FAILED_PRECONDITION', about: 'A registry refuses a request.' },
  REGISTRY_UNREACHABLE: {
    status: 'UNAVAILABLE',
    about: 'A registry cannot be reached, breaks off, or fails, also when asked again.',
  },
  RELEASE_BUSY: {
    status: 'ABORTED',
    about: 'The node takes in another release of the agent already.',
  },
  RELEASE_DIGEST_MISMATCH: {
    status: 'DATA_LOSS',
    about: 'A part of a release of the agent is not what its signed manifest says.',
  },
  RELEASE_EXPIRED: {
    status: 'FAILED_PRECONDITION',
    about: 'The release of the agent was signed for a time that is over.',
  },
  RELEASE_INCOMPLETE: {
    status: 'FAILED_PRECONDITION',
    about: 'Parts of the release of the agent are not on the node yet, or no longer whole.',
  },
  RELEASE_MANIFEST_INVALID: {
    status: 'INVALID_ARGUMENT',
    about: 'The manifest of a release of the agent is malformed or contradicts itself.',
  },
  RELEASE_NOT_GUARDED: {
    status: 'FAILED_PRECONDITION',
    about: 'Nothing on the node would go back from a new agent that fails, so it was not taken into use.',
  },
  RELEASE_NOT_MANAGED: {
    status: 'FAILED_PRECONDITION',
    about: 'The agent was not started in a way in which it can be replaced.',
  },
  RELEASE_NOT_ON_TRIAL: {
    status: 'FAILED_PRECONDITION',
    about: 'No release of the agent waits to be confirmed, or another one.',
  },
  RELEASE_NO_SPACE: {
    status: 'RESOURCE_EXHAUSTED',
    about: 'The node has no space for the release of the agent.',
  },
  RELEASE_OLDER: {
    status: 'FAILED_PRECONDITION',
    about: 'The release of the agent has a lower serial number than one that was confirmed on the node.',
  },
  RELEASE_REVERTED: {
    status: 'ABORTED',
    about: 'The node went back to the agent before, or was about to when it was given up.',
  },
  RELEASE_TRIAL_RUNNING: {
    status: 'FAILED_PRECONDITION',
    about: 'A release of the agent is on trial, and has to be confirmed or left first.',
  },
  RELEASE_UNTRUSTED: {
    status: 'FAILED_PRECONDITION',
    about: 'The agent is not configured to trust anybody’s releases of it.',
  },
  RELEASE_WRONG_PLATFORM: {
    status: 'FAILED_PRECONDITION',
    about: 'The release of the agent was built for another kind of machine.',
  },
  REQUEST_TOO_LARGE: { status: 'RESOURCE_EXHAUSTED', about: 'The request is larger than the agent takes.' },
  ROOT_IN_USE: {
    status: 'FAILED_PRECONDITION',
    about: 'The root is not taken out: a certificate that is in use leads to it alone.',
  },
  SEAL_NOT_OPENED: {
    status: 'FAILED_PRECONDITION',
    about: 'A sealed value does not open: it is for another node or place, or damaged.',
  },
  SOURCE_UNAVAILABLE: {
    status: 'FAILED_PRECONDITION',
    about: 'The log source exists but cannot be read now.',
  },
  STALE_REVISION: {
    status: 'ABORTED',
    about: 'The node runs another revision than the one that the change was made from.',
  },
  TOKEN_EXPIRED: { status: 'UNAUTHENTICATED', about: 'The enrolment token has expired.' },
  TOKEN_INVALID: {
    status: 'UNAUTHENTICATED',
    about: 'The enrolment token is malformed, unknown or damaged.',
  },
  TOKEN_USED: { status: 'UNAUTHENTICATED', about: 'The enrolment token was used before.' },
  TOO_MANY_STREAMS: {
    status: 'RESOURCE_EXHAUSTED',
    about: 'The caller or the agent has too many open calls.',
  },
  TRIAL_RUNNING: {
    status: 'FAILED_PRECONDITION',
    about:
      'A trial runs, of a config document or of an upgraded image: it must be confirmed or left before the next change of the config.',
  },
  UNKNOWN_BOOT: { status: 'NOT_FOUND', about: 'The node keeps no log of this boot.' },
  UNKNOWN_CHECK: { status: 'NOT_FOUND', about: 'There is no diagnostic check of this id.' },
  UNKNOWN_METHOD: {
    status: 'UNIMPLEMENTED',
    about: 'The agent does not know the method: it may be older than the caller.',
  },
  UNKNOWN_NODE: { status: 'NOT_FOUND', about: 'The context has no node of this name.' },
  UNKNOWN_REVISION: { status: 'NOT_FOUND', about: 'The node keeps no config revision of this number.' },
  UNKNOWN_SERVICE: { status: 'NOT_FOUND', about: 'The agent does not serve a service of this name.' },
  UNKNOWN_SOURCE: { status: 'NOT_FOUND', about: 'The node has no log source or unit of this name.' },
  UPGRADE_ABORTED: {
    status: 'ABORTED',
    about: 'The upgrade was ended by somebody.',
  },
  UPGRADE_ASSET_DIGEST: {
    status: 'DATA_LOSS',
    about: 'A kernel or initrd beside the boot loader does not read as the file that the manifest names.',
  },
  UPGRADE_BASELINE: {
    status: 'DATA_LOSS',
    about: 'What was true of the node before the reboot cannot be read back.',
  },
  UPGRADE_BOOT_FAILED: {
    status: 'FAILED_PRECONDITION',
    about: 'The new slot was tried and did not come up, so the boot loader took the one before.',
  },
  UPGRADE_BOOT_FULL: {
    status: 'RESOURCE_EXHAUSTED',
    about: 'The boot partition has no room for the kernel and initrd of the image.',
  },
  UPGRADE_BOOT_UNREADABLE: {
    status: 'DATA_LOSS',
    about: 'What the boot loader goes by is missing or damaged.',
  },
  UPGRADE_BOOT_WRITE_FAILED: {
    status: 'UNAVAILABLE',
    about: 'What the boot loader goes by could not be written.',
  },
  UPGRADE_COMMAND_LINE: {
    status: 'INVALID_ARGUMENT',
    about: 'The image’s kernel command line holds what it may not.',
  },
  UPGRADE_CONFIG_TRIAL: {
    status: 'FAILED_PRECONDITION',
    about: 'A config document is being tried on the node, or is being put back.',
  },
  UPGRADE_DEPLOYMENT: {
    status: 'FAILED_PRECONDITION',
    about: 'The deployment that is named is malformed, or is not the one that runs.',
  },
  UPGRADE_DEVICE_ERROR: { status: 'UNAVAILABLE', about: 'The device of a slot returned an error.' },
  UPGRADE_IN_PROGRESS: {
    status: 'FAILED_PRECONDITION',
    about: 'Another upgrade runs on the node.',
  },
  UPGRADE_JOURNAL_LOST: {
    status: 'DATA_LOSS',
    about: 'The journal of the upgrade is damaged, so what it was about is not known.',
  },
  UPGRADE_NOT_CONFIGURED: {
    status: 'FAILED_PRECONDITION',
    about: 'The agent is not configured for upgrades.',
  },
  UPGRADE_NOT_CONFIRMED: {
    status: 'FAILED_PRECONDITION',
    about: 'The image that runs is still on trial.',
  },
  UPGRADE_NOT_GUARDED: {
    status: 'UNAVAILABLE',
    about: 'The deadline of an upgrade could not be put where it holds without the agent.',
  },
  UPGRADE_NOT_TRIED: {
    status: 'FAILED_PRECONDITION',
    about: 'The node restarted, and its boot loader did not try the new slot.',
  },
  UPGRADE_NO_ANSWER: {
    status: 'UNAVAILABLE',
    about: 'A node did not answer again while its upgrade was followed. The upgrade itself may go on.',
  },
  UPGRADE_NO_BACKEND: {
    status: 'FAILED_PRECONDITION',
    about: 'The node has no boot loader that upgrades can work with.',
  },
  UPGRADE_NO_FALLBACK: {
    status: 'FAILED_PRECONDITION',
    about: 'The other slot is not one that would boot, or the one that runs is not confirmed.',
  },
  UPGRADE_NO_STAGING: {
    status: 'RESOURCE_EXHAUSTED',
    about: 'There is no room to keep kernel and initrd until they are verified.',
  },
  UPGRADE_OTHER_BOOTED: {
    status: 'FAILED_PRECONDITION',
    about: 'The slot booted with another deployment than the one that was armed.',
  },
  UPGRADE_REBOOT_FAILED: {
    status: 'UNAVAILABLE',
    about: 'The node could not be told to restart.',
  },
  UPGRADE_RUNNING_SLOT_UNKNOWN: {
    status: 'FAILED_PRECONDITION',
    about: 'It cannot be told for sure which slot the node runs from.',
  },
  UPGRADE_SLOT_INCOMPLETE: {
    status: 'FAILED_PRECONDITION',
    about: 'The slot lacks something that it would need to boot.',
  },
  UPGRADE_SLOT_NOT_RUNNING: { status: 'FAILED_PRECONDITION', about: 'The slot is not the one that runs.' },
  UPGRADE_SLOT_RUNNING: {
    status: 'FAILED_PRECONDITION',
    about: 'The slot is the one that runs, so it is not touched.',
  },
  UPGRADE_SLOT_TOO_SMALL: {
    status: 'FAILED_PRECONDITION',
    about: 'The image does not fit into the slot.',
  },
  UPGRADE_SLOT_VALID: {
    status: 'FAILED_PRECONDITION',
    about: 'The boot loader still takes the slot, so nothing of it is overwritten.',
  },
  UPGRADE_STALLED: {
    status: 'DEADLINE_EXCEEDED',
    about:
      'A node is connected and its upgrade does not get on: for minutes it tells nothing new of itself, or of what it has of the image.',
  },
  UPGRADE_STATE_UNWRITABLE: {
    status: 'FAILED_PRECONDITION',
    about: 'What a node keeps about its upgrades cannot be written: the disk is full, read-only or broken.',
  },
  UPGRADE_STOPPED: {
    status: 'ABORTED',
    about: 'The upgrade of a node was given up because too many others did not end well.',
  },
  UPGRADE_TAKEN_OVER: {
    status: 'ABORTED',
    about: 'Another stream goes on with the transfer of this image.',
  },
  UPGRADE_TARGET_BUSY: {
    status: 'FAILED_PRECONDITION',
    about: 'The device of the slot is mounted or in use otherwise.',
  },
  UPGRADE_TARGET_MISSING: {
    status: 'FAILED_PRECONDITION',
    about:
      'The node has no device or partition for the slot, or one that the kernel could not be told by its UUID.',
  },
  UPGRADE_TARGET_READ_ONLY: {
    status: 'FAILED_PRECONDITION',
    about: 'The device of the slot cannot be written to: it is read-only, or the agent has no leave.',
  },
  UPGRADE_UNHEALTHY: {
    status: 'FAILED_PRECONDITION',
    about: 'The new slot ran, and the node was not as well as before or a declared check did not hold.',
  },
  UPGRADE_UNKNOWN: {
    status: 'NOT_FOUND',
    about: 'The node knows no upgrade of that id.',
  },
  UPGRADE_WRONG_STATE: {
    status: 'FAILED_PRECONDITION',
    about: 'The upgrade is not at a point where this can be done.',
  },
  WRONG_CA: {
    status: 'UNAUTHENTICATED',
    about: 'The other side’s certificate is not of the trusted authority.',
  },
  WRONG_ISSUER: {
    status: 'UNAUTHENTICATED',
    about: 'The certificate was issued by an authority that may not issue this kind.',
  },
  WRONG_NODE: { status: 'UNAUTHENTICATED', about: 'The address is answered by a node of another name.' },
} as const satisfies Record<string, ReasonEntry>;

/** A stable reason code. */
export type Reason = keyof typeof REASONS;
