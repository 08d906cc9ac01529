/** A fleet of one virtual machine: its PKI, the machine that runs now, and nodectl as an operator would run it. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addContext } from '../../cli/context/edit.ts';
import { runCli } from '../../cli/testing/run.ts';
import type { LoaderKind } from '../../packaging/images/loader.ts';
import { openChannel } from '../../proto/call/open.ts';
import { type TestPki, testPki } from '../support/pki.ts';
import { freePorts, type MachinePorts, VirtualMachine } from './machine.ts';
import { firmwareOf } from './node-disk.ts';

/** Software emulation on a busy machine takes many times as long as a boot. */
const PATIENCE_MS = 300_000;
/** The node's name. */
export const NODE = 'vm-1';

/** The fleet. */
export class VmFleet {
  readonly pki: TestPki;
  readonly #folder: string;
  readonly #ports: MachinePorts;
  #vm: VirtualMachine | undefined;

  private constructor(folder: string, pki: TestPki, ports: MachinePorts) {
    this.#folder = folder;
    this.pki = pki;
    this.#ports = ports;
  }

  /** Makes a PKI and an operator with the role admin. @param folder is made */
  static async make(folder: string): Promise<VmFleet> {
    mkdirSync(folder);
    const fleet = new VmFleet(folder, testPki(), await freePorts());
    const { key, chain } = await fleet.pki.operator('alice', 'admin');
    writeFileSync(join(folder, 'alice.pem'), key + chain, { mode: 0o600 });
    return fleet;
  }

  /** The machine that was started last. */
  get vm(): VirtualMachine {
    if (!this.#vm) throw new Error('no machine was started');
    return this.#vm;
  }

  /** Starts a disk; who was talking to the machine before finds it at the same address. */
  async boot({ disk, loader, folder }: { disk: string; loader: LoaderKind; folder: string }): Promise<void> {
    this.#vm = new VirtualMachine({ disk, firmware: firmwareOf(loader), folder, ports: this.#ports });
    const entry = {
      trust: join(this.pki.folder, 'pki/root.crt'),
      credential: join(this.#folder, 'alice.pem'),
      issuer: '',
      nodes: [{ name: NODE, addresses: [this.vm.addresses.usual], labels: {} }],
    };
    await addContext(this.#contexts, 'vm', entry, { use: true, replace: true });
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
      open: openChannel,
    });
  }

  /** Whether the node answers. */
  async answers(): Promise<boolean> {
    return (await this.within('8s', 'version')).status === 0;
  }

  /** Asks until something holds. @throws Error with the console after five minutes, or when the machine has ended */
  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!(await holds())) {
      if (Date.now() > end || !this.vm.running)
        throw new Error(`waited in vain until ${what}:\n${this.vm.console}`);
      await sleep(500);
    }
  }

  /** Ends the machine and removes the PKI. */
  async remove(): Promise<void> {
    await this.#vm?.stop();
    this.pki.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
