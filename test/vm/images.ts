/**
 * What the tests' machines run: two images that are good, and bad ones made of the second, each signed and packed as an operator
 * does it. They are made once for a run of all the files (main.ts), or by the file that is run alone.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../cli/testing/run.ts';
import type { RootImage } from '../../packaging/images/root-image.ts';
import { FAULTS, type Fault, makeBadImage } from './bad-images.ts';
import { makeNodeImage, readNodeImage } from './node-image.ts';

/** Names the folder of images that were made already. */
export const IMAGES_VARIABLE = 'NODECTL_VM_IMAGES';
const [FIRST, SECOND] = ['1.0.0', '2.0.0'];

/** The images, in a folder. */
export class VmImages {
  readonly folder: string;
  readonly #own: boolean;

  private constructor(folder: string, own: boolean) {
    this.folder = folder;
    this.#own = own;
  }

  /** Takes those that this run has made, or makes them. */
  static open(): Promise<VmImages> {
    const made = process.env[IMAGES_VARIABLE];
    return made ? Promise.resolve(new VmImages(made, false)) : VmImages.make();
  }

  /** Makes them in a folder of their own, which remove() removes. */
  static async make(): Promise<VmImages> {
    const images = new VmImages(mkdtempSync(join(tmpdir(), 'nodectl-images-')), true);
    await offline('image', 'keygen', join(images.folder, 'release'), '--plain-keys');
    const [, second] = [FIRST, SECOND].map((version) => makeNodeImage(images.#place(version), version));
    assert.ok(second);
    await images.#pack(images.first, 1);
    await images.#pack(second, 2);
    for (const fault of FAULTS) {
      const bad = makeBadImage(images.#place(fault), second, fault);
      await images.#pack(bad, 3);
      rmSync(bad.root);
    }
    rmSync(second.root);
    return images;
  }

  /** The image that machines are installed with, 1.0.0. */
  get first(): RootImage {
    return readNodeImage(this.#place(FIRST));
  }

  /** The version of an image that does not run, made of 2.0.0. */
  bad(fault: Fault): string {
    return `${SECOND}-${fault}`;
  }

  /** The archive of an image. @param version 1.0.0, 2.0.0, or what `bad` gives */
  archive(version: string): string {
    return join(this.folder, `${version}.oci.tar`);
  }

  /** The public key that all are signed with, in PEM. */
  get publicKey(): Buffer {
    return readFileSync(join(this.folder, 'release.pub.pem'));
  }

  /** Removes them, unless others use them as well. */
  remove(): void {
    if (this.#own) rmSync(this.folder, { recursive: true, force: true });
  }

  #place(name: string): string {
    return join(this.folder, name);
  }

  async #pack({ root, kernel, version, commandLine }: RootImage, serial: number): Promise<void> {
    await offline(
      ...['image', 'build', '--root', root, '--kernel', kernel, '--version', version],
      ...['--serial', String(serial), '--cmdline', commandLine, '--progress', 'none'],
      ...['--key', join(this.folder, 'release.key'), '-o', this.archive(version)],
    );
  }
}

/** Runs a command that needs no node. */
async function offline(...argv: string[]): Promise<void> {
  const { status, stderr } = await runCli(argv, {});
  assert.equal(status, 0, stderr);
}
