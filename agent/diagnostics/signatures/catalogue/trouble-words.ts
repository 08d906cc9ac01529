/** Words by which lines are told that no signature knows in full: where a part of the kernel's name stands before them, it tells of a trouble. */

/** Words that tell of a trouble: a part of a template. */
export const TROUBLE =
  "{fail|Fail|FAIL|timeout|Timeout|timed out|timed-out|Timed out|error|Error|ERROR| hang|Hang|hung|Hung|stuck| stall|Unable|unable|annot|an not|an't|ould not|ouldn't|abort|Abort|ABORT| lost| dead|died|not respond|no response|orrupt|verflow|nvalid|fatal|Fatal|FATAL| fault|refus|rejected|not ready|unexpected|Unexpected|unhandled|Unhandled|disconnect|agg_buf|eject|nsufficient|ot enough|reserve only|timedout|n't respond}";

/** What is weaker: the number of an error, and states that should not be. */
const WEAK =
  "| err -| err=-| err: -| err = -|, err -|, err=|(err -|(err=-|err(-| rc -| rc=-| rc: -| rc = -|, rc=| ret -| ret=-|,ret=-| ret: -| ret = -| retval=-| status -| returned -| returns -|llegal|not initialized|is NULL|ismatch|verrun|nderrun|out of range|, bad |xhausted|no memory|out of memory|no space|already in use|nreachable|garbage|malformed|Malformed|esource leak|inconsisten|not found in|exceeds|suspicious|estart needed|eset needed|eset required|not running|not idle|not released|not completed|too long| resetting|firmware bug|n't access|eboot will be required}";
/** Words that tell of a trouble, and the weaker ones. */
export const TROUBLE_OR_WEAK = TROUBLE.replace(/}$/, WEAK);

/**
 * The same in texts that are long enough to find a line by (wording-plan.ts), for heads that have none of their own: what begins
 * like the message of any driver of networks.
 */
export const SOUGHT_TROUBLE =
  "{failed|Failed|FAILED|ailure| fail |fail!|_fail|failing|imeout|imed out|imed-out| error|_error(|Error|ERROR| hang| hung|stuck| stall|nable to|annot |an not |an't |n't be|ould not|ouldn't| abort|Abort| lost | dead |not respond|no response| corrupt|Corrupt|verflow|verrun|nvalid |fatal |Fatal |FATAL|refused|rejected|not ready|nexpected|nhandled|isconnect|nsufficient|ot enough|agg_buf|reserve only|timedout|n't respond|not complete|not delivered|ollisions}";

/** What says one of them and means no harm: for `except`. */
export const HARMLESS = [
  'module verification failed',
  '{t|T}imeout set to',
  'TaskAbort/Reset timeout',
  'aborts not supported',
  'Device requests max timeout',
  'Error {R|r}e{covery|porting}',
  'error {recovery|reporting|containment|correction|correcting|injection|handler|handling}',
  'errors: 0',
  '{no|No|without} error',
  'failover',
  'crash dump',
  'not enough MMIO resources',
  'disabling {ASPM|already}',
  "can't disable ASPM",
  '{V|v}{PD|pd}',
  'Option ROM',
  '{T|t}imeout enabled',
  'deferred probe',
  // What a driver gets that waits for another one: it is asked again.
  '-517$',
  '-517{)|,|;| |:}',
  'expecting fault',
  '+0x',
  'No record of',
  'nonfatal error',
  '{Modules linked in|Unloaded tainted modules|Workqueue}: ',
  "{can't|cannot} restore L1SS",
  'defaulting to random',
  'INT status: ',
  'regulator, assuming enabled',
  'errors={w}',
  'invalidating',
  // What a driver prints of its settings.
  '{eady timeout: |Shutdown Timeout Value|coalescing timeout|link dn timeout|port dn timeout|logi timeout}',
  // What older firmware of ENA lacks.
  'set host attributes',
  // A virtual function without an address of its own, and features that need more queues than there are.
  'using random',
  '{ot enough queues|ot enough MSI-X|nsufficient MSI-X}',
];

