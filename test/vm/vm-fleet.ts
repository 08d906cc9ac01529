/** A fleet of one virtual machine: its PKI, the machine that runs now, and nodectl as an operator would run it. */

import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addContext } from '../../cli/context/edit.ts';
import { runCli } from '../../cli/testing/run.ts';
import type { LoaderKind } from '../../packaging/images/loader.ts';
import { openChannel } from '../../proto/call/open.ts';
import { type TestPki, testPki } from '../support/pki.ts';
import { VmImages } from './images.ts';
import { PORTS, VirtualMachine } from './machine.ts';
import { firmwareOf, makeNodeDisk } from './node-disk.ts';

/** Software emulation on a busy machine takes many times as long as a boot. */
const PATIENCE_MS = 600_000;
/** The node's name. */
const NODE = 'vm-1';

/** The fleet. */
export class VmFleet {
  readonly images: VmImages;
  readonly #folder: string;
  readonly #pki: TestPki;
  readonly #host = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  readonly #loader: LoaderKind;
  #disk = '';
  #vm: VirtualMachine | undefined;

  private constructor(images: VmImages, loader: LoaderKind) {
    this.images = images;
    this.#folder = mkdtempSync(join(tmpdir(), 'nodectl-vm-'));
    this.#pki = testPki();
    this.#loader = loader;
  }

  /** Makes a machine that was installed with the first image, a PKI, and an operator with the role admin. Nothing runs yet. */
  static async make(loader: LoaderKind): Promise<VmFleet> {
    const fleet = new VmFleet(await VmImages.open(), loader);
    const { images } = fleet;
    const [folder, pki] = [fleet.#folder, fleet.#pki];
    const { key, chain } = await pki.operator('alice', 'admin');
    const credential = join(folder, 'alice.pem');
    writeFileSync(credential, key + chain, { mode: 0o600 });
    fleet.#disk = await makeNodeDisk({ folder, node: NODE, pki, images, loader });
    for (const context of ['moved', 'usual'] as const) {
      const nodes = [{ name: NODE, addresses: [`${fleet.#host}:${PORTS[context]}`], labels: {} }];
      const entry = { trust: join(pki.folder, 'pki/root.crt'), credential, issuer: '', nodes };
      await addContext(fleet.#contexts, context, entry, { use: true, replace: true });
    }
    return fleet;
  }

  /** The machine that was started last. */
  get vm(): VirtualMachine {
    if (!this.#vm) throw new Error('no machine was started');
    return this.#vm;
  }

  /** Starts the machine; who was talking to it before finds it at the same addresses. */
  boot(): void {
    const firmware = firmwareOf(this.#loader);
    this.#vm = new VirtualMachine({ disk: this.#disk, firmware, folder: this.#folder, host: this.#host });
  }

  get #contexts(): string {
    return join(this.#folder, 'config.yaml');
  }

  /** Runs nodectl on the node. */
  nodectl(...argv: string[]) {
    return this.within('1m', ...argv);
  }

  /** Runs nodectl on the node with a time limit for each call. */
  within(timeout: string, ...argv: string[]) {
    return runCli([...argv, '-n', NODE, '--timeout', timeout], {
      env: { NODECTL_CONFIG: this.#contexts },
      open: (target, signal) => {
        // Who follows an upgrade would wait half an hour for a machine that is no more.
        const { lost } = this.vm;
        return lost ? Promise.reject(new Error(lost)) : openChannel(target, signal);
      },
    });
  }

  /**
   * Whether the node answers at an address. Shortly: the connection to an address that is away for a while is made as soon as it is
   * back, and who waits that long takes a node that was cut off for one that is slow.
   */
  async answers(context: 'usual' | 'moved' = 'usual'): Promise<boolean> {
    return (await this.within('8s', 'version', '--context', context)).status === 0;
  }

  /** Asks until something holds. @throws Error with the console after ten minutes, or when the machine has ended */
  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!(await holds())) {
      if (Date.now() > end || !this.vm.running)
        throw new Error(`waited in vain until ${what}:\n${this.vm.console}\n${this.vm.lost ?? ''}`);
      await sleep(500);
    }
  }

  /** Ends the machine, and removes all that was made. */
  async remove(): Promise<void> {
    await this.#vm?.stop();
    this.#pki.remove();
    this.images.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
