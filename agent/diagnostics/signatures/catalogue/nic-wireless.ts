/** Wireless adapters whose firmware crashed or does not answer. Sources: drivers/{net/wireless/{broadcom,intel,ath,mediatek,realtek,marvell},bluetooth}. */

import { group, type Signature } from '../signature.ts';

/** Wireless adapters. */
export const WIRELESS: readonly Signature[] = group(
  {
    family: 'nic-reset',
    severity: 'warning',
    device: 'nic',
    about:
      'The firmware of a wireless adapter crashed, or did not answer its driver. Its connection is cut while the driver starts it anew.',
    remedy: {
      text: 'Update the adapter’s firmware package and the kernel; on a board, look at its supply and turn off power saving (iw dev wlan0 set power_save off).',
      risk: 'connection',
    },
    explains: ['kernel-log.link-down'],
  },
  [
    {
      name: 'wireless-firmware',
      title: 'The firmware of a wireless adapter crashed or does not answer',
      lines: [
        'brcmfmac: {*}{HT Avail timeout|firmware trap in dongle|irmware has halted or crashed|irmware halted|resumed on timeout|ailed w/status -110|max tx seq number error|bus is down|rxglom|CONTROL TIMEOUT}',
        'brcmf_escan_timeout: timer expired',
        'brcmfmac {dev}: {*}{irmware has halted or crashed|resumed on timeout}',
        'iwlwifi {dev}: {Microcode SW error detected|HW error, resetting|Hardware error detected|Failed to start RT ucode|MAC is in deep sleep|Timeout waiting for }',
        'iwlwifi {dev}: Queue {n} {is active on fifo|is inactive on fifo|stuck for}',
        'iwlwifi {dev}: {Could not load the [|FW error in SYNC CMD|fail to flush all tx fifo queues|HCMD_ACTIVE already clear}',
        'iwlwifi {dev}: Error sending {w} time out after',
        'iwlwifi {dev}: {Failing on timeout while stopping DMA|Failed to wake NIC|Failed to run INIT ucode|Fseq Registers:$}',
        'ath{10k_pci|10k_sdio|10k_snoc|11k|11k_pci|12k|12k_pci} {dev}: {firmware crashed|failed to wake target|SWBA overrun|device has crashed during init|could not suspend target}',
        'ath{10k_pci|10k_sdio|10k_snoc|11k|11k_pci|12k|12k_pci} {dev}: wmi command {n} timeout',
        'ath{10k_pci|10k_sdio|10k_snoc|11k|11k_pci|12k|12k_pci} {dev}: {Service connect timeout|failed to start core|failed to connect to HTC|failed to power up mhi|failed to receive wmi unified ready|failed to receive control response|ctl_resp never came in|wmi service ready event not received|failed to receive scan abort}',
        'ath{10k_pci|10k_sdio|10k_snoc|11k|11k_pci|12k|12k_pci} {dev}: {could not init core|failed to reset chip|qmi wlan fw ready indication timeout|failed to set mhi state|firmware register dump:}',
        'ath: phy{n}: {Failed to stop TX DMA|DMA failed to stop|Chip reset failed|Could not stop RX|Unable to reset channel}',
        'ieee80211 {dev}: Hardware restart was requested',
        'mt{w} {dev}: Message {x} (seq {n}) timeout',
        'mt{w} {dev}: {chip full reset failed|driver own failed|Firmware is not ready for download|mcu timeout}',
        'mt{w} {dev}: vendor request req:{x} off:{x} failed:{n}',
        'rtw{w} {dev}: {firmware failed to|failed to send h2c|timed out to flush queue|failed to leave lps|fw crash|firmware crash|xtal si not ready}',
        'mwifiex{w} {dev}: {mwifiex_cmd_timeout_func: Timeout|firmware wakeup failed|Firmware wakeup failed|card reset}',
      ],
    },
    {
      name: 'bluetooth-silent',
      severity: 'info',
      title: 'A Bluetooth adapter does not answer',
      about: 'It was not set up, or does not take commands; what is connected by it is cut off.',
      remedy: { text: 'Update the adapter’s firmware package and the kernel.', risk: 'none' },
      explains: [],
      lines: [
        'Bluetooth: {dev}{:|} command {*}tx timeout',
        'Bluetooth: {dev}: Opcode {x} failed: -110',
        'Bluetooth: {dev}{:|} urb {w} {failed to resubmit|submission failed}',
        'Bluetooth: {dev}: {Execution of wmt command timed out|Failed to send wmt |Failed to set up firmware|Failed to write uhw reg|Failed to send firmware data|FW download error recovery failed|hardware error 0x|Timeout waiting for |BCM: Reset failed (-|Injecting HCI hardware error}',
      ],
    },
  ],
);