/** Words that tell of one that a device does not come out of by itself, or not without losing what it was about. */
export const GRAVE =
  '{timed out|timed-out|imeout|not respond|no response| hang| hung|Hung |stuck| dead|fatal|Fatal|FATAL|nrecover|orrupt|irmware error|eset fail|eset FAIL|ailed to reset|nit failed|nitialization failed|ailed to init|ailed initiali|ould not init|annot init|ailed to start|probe failed|ailed from|ransaction failed|rdump: failed|priv_init failed|map adapter memory|ignal integrity|arity error|ECC error|overheat| did not complete|is offline|eset is required|recovery flow|ecovery in progress|adapter recovery|oorbells dropped|. Resetting|error_sw_reset|eset polling failed|hca_cap failed|eset soon expected|Device Reset|is out of sync|exhausted|ver temperature|emperature Threshold|ardware error|ardware Error|PCI error|PCI ERROR|nsufficient power|eartbeat Failure|NVM Read Error|EEPROM Read Error|eeprom read|hecksum fail|EEPROM failure|IGU ERROR|ADDRESS_ERROR|irmware not ready|aborted with error code|irmware init phase|Error Reported|onnection lost|ower fault|disconnected from network|oop down - abort|FAILED init_state|andshake sending request failed}';

/**
 * Words by which a driver says that its device does no more work until somebody acts: it was not set up, or what should have
 * brought it back did not. Data or traffic behind it is cut off, so they are critical where GRAVE warns.
 */
export const DEAD =
  '{nit failed|nitialization failed|ailed to init|ailed initiali|ould not init|annot init|probe failed|eset failed|eset FAIL|ailed to reset|ecovery failed|ecovery unsuccessful|nrecoverable|ot recoverable|init_one failed|load_one failed|probe_one failed|eset fail!|driver unload|iving up|is dead|be killed|fatal error detected|adapter stopped|nload and reload|nloaded and reloaded|eboot server|ower cycle|kill adapter|killing adapter|did not come out of reset|atal error|atal Error|FATAL - |FATAL: |hannel is offline|hannel offline|device offline|bring it offline|, aborting|board disabled|not functional|permanent disable|HW State: FAILED|lease reload the driver|recover from PCI error|could not detect the controller|ot come back after reset|to become ready after|ardware critical error|after slot reset|unable to contact the device|Init Firmware **** FAILED|irmware load failed}';

/** What says a word of DEAD of something smaller, or of nothing that happened. */
export const NOT_DEAD = [
  '{n|N}on-{f|F}atal',
  'Recoverable Fatal',
  '{ata disk|ata reset failed|target reset failed|iving up|qpair|MSI-X init|kdump init}',
  'irq {n} init failed',
  ', aborting {HW clock|dump|poll|half open}',
  '{qed_mcp_|SRIOV enable failed}',
];

/**
 * What an adapter refused, or has not: options that nobody needs, and what somebody asked for. A line with one of them informs
 * where another one that failed warns.
 */
export const REFUSED = [
  '{not supported|nsupported|upported by|not support|not capable|not permitted|not allowed|not trusted|isabled|continuing|Continuing|ontinue|fallback|instead|ignoring|Ignoring}',
  '{MSI-X|msix|MSIX|MSI }',
  '{ULP|PTM|DSN|EEE|WoL|wake|FEC|autoneg|RSS|rss|LLDP|DCB|DCBX|lldp|dcb|promisc|coalesc|channels|mqprio|ethtool|filter|Filter| rule| TC| VLAN| vlan|offload|flower|XSK|xsk|client|DSCP|devlink|statistics|debugfs|sysfs|hwmon|representor|macvlan|serial number|expansion ROM}',
  '{bandwidth|may be insufficient|MR$|nvalid argument|nvalid param|nvalid opcode|nvalid value|nvalid vlan|nvalid speed|nvalid number|nvalid api|escriptors requested|request from VF|from VF }',
  'unhandled rndis message',
];

/** Parts of an adapter that it works without, and what it goes on after: what is said of them is no word of the adapter itself. */
export const OPTIONAL_PARTS = [
  'debugfs',
  '{PTP|PTM|ptp|hwmon|devlink| RDMA|rdma|LLDP|DCB|dcb|XDP|SR-IOV|sriov|flow director}{ |_}',
  '{MACsec|MACSEC|IPSec|IPsec|TLS|crypto|flower| LED|i2c|I2C|fpga}{ |_|:}',
  '{SW DCB|eswitch bridge|link aggregation|coredump|Resource dump|FW tracer|post meter|spoofchk|reset tx rate|ethtool filters|representors}',
  // What was tried first did not go, what was tried then did.
  '{alling back|all back|ontinuing}',
  '{MSI|MSI-X} init failed',
];
/** What is said of a virtual function is no word of the adapter that it is of. */
export const OF_A_FUNCTION = '{ VF| vf|:VF|(VF|]VF}{ |(|[|}{n}';
