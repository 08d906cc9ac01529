/** Builds of the agent for tests, small ones that run from the source, and releases that are made of them. */

import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Packed, type PackOptions, packRelease } from '../../cli/release/pack.ts';

const top = join(import.meta.dirname, '..', '..');

/** What the agent of a build does: serve, end at once, or do nothing at all. */
export type Behaviour = 'good' | 'crashes' | 'hangs';

/** What a build is made of. */
export interface BuildOptions {
  version: string;
  behaviour?: Behaviour;
  platform?: string;
  /** The module of the agent, agent/main.ts or a bundle of it, as the node sees it. */
  main?: string;
  /** The shell script in the place of the runtime; by default it leads to the one that this runs on. */
  runtime?: string;
}

/** Makes a folder as `npm run build` does. Its runtime is a script that leads to the real one, so that it is small. */
export function makeBuild(folder: string, options: BuildOptions): void {
  const { version, behaviour = 'good', platform = `${process.platform}-${process.arch}` } = options;
  const { main = join(top, 'agent', 'main.ts'), runtime = `exec ${process.execPath} "$@"` } = options;
  mkdirSync(join(folder, 'lib', 'chunks'), { recursive: true });
  const code: Record<Behaviour, string> = {
    good: `globalThis.NODECTL_VERSION = ${JSON.stringify(version)};
const { main } = await import(${JSON.stringify(main)});
process.exitCode = await main({
  args: process.argv.slice(2), env: process.env,
  stdout: (text) => process.stdout.write(text), stderr: (text) => process.stderr.write(text),
});`,
    crashes: "console.error('this agent crashes'); process.exit(3);",
    hangs: "console.error('this agent hangs'); setInterval(() => {}, 1e9);",
  };
  writeFileSync(join(folder, 'lib', 'nodectl-agent.mjs'), `// ${version}\n${code[behaviour]}\n`);
  writeFileSync(join(folder, 'lib', 'node'), `#!/bin/sh\n${runtime}\n`, { mode: 0o755 });
  // Something that compresses badly, so that there is something to send, and the same in every build.
  writeFileSync(join(folder, 'lib', 'chunks', 'data.mjs'), readFileSync(join(top, 'package-lock.json')));
  writeFileSync(join(folder, 'agent.json'), JSON.stringify({ version, platform }));
  for (const [script, name] of [
    ['nodectl-agent.sh', 'nodectl-agent'],
    ['nodectl-agent-revert.sh', 'nodectl-agent-revert'],
  ] as const) {
    copyFileSync(join(top, 'packaging', script), join(folder, name));
    chmodSync(join(folder, name), 0o755);
  }
}

/** A pair of keys: the private one's file, and a folder with the public one, as nodes have it. */
export function makeReleaseKey(folder: string, name = 'release'): { key: string; trusted: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = join(folder, `${name}.pem`);
  const trusted = join(folder, `${name}.trusted`);
  mkdirSync(trusted, { recursive: true });
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  writeFileSync(join(trusted, `${name}.pem`), publicKey.export({ type: 'spki', format: 'pem' }));
  return { key, trusted };
}

/** Makes a build and a release of it, `<folder>.tar`. */
export async function makeRelease(
  folder: string,
  build: BuildOptions,
  { keys, ...pack }: { keys: string[]; serial: number } & Partial<Omit<PackOptions, 'keys'>>,
): Promise<Packed & { file: string }> {
  makeBuild(folder, build);
  const file = `${folder}.tar`;
  const { signal } = new AbortController();
  const signers = keys.map((path) => createPrivateKey(readFileSync(path)));
  return { ...(await packRelease({ folder, out: file, force: true, signal, keys: signers, ...pack })), file };
}
