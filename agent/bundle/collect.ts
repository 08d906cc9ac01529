/**
 * Collecting a bundle of one node: all checks run over a machine that records what they ask (recording-machine.ts), so that
 * `nodectl diag --from` asks the bundle the same and finds the same; then what support asks for besides.
 */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openLocal } from '../diagnostics/captured-channel.ts';
import { DiagnosticsDomain, type DiagnosticsParts } from '../diagnostics/domain.ts';
import { FactStore } from '../diagnostics/fact-store.ts';
import type { Report } from '../diagnostics/report.ts';
import { EVENTS_FILE } from '../history/events.ts';
import { filesWithRows } from '../history/files.ts';
import { RECORDING_FILE } from '../host/recording.ts';
import { type LeftOut, RecordingMachine } from '../host/recording-machine.ts';
import { Unavailable } from '../host/unavailable.ts';
import { COLLECTORS } from '../metrics/collectors.ts';
import { exposition } from '../metrics/exposition.ts';
import type { Family } from '../metrics/family.ts';
import { ANSWERS, type Extra, FILES, LOGS, STATE } from './extras.ts';
import { isSecretFile } from './secret-files.ts';
import { longWithoutSecrets, withoutSecrets } from './secrets.ts';

/** What to collect. */
export interface BundleOptions {
  readonly logs: boolean;
  readonly history: boolean;
  /** The agent's version, for the index. */
  readonly version: string;
}

/** A file of a bundle. */
export interface BundleContent {
  readonly path: string;
  readonly bytes: Buffer;
  readonly sha256: string;
}

/** A line of the index. */
interface Indexed {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** How it was taken. */
  readonly how: string;
}

/** Something that could not be had. */
type Failed = Report['problems'][number];

/** Bytes of all that is recorded. */
const MAX_BYTES = 64 << 20;
/** Programs that run at the same time: a sick node must not be made sicker. */
const AT_ONCE = 4;
const HISTORY = 'nodectl/history';

/** Collects a bundle, file by file; "index.json" is the last. */
export async function* collectBundle(
  parts: DiagnosticsParts,
  options: BundleOptions,
  signal: AbortSignal,
): AsyncGenerator<BundleContent, void, undefined> {
  const machine = new RecordingMachine(parts.machine, {
    ...{ secret: isSecretFile, logs: options.logs, clean: withoutSecrets, maxBytes: MAX_BYTES },
  });
  const takenAt = new Date(machine.now()).toISOString();
  const files: Indexed[] = [];
  const leftOut: LeftOut[] = [];
  const made = async (path: string, text: string, how: string) => {
    const clean = await longWithoutSecrets(text);
    if (clean !== text) leftOut.push({ what: path, why: 'secrets in it were taken out' });
    return add(path, Buffer.from(clean), how);
  };
  const add = (path: string, bytes: Buffer, how: string): BundleContent => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    files.push({ path, size: bytes.length, sha256, how });
    return { path, bytes, sha256 };
  };
  const report = await new DiagnosticsDomain({ ...parts, machine }).diagnose({ areas: [], ids: [] }, signal);
  yield await made('nodectl/report.json', JSON.stringify(report, null, 1), 'all checks');
  yield await made('nodectl/metrics.txt', await metricsOf(machine, signal), 'metrics');
  const failed: Failed[] = [];
  const channel = openLocal({ ...parts, machine });
  for (const [name, method, request] of ANSWERS)
    try {
      const answer = await channel.unary(method, request, { signal });
      yield await made(`nodectl/${name}.json`, JSON.stringify(answer, null, 1), method);
    } catch (error) {
      signal.throwIfAborted();
      failed.push({ what: method, kind: 'failed', why: withoutSecrets((error as Error).message) });
    }
  await extras(machine, options, signal, failed);
  for (const { path, text, how } of machine.files()) {
    signal.throwIfAborted();
    yield await made(path, text, how);
  }
  // Not cleaned as a text: it would be no JSON any more. What could hold a secret in it was cleaned when it was recorded.
  yield add(RECORDING_FILE, Buffer.from(JSON.stringify(machine.recording())), 'what was asked and answered');
  if (options.history && parts.ring)
    for (const path of [
      ...filesWithRows(parts.ring.folder).map((one) => one.path),
      join(parts.ring.folder, EVENTS_FILE),
    ]) {
      // A head may have become a segment since the folder was listed.
      const bytes = await readFile(path).catch(() =>
        readFile(path.replace(/head$/, 'seg')).catch(() => undefined),
      );
      if (bytes) yield add(`${HISTORY}/${path.slice(path.lastIndexOf('/') + 1)}`, bytes, 'the history');
    }
  const index = {
    ...{ version: 1, node: parts.node, takenAt, agentVersion: options.version },
    thresholds: parts.thresholds?.() ?? {},
    failed: [...report.problems, ...failed],
    leftOut: [...machine.leftOut, ...leftOut],
    files,
  };
  yield add('index.json', Buffer.from(`${JSON.stringify(index, null, 1)}\n`), 'this list');
}

async function metricsOf(machine: RecordingMachine, signal: AbortSignal): Promise<string> {
  const store = new FactStore(machine, signal);
  const families = await Promise.all(
    COLLECTORS.map(async (one): Promise<readonly Family[]> => {
      try {
        return await one.collect(store.reading());
      } catch {
        // Why it could not be read is in the report already.
        return [];
      }
    }),
  );
  return exposition(families.flat(), 'openmetrics');
}

/** Runs and reads what no check asks for, and adds what failed. */
async function extras(
  machine: RecordingMachine,
  { logs }: BundleOptions,
  signal: AbortSignal,
  failed: Failed[],
): Promise<void> {
  const part = async (what: string, work: () => unknown) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      failed.push({ what, kind: error.kind, why: error.message });
    }
  };
  for (const path of FILES) await part(`/${path}`, () => machine.text(path));
  const waiting: Extra[] = [...STATE, ...(logs ? LOGS : [])];
  const lane = async () => {
    for (let one = waiting.shift(); one && !signal.aborted; one = waiting.shift()) {
      const { argv, ...limits } = one;
      const [program, ...args] = argv;
      await part(argv.join(' '), async () => {
        const { code, stderr } = await machine.run(program, args, { ...limits, signal });
        if (code !== 0)
          failed.push({
            ...{ what: argv.join(' '), kind: 'failed' },
            why: withoutSecrets(`it ended with status ${code}: ${stderr.trim().slice(0, 200)}`),
          });
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  signal.throwIfAborted();
}
