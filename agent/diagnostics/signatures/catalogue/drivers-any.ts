/**
 * What a driver that no signature knows says of its device: a name and an address of the PCI bus at the beginning, and a word such
 * as "timed out" behind them. They come last: what the device is for is not known, only how grave the words are. In half a million
 * lines of saved boots they found six lines, each of which says that something failed.
 */

import { group, type Signature } from '../signature.ts';
import { HARMLESS } from './trouble-words.ts';

/** What any driver says. */
export const ANY_DRIVER: readonly Signature[] = group(
  {
    family: 'pcie',
    severity: 'warning',
    device: 'pci',
    about:
      'A driver says of its device that it does not answer, could not be set up or has a fault of hardware.',
    remedy: {
      text: 'Look up the driver that the line names; update the firmware of its device, and the kernel.',
      risk: 'none',
    },
  },
  [
    {
      name: 'driver-fault',
      title: 'A driver reports that its device does not work',
      lines: [
        '^{w} {pci}{*}{timed out|imeout waiting|imeout while|imeout on |not respond|no response|is hung| hang detected|atal error|FATAL|ncorrectable|nrecoverable|nitialization failed|nitialisation failed|ailed to initiali|nit failed|probe failed|eset failed|ailed to reset|iving up|is dead|ardware error|arity error|ECC error|verheat|irmware crash|irmware error|irmware hang|ot recoverable|ailed to recover|ecovery failed|ailed to resume|evice lost|ailed to start|irmware is not|irmware not|nternal error|ommand failed}',
      ],
      // Sound, and what the bus itself says of windows that no firmware has room for.
      except: [
        ...HARMLESS,
        '{e|E}rrors unmasked',
        'successful',
        '^{snd|pci }',
        '^{sof-|sst_|avs_|nouveau|radeon|vmwgfx}',
        '{retrying|alling back|trying }',
        // Of virtual machines: their slots are taken by another driver of hot plugging.
        '^shpchp ',
      ],
    },
    {
      name: 'driver-probe-no-answer',
      severity: 'info',
      title: 'A driver could not take on a device that did not answer',
      about:
        'The device timed out or broke the rules of its bus, and is not used. Boards describe more parts than they have, so it may be of no weight.',
      lines: [
        '{dev}: probe with driver {w} failed with error -{110|71|121|62}$',
        '{w}: probe of {dev} failed with error -{110|71|121|62}$',
      ],
      except: HARMLESS,
    },
    {
      name: 'driver-note',
      severity: 'info',
      title: 'A driver reports that something failed',
      about: 'What failed is known to the driver alone: a part of its device, a setting, a request.',
      // Adapters are the first device of their bus: by that few lines are looked at closely.
      lines: [
        '^{i801_smbus|i2c_designware} {dev}: {*}{imeout|imed out|busy}',
        'i2c_designware {dev}: Unknown Synopsys component type',
        'mei_me {dev}: {wait hw ready failed|hw_start failed|unexpected reset: dev_state|link layer initialization failed|initialization failed}',
        'pl330 {dev}: Reset Channel-',
        'mhi {dev}: {Device failed to enter MHI Ready|System error detected|Device link is not accessible}',
        '^{w} {x}:{x}:00.{n}{*}{ failed|ailed to |nable to |rror: |error -}',
      ],
      except: [
        ...HARMLESS,
        '^{snd|pci |pcieport |sof-|sst_|avs_|yenta|intel-spi|udevd|systemd}',
        '{retrying|alling back|trying |will try |debugfs|alternate|likely a firmware bug|o error|deferred|assuming}',
        'broken BIOS',
        'i915 component',
        '{F|f}irmware: failed to load',
        '{F|f}irmware load for',
      ],
    },
  ],
);
