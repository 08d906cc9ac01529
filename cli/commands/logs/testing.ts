/** Runs the logs commands in-process against a made-up fleet, for their tests. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Channel, ChannelTarget } from '../../../proto/call/channel.ts';
import { Failure } from '../../../proto/failure.ts';
import type { LogRequest } from '../../logs/stream.ts';
import { batchBytes, eventBytes, type TestRecord } from '../../logs/testing.ts';
import { newSession } from '../../new-session.ts';
import { Terminal } from '../../output/terminal.ts';
import { parseCommandLine } from '../../program.ts';
import { DMESG } from '../dmesg/command.ts';
import { LOGS } from './command.ts';

/** The time of the first record: 2026-08-02T10:05:03Z in µs. */
export const T = Date.parse('2026-08-02T10:05:03Z') * 1_000;
const folder = mkdtempSync(join(tmpdir(), 'nodectl-logs-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const config = join(folder, 'config.yaml');
const pem = (what: string) => `"-----BEGIN ${what}-----\\nAAAA\\n-----END ${what}-----\\n"`;
writeFileSync(
  config,
  `current: lab
contexts:
  lab:
    trust: ${pem('CERTIFICATE')}
    credential: "-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----\\n-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\\n"
    nodes:
      - { name: web-1, addresses: ["127.0.0.1:1"] }
      - { name: web-2, addresses: ["127.0.0.1:2"] }
      - { name: down, addresses: ["127.0.0.1:3"] }
`,
  { mode: 0o600 },
);

/** What a node's log stream gives. */
export type Read = (request: LogRequest, signal: AbortSignal) => AsyncIterable<Buffer>;

/** What each node answers. */
export interface Fleet {
  read?: Record<string, Read>;
  sources?: object[];
}

/** What came of a command. `status` is -1 where it threw; `err` then is "REASON: message | hint". */
export interface Outcome {
  status: number;
  out: string;
  err: string;
  opened: ChannelTarget[];
  requests: Record<string, LogRequest>;
}

class FakeStream {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 80;
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(bytes: string | Uint8Array): boolean {
    this.text += typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString();
    return true;
  }
  once(): void {}
  on(): void {}
}

/** Runs `nodectl logs` or `nodectl dmesg` against a made-up fleet. `stop` resolves when Ctrl-C is to be pressed. */
export async function nodectl(
  argv: string[],
  fleet: Fleet = {},
  options: { tty?: boolean; stop?: (out: () => string) => Promise<unknown> } = {},
): Promise<Outcome> {
  const stdout = new FakeStream(options.tty ?? false);
  const stderr = new FakeStream(false);
  const env = { NODECTL_CONFIG: config, NO_COLOR: '1' };
  const terminal = new Terminal({ stdout, stderr, env });
  const opened: ChannelTarget[] = [];
  const requests: Record<string, LogRequest> = {};
  const open = async (target: ChannelTarget): Promise<Channel> => {
    opened.push(target);
    const name = target.expect.name ?? '';
    const read = fleet.read?.[name];
    if (!read && !fleet.sources)
      throw new Failure('CONNECTION_REFUSED', `nothing listens at ${target.address}`);
    return {
      unary: async () => ({ sources: fleet.sources }),
      serverStream: () => [],
      serverStreamBytes: (_method: string, request: LogRequest, limits: { signal: AbortSignal }) => {
        requests[name] = request;
        return read?.(request, limits.signal);
      },
      close: () => {},
    } as unknown as Channel;
  };
  const stop = new AbortController();
  void options.stop?.(() => stdout.text).then(() => stop.abort());
  try {
    const asked = await parseCommandLine([LOGS, DMESG], argv);
    assert.ok(asked.kind === 'run');
    const { parsed } = asked;
    const session = newSession({ ...parsed, terminal, env, signal: stop.signal, open });
    const status = (await (await parsed.command.load?.())?.run(session)) ?? 0;
    return { status, out: stdout.text, err: stderr.text, opened, requests };
  } catch (error) {
    const { reason, message, hint } = Failure.from(error);
    return { status: -1, out: stdout.text, err: `${reason}: ${message} | ${hint}`, opened, requests };
  }
}

/** The events around a stream's records. */
export const START = { start: { source: 'journal', node: 'n' } };
/** How a read that is complete ends. */
export const END = { end: { records: 1, cursor: 't:z' } };

/** A node that sends these records and ends. */
export function sends(records: TestRecord[], source = 'journal'): Read {
  return async function* () {
    yield eventBytes({ start: { source } });
    yield batchBytes(records);
    yield eventBytes(END);
  };
}

/** A writer. */
export const sshd = { identifier: 'sshd', pid: 7 };
/** Two nodes with three records. */
export const FLEET: Fleet = {
  read: {
    'web-1': sends([
      { time: T, message: 'one', origin: sshd },
      { time: T + 2, message: 'three', origin: sshd },
    ]),
    'web-2': sends([{ time: T + 1, message: 'two', origin: sshd }]),
  },
};
