/** Issuers in processes of their own that are killed at any moment: what was answered is remembered, and nothing else is broken. */

import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createRequest, newKey } from '../csr.ts';
import { initStore } from '../store.ts';
import { Issuer } from './issuer.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-killed-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const authorityFolder = join(folder, 'pki');
initStore(authorityFolder, { plain: true });

let states = 0;
const options = () => ({ authorityFolder, stateFolder: join(folder, `state-${states++}`) });

/** Enrols node after node and says of each that it was answered; ends when it is killed. */
const ENDLESS = join(folder, 'endless.ts');
writeFileSync(
  ENDLESS,
  `
import { createRequest, newKey } from ${JSON.stringify(join(import.meta.dirname, '../csr.ts'))};
import { Issuer } from ${JSON.stringify(join(import.meta.dirname, 'issuer.ts'))};
const issuer = new Issuer(JSON.parse(process.argv[2]));
const csr = createRequest(newKey(), 'n');
for (let n = Number(process.argv[3]); ; n++) {
  const name = 'n' + n;
  const { token } = issuer.createToken(name, 0);
  process.send({ token, name });
  const { identity } = issuer.enrol(token, { csr, addresses: [], labels: {} });
  await new Promise((resolve) => process.send({ name, serial: identity.serial }, resolve));
}
`,
);

type Said = { token: string; name: string } | { name: string; serial: string };

/** Runs an endless issuer until so many nodes were answered and a moment longer, kills it, and gives what it had said. */
async function runAndKill(
  made: ReturnType<typeof options>,
  from: number,
  answers: number,
  extraMs: number,
): Promise<Said[]> {
  const child: ChildProcess = fork(ENDLESS, [JSON.stringify(made), String(from)], { stdio: 'inherit' });
  const said: Said[] = [];
  let answered = 0;
  child.on('message', (message) => {
    said.push(message as Said);
    if ('serial' in (message as Said) && ++answered === answers)
      setTimeout(() => child.kill('SIGKILL'), extraMs);
  });
  await once(child, 'exit');
  assert.equal(child.signalCode, 'SIGKILL', 'the issuer ended by itself');
  return said;
}

test('an issuer that is killed remembers every answer, and its folder is free at once', async () => {
  const made = options();
  const csr = createRequest(newKey(), 'n');
  const answered = new Map<string, string>();
  let from = 0;
  for (let round = 0; round < 12; round++) {
    const said = await runAndKill(made, from, 3, round * 0.7);
    for (const one of said) if ('serial' in one) answered.set(one.name, one.serial);
    const issuer = new Issuer(made);
    try {
      for (const [name, serial] of answered)
        assert.equal(issuer.listNodes('', 10_000).find((node) => node.name === name)?.serial, serial, name);
      // The token whose answer nobody saw: it either works still or was used; it is never unknown.
      const last = said.findLast((one) => 'token' in one);
      assert.ok(last && 'token' in last);
      const enrol = () => issuer.enrol(last.token, { csr, addresses: [], labels: {} });
      if (issuer.listNodes('', 10_000).some((node) => node.name === last.name))
        assert.throws(enrol, { reason: 'TOKEN_USED' });
      else answered.set(last.name, enrol().identity.serial);
    } finally {
      issuer.close();
    }
    from += 1_000;
  }
  assert.ok(answered.size >= 36);
});

test('two issuers never work in one folder, not even in different processes', async () => {
  const made = options();
  const child = fork(ENDLESS, [JSON.stringify(made), '0'], { stdio: 'inherit' });
  await once(child, 'message');
  assert.throws(() => new Issuer(made), { reason: 'ISSUER_BUSY' });
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  const issuer = new Issuer(made);
  assert.throws(() => new Issuer(made), { reason: 'ISSUER_BUSY' });
  issuer.close();
  new Issuer(made).close();
});

test('of twenty who race for one token, one is enrolled', async () => {
  const issuer = new Issuer(options());
  const { token } = issuer.createToken('web-1', 0);
  const requests = Array.from({ length: 20 }, () => createRequest(newKey(), 'web-1'));
  const results = await Promise.allSettled(
    requests.map(async (csr) => issuer.enrol(token, { csr, addresses: [], labels: {} })),
  );
  const reasons = results.flatMap((one) => (one.status === 'rejected' ? [one.reason.reason] : []));
  assert.deepEqual(reasons, Array(19).fill('TOKEN_USED'));
  issuer.close();
});

/** Bytes that this process has written, as proc_pid_io(5) counts them: rewrites of a file count too. */
const written = () => Number(/^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
const skip = existsSync('/proc/self/io') ? false : 'this kernel does not count what a process writes';

test('what a thousand nodes cost in bytes grows with their number and not with its square', { skip }, () => {
  const made = options();
  const issuer = new Issuer(made);
  const csr = createRequest(newKey(), 'n');
  const at = [written()];
  for (let n = 1; n <= 1_000; n++) {
    const { token } = issuer.createToken(`n${n}`, 0);
    const { identity } = issuer.enrol(token, { csr, addresses: [`10.0.0.1:${n}`], labels: { rack: 'a' } });
    for (let times = 0; times < 5; times++)
      issuer.updateNode(identity.name, { setLabels: { round: `${times}` }, removeLabels: [], addresses: [] });
    if (n % 500 === 0) at.push(written());
  }
  issuer.close();
  const [start = 0, half = 0, end = 0] = at;
  assert.ok(
    end - half < 2 * (half - start),
    `${half - start} bytes for the first 500, ${end - half} for more`,
  );
  assert.ok(statSync(join(made.stateFolder, 'register.jsonl')).size < 10_000_000);
  const again = new Issuer(made);
  assert.equal(again.listNodes('', 10_000).length, 1_000);
  again.close();
});
