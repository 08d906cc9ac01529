/**
 * What drivers of graphics processors and of USB controllers say of a trouble in words that no other signature knows: the driver's
 * name, and a word such as "failed" behind it. They come last, and only inform, since such a line may be of little weight.
 */

import { group, type Signature } from '../signature.ts';
import { HARMLESS, TROUBLE } from './trouble-words.ts';

const GRAPHICS = group(
  {
    family: 'gpu',
    severity: 'info',
    device: 'gpu',
    about:
      'The driver of a graphics processor could not do something. Where nobody looks at its screen, it may be of no weight.',
    remedy: { text: 'Update the kernel and the firmware package of the graphics processor.', risk: 'reboot' },
    except: HARMLESS,
  },
  [
    {
      name: 'gpu-not-set-up',
      severity: 'warning',
      title: 'A driver could not set up a graphics processor',
      about:
        'The card cannot be used; nothing that ran is lost. Where nobody computes on it, it may be of no weight.',
      lines: [
        '{amdgpu|radeon|nouveau|nvidia|i915|habanalabs}: probe of {dev} failed with error -{n}',
        '{amdgpu|radeon|nouveau|nvidia|i915|xe|habanalabs} {dev}: probe with driver {w} failed with error -{n}',
        'amdgpu {dev}: {*}Fatal error during GPU init',
        '[drm{*}] *ERROR* {hw_init|sw_init|early_init} of IP block {*} failed',
        'amdgpu {dev}: {*}{hw_init|sw_init} of IP block {*} failed',
        'amdgpu {dev}: {*}amdgpu_device_ip_init failed',
        'nouveau {dev}: {gsp: init failed|DRM: failed to create kernel channel|sec2(gsp):booter-load: boot failed}',
      ],
    },
    {
      name: 'gpu-driver-fault',
      severity: 'warning',
      title: 'The driver of a graphics processor reports that it does not get on',
      about:
        'The processor did not answer its driver, hung or has a fault of hardware; what ran on it may be lost.',
      lines: [
        ...['amdgpu', 'radeon', 'nouveau', 'i915', 'xe', 'habanalabs'].map(
          (name) =>
            `${name} {domain}:{w}: {*}{failed to respond|not respond|is hung| hang|imed out|eset failed|eset FAILED|ncorrectable|nrecoverable|evice lost|wedged|atal error|parity error|ailed to resume|esume failed}`,
        ),
        '[drm{*}] *ERROR* {*}{not responding|test failed|eset failed|eset FAILED}',
        '{i915|xe} {dev}: [drm] {*}{GUC: load failed|CT: No response for request|GuC load failed|firmware: load failed}',
      ],
    },
    {
      name: 'gpu-driver',
      title: 'The driver of a graphics processor reports a trouble',
      lines: [
        '[drm{*}] *ERROR* ',
        '[drm{*}ERROR :',
        'Resetting chip after gpu hang',
        'stuck on {render|blitter|bsd|video} ring',
        'VRAM is lost due to GPU reset',
        `amdgpu {dev}: {*}${TROUBLE}`,
        `amdgpu: {*}${TROUBLE}`,
        `radeon {dev}: {*}${TROUBLE}`,
        `nouveau {dev}: {*}${TROUBLE}`,
        `i915 {dev}: {*}${TROUBLE}`,
        `xe {pci}: [drm] {*}${TROUBLE}`,
        'nvidia-modeset: ERROR: ',
        `nvidia-uvm: {*}${TROUBLE}`,
      ],
      except: [
        ...HARMLESS,
        'ta ucode is not available',
        'optional ',
        'vgaarb: ',
        'FIFO underrun',
        'Cannot find any crtc',
        'vmw_host_',
        'system memory bandwidth',
        'Discarding overwritten w/a',
      ],
    },
  ],
);

const BUSES = group(
  {
    family: 'usb',
    severity: 'info',
    device: 'usb',
    about: 'A USB controller or the way to a device did not work for a moment.',
    remedy: { text: 'Try another port and cable, without a hub; update the board’s firmware.', risk: 'none' },
    except: HARMLESS,
  },
  [
    {
      name: 'usb-host-driver',
      title: 'The driver of a USB controller reports a trouble',
      lines: [
        `xhci_hcd {dev}: {*}${TROUBLE}`,
        `xhci-hcd {dev}: {*}${TROUBLE}`,
        `tegra-xusb {dev}: {*}${TROUBLE}`,
        'usb {dev}: Failed to set U{n} timeout',
        'pci {dev}: xHCI HW {not ready after|did not halt within}',
        'usb {dev}: {cmd cmplt err|data cmplt err|stat urb: }',
        `ehci_hcd {dev}: {*}${TROUBLE}`,
        `ohci_hcd {dev}: {*}${TROUBLE}`,
        `uhci_hcd {dev}: {*}${TROUBLE}`,
        `hub {dev}: hub_{*}${TROUBLE}`,
      ],
      except: [...HARMLESS, 'no USB'],
    },
  ],
);

/** What other drivers say in words of their own. */
export const OTHER_DRIVERS: readonly Signature[] = [...GRAPHICS, ...BUSES];
