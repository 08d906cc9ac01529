/** What drivers count under names of their own: the quantities that they have in common, and what each means. */

/** The quantities. Counts are of frames or events since the driver was loaded. */
export const QUANTITIES = {
  crc: 'frames received with a wrong checksum: cable, connector or optic',
  symbol: 'errors of the line code: cable, connector or optic',
  alignment: 'frames that end within a byte: cable, or duplex that differs',
  length: 'frames that are too short or too long: an MTU that differs, or a collision',
  jabber: 'fragments and over-long broken frames: cable, or duplex that differs',
  missed: 'frames lost because the ring had no free buffer: the machine was too slow',
  starved: 'frames that found the ring without a buffer, lost or kept in the NIC until one was free',
  fifo: 'frames lost because the NIC’s own buffer was full: PCI Express or memory was too slow',
  receiveErrors: 'frames received broken, for other reasons',
  transmitErrors: 'frames that could not be sent',
  underrun: 'frames cut off because the NIC did not get their data in time',
  carrier: 'frames lost because the carrier went away while they were sent',
  lateCollisions: 'collisions after the first 64 bytes: duplex that differs, or a cable that is too long',
  collisions: 'collisions: half duplex',
  transmitDrops: 'frames dropped before they were sent',
  timeouts: 'transmit queues that stood still until the kernel gave them up',
  resets: 'resets of the device or its queues',
  pauseReceived: 'pause frames from the other side: it cannot take more',
  pauseSent: 'pause frames to the other side: this machine cannot take more',
  pauseStorm: 'times that the device paused the link for so long that its firmware stepped in',
  checksum: 'packets with a wrong IP, TCP or UDP checksum',
  allocation: 'buffers that could not be allocated',
  dma: 'transfers that could not be mapped or failed',
  pci: 'errors and stalls of PCI Express as the device saw them',
  fecCorrected: 'blocks that error correction repaired',
  fecUncorrected: 'blocks that error correction could not repair',
  linkDown: 'times that the link went down',
  linkChange: 'times that the link came or went',
  linkFault: 'faults of the line that one of both sides signalled',
  module: 'troubles of the pluggable module: too hot, its bus stuck, unplugged',
  allowance: 'packets queued or dropped because an instance’s allowance was used up',
  eee: 'errors while leaving Energy-Efficient Ethernet’s sleep',
  firmware: 'commands to the device’s firmware that it never answered',
} as const;

/** A quantity. */
export type Quantity = keyof typeof QUANTITIES;
