/** A virtual machine: QEMU without hardware help, its console kept, its agent's port on loopback at each address that it may have. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../bench/rig/process.ts';
import type { Image } from './image.ts';

const MEMORY_MB = 1_024;
/** The console's last characters that are kept for messages. */
const KEPT = 20_000;

/** Addresses that the guest has: the one that its image gives it, and one that a test moves it to. */
const GUEST = { usual: '10.0.2.15', moved: '10.0.2.99' } as const;

/** A running virtual machine. */
export class VirtualMachine {
  /** Where the guest's agent is reached while it has its usual address, and while it has the other one: "HOST:PORT". */
  readonly addresses: Readonly<Record<keyof typeof GUEST, string>>;
  readonly #process: ChildProcess;
  readonly #control: string;
  #console = '';

  private constructor(image: Image, folder: string, ports: Readonly<Record<keyof typeof GUEST, number>>) {
    this.#control = join(folder, `qmp-${ports.usual}`);
    this.addresses = { usual: `127.0.0.1:${ports.usual}`, moved: `127.0.0.1:${ports.moved}` };
    const forwarded = (['usual', 'moved'] as const).map(
      (which) => `hostfwd=tcp:${this.addresses[which]}-${GUEST[which]}:7443`,
    );
    const network = ['user,id=n0,restrict=on,ipv6=off', ...forwarded].join();
    this.#process = spawn(
      'qemu-system-x86_64',
      [
        ...[
          '-nodefaults',
          '-no-user-config',
          '-display',
          'none',
          '-machine',
          'q35',
          '-cpu',
          'max',
          '-smp',
          '2',
        ],
        ...[
          '-accel',
          'tcg,thread=multi,tb-size=256',
          '-m',
          String(MEMORY_MB),
          '-monitor',
          'none',
          '-serial',
          'stdio',
        ],
        ...['-qmp', `unix:${this.#control},server=on,wait=off`, '-no-reboot'],
        ...['-netdev', network, '-device', 'virtio-net-pci,netdev=n0,romfile='],
        ...['-object', 'rng-random,id=r0,filename=/dev/urandom', '-device', 'virtio-rng-pci,rng=r0'],
        ...[
          '-drive',
          `if=none,id=d0,file=${image.disk},format=raw,cache=unsafe`,
          '-device',
          'nvme,drive=d0,serial=d0',
        ],
        ...['-kernel', image.kernel, '-append'],
        // Without init= a missing one would end in a shell that waits for ever.
        'root=/dev/nvme0n1 rw console=ttyS0 init=/usr/lib/systemd/systemd panic=5 quiet net.ifnames=1',
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const keep = (part: Buffer) => {
      this.#console = (this.#console + part.toString()).slice(-KEPT);
    };
    this.#process.stdout?.on('data', keep);
    this.#process.stderr?.on('data', keep);
  }

  /** Starts an image; what the machine needs is put into a folder. */
  static async start(image: Image, folder: string): Promise<VirtualMachine> {
    return new VirtualMachine(image, folder, { usual: await freePort(), moved: await freePort() });
  }

  /** The end of what its console showed. */
  get console(): string {
    return this.#console;
  }

  /** Whether it still runs. */
  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Presses the power button, and waits until the guest has shut down in good order. */
  async shutDown(): Promise<void> {
    const socket = connect(this.#control);
    await once(socket, 'data');
    // The protocol is one JSON object a line; the first command opens it.
    socket.write('{"execute": "qmp_capabilities"}\n');
    await once(socket, 'data');
    const ended = once(this.#process, 'exit');
    socket.write('{"execute": "system_powerdown"}\n');
    await ended;
    socket.destroy();
  }

  /** Switches it off. */
  async stop(): Promise<void> {
    if (!this.running) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}
