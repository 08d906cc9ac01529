/** Words by which lines of storage are told that TROUBLE (trouble-words.ts) does not have: they tell of one in its drivers only. */

/** Words of drivers of disk controllers: a part of a template. */
export const STORAGE_TROUBLE =
  '{bad |Bad |BAD |ismatch|nderflow|nderrun|verrun|nplugged| is gone|nsupported|ot supported|alling back|eset device|esetting| no memory|ut of memory|nrecogni|nconsistent|nknown |llegal |No resources| missing|ropping|giving up|egraded|DEGRADED| offline|OFFLINE|redictive|oo large|oo small|oo many|ncompatible|ncorrect|not functional|ime out|xhausted|utstanding during|data changed|as status|SCSI status|SCSI Status|heck condition|firmware dump|Firmware dump|rash dump|eset reason|eset successful|HBA reset|emoving handle|: removed |FAULT |not cleared|ecoverable|Port Down|Port Status|monitor panic|health - |dead_ioc|etrying| not online|ut of range|reset active|as been removed|is Blocked|eartbeat|ropped|runcated|Ran out|o WQE|Wrong |Host Reset|evice busy|exceeded|ot found|state change detected|nit attention|ot a valid|hrottling|problem|Status:x|out of buffers|premature|wrong state|still outstanding|lockup|outstanding commands|not grant|did not succeed|umping|RSCN|o retry|ailed to |nable to }';

/** What a disk controller's driver says with such a word on a machine that is well. */
export const STORAGE_HARMLESS = [
  '{ffline|egraded|issing}{: 0| count|=0}',
  'set to',
  '{Jbod map|MSI-X|msix|Smart Path} is not supported',
  '{msix|aborts|MSI-X} not supported',
  'Unknown scsi opcode',
  'Firmware {download|Activation}',
  'Disabling NVME support',
];
