/** What SCSI disks say of commands that failed, and of themselves. Sources: drivers/scsi/{sd,scsi_error,scsi_logging}.c. */

import { group } from '../signature.ts';
import { SCSI_COMMON } from './disk-scsi.ts';

/** How a command failed: said behind what names the trouble, and looked for behind it too. */
export const SCSI_DETAIL = group(SCSI_COMMON, [
  {
    name: 'scsi-unit-attention',
    severity: 'info',
    title: 'A disk says that it was switched on or reset',
    about:
      'Each disk says so once when it is found, and again when it, its cable or its controller was reset while it worked.',
    lines: ['{dev}: {P|p}ower-on or device reset occurred', '{dev}: power on or device reset'],
    explains: [],
  },
  {
    name: 'scsi-back',
    severity: 'info',
    title: 'A disk is back after it was reset',
    about: 'The reset went well; why it was needed is told by lines before it.',
    lines: ['{dev}: uas_eh_{device_reset_handler|bus_reset_handler} success'],
    explains: [],
  },
  {
    name: 'scsi-changed',
    severity: 'info',
    title: 'A disk says that it is not the same any more',
    about:
      'Its size, its settings or what it says of itself changed: somebody changed the volume, or another took its place.',
    lines: [
      '{dev}: device_{block|unblock}, handle({x})',
      '{dev}: {Inquiry data has|Mode parameters|Asymmetric access state|Capacity data has|Parameters|Operating parameters on this target have} changed',
      '{dev}: {*}LUN assignments on this target have changed',
      '{dev}: {*}operating parameters on this target have changed',
    ],
    explains: [],
  },
  {
    name: 'scsi-command',
    severity: 'info',
    title: 'The kernel told which command a disk failed',
    lines: [
      '[{dev}] {*}CDB: {Read|Write|Synchronize Cache|Unmap|Verify|ATA command pass through}{*}',
      'sd {dev}: CDB: {Read|Write|Synchronize Cache|Unmap|Verify|Test Unit Ready}',
    ],
    except: [' [sr{n}] '],
    explains: [],
  },
  {
    name: 'scsi-detail',
    title: 'A disk failed a command',
    lines: [
      '[{dev}] tag#{w} FAILED Result: {*}hostbyte={w}',
      '[{dev}] tag#{n} UNKNOWN({x}) Result: hostbyte={w}',
      '[{dev}] tag#{n} {*}Result: hostbyte={x} driverbyte={*}',
      '[{dev}] FAILED Result: hostbyte={w}',
      '[{dev}]  Result: hostbyte={w}',
      '[{dev}] Result: hostbyte={w} driverbyte={w}',
      '[{dev}] {*}BRCM Debug mfi stat {x}',
      '[{dev}] {*}Sense Key : {Aborted Command|Not Ready|Data Protect|Unit Attention|Recovered Error|0x}{*}',
      '[{dev}] {*}ASC={x} ASCQ={x}',
      '[{dev}] {*}Add. Sense: {*}',
      '[{dev}] {*}Synchronize Cache(10) failed: Result:',
      '[{dev}] {*}Synchronizing SCSI cache failed',
      '[{dev}] Start/Stop Unit failed: Result: hostbyte',
      '[{dev}] Read Capacity({n}) failed: Result: hostbyte',
      '[{dev}] Test Unit Ready failed: Result: hostbyte',
      '[{dev}] Sense not available.',
      '[{dev}] {*}No reference tag error',
      '[{dev}] {*}uas_zap_pending {n} uas-tag {n} inflight',
      '[{dev}] tag#{w} FAILED Result:',
      '[{dev}] {*}Synchronize Cache({n}) failed',
      '[{dev}] tag#{n} Done: {FAILED|TIMEOUT_ERROR|NEEDS_RETRY}',
      '[{dev}] REPORT ZONES start lba {n} failed',
      '[{dev}] Unaligned partial completion (resid=',
      '[{dev}] {REPORT ZONES report invalid|Invalid zone at LBA|Invalid zone starting}',
      '[{dev}] tag#{n} {finish aborted command|bad sector size|mismatch count}',
      'io_callback: io failed, status = {n}',
      ...['srb', 'srb_callback', 'synchronize', 'hba_cmd_req', 'get_containers', 'get_config_status'].map(
        (name) => `aac_${name}: {*}failed`,
      ),
      '[{dev}] {Unhandled sense code|Discard failure|Unit Not Ready|READ CAPACITY failed|READ CAPACITY(16) failed}',
      '{dev}: No reference found at driver, assuming scmd',
      '^{sd|scsi|st} {dev}: reservation conflict',
      '{dev}: SCSI error: return code = {x}',
      'sd {dev}: Device not ready: ',
      'SCSI error : <{n} {n} {n} {n}> return code = {x}',
    ],
    except: [
      'Add. Sense: No additional sense',
      'Sense: ATA pass through information available',
      'Add. Sense: Medium not present',
      ' [sr{n}] ',
    ],
  },
]);
