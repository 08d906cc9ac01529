/**
 * Running kubectl, by argument list. Its drain is the reference for what may be evicted and when, and it signs in wherever its
 * user's kubeconfig leads, with whatever plug-in that names; so what it says is read, and nothing of it is rebuilt.
 */

import { spawn } from 'node:child_process';
import type { z } from 'zod';
import { Failure } from '../../proto/failure.ts';

/** How kubectl is run. */
export interface KubectlOptions {
  /** The kubeconfig file. Default: what kubectl takes by itself. */
  readonly kubeconfig?: string;
  /** The context in it. Default: its current one. */
  readonly context?: string;
  /** The environment of the command: plug-ins that sign in need theirs, and kubectl looks for HOME and KUBECONFIG. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The program. Default: "kubectl" in the PATH. */
  readonly program?: string;
}

/** How a run ended. */
export interface KubectlResult {
  /** Exit status; -1 where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  /** What it said on standard error, its last 16 KiB. */
  readonly stderr: string;
}

/** A list of the pods of a node is the largest answer: 500 pods of 20 KB each. */
const MAX_BYTES = 32 << 20;
const MAX_STDERR = 16_384;
/** A line of a drain names one pod; what is longer is cut. */
const MAX_LINE = 2_000;
/** How long one question to the API may take. */
const REQUEST_MS = 20_000;
/** How long kubectl has between being asked to end and being ended. */
const GRACE_MS = 2_000;

/**
 * Runs kubectl to its end, whatever its status.
 * @param limits `timeoutMs` how long at most; `onLine` is told each line of its output and of its messages
 * @throws Failure KUBECTL_FAILED where it cannot be started, prints too much or does not end in time; CANCELLED
 */
export async function kubectl(
  options: KubectlOptions,
  args: readonly string[],
  signal: AbortSignal,
  limits: { timeoutMs?: number; onLine?: (line: string) => void } = {},
): Promise<KubectlResult> {
  const { timeoutMs = REQUEST_MS, onLine } = limits;
  const { program = 'kubectl', kubeconfig, context, env } = options;
  const where = [
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
    ...(context === undefined ? [] : ['--context', context]),
  ];
  if (signal.aborted) throw cancelled();
  // Its words are for people; a fixed locale keeps them the ones that are known here.
  const child = spawn(program, [...where, ...args], {
    env: { ...env, LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const end = (failure: Failure) => {
    reject(failure);
    if (!child.kill('SIGTERM')) return;
    const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    child.once('exit', () => clearTimeout(force));
  };
  const said = `kubectl ${args[0] ?? ''}`;
  const timer = setTimeout(
    () => end(new Failure('KUBECTL_FAILED', `${said} did not end within ${timeoutMs / 1_000} s`)),
    timeoutMs,
  );
  const abort = () => end(cancelled());
  signal.addEventListener('abort', abort, { once: true });
  let stdout = '';
  let stderr = '';
  const outLines = lines(onLine);
  const errorLines = lines(onLine);
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    if (stdout.length + part.length > MAX_BYTES)
      end(new Failure('KUBECTL_FAILED', `${said} printed more than ${MAX_BYTES >> 20} MiB`));
    else stdout += part;
    outLines(part);
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr = (stderr + part).slice(-MAX_STDERR);
    errorLines(part);
  });
  child.once('error', (cause) =>
    reject(
      new Failure('KUBECTL_FAILED', `${program} could not be started: ${cause.message}`, {
        hint: 'install kubectl (on Debian the package kubernetes-client), or leave --drain and --kubeconfig out',
        cause,
      }),
    ),
  );
  child.once('close', (code) => resolve(code ?? -1));
  try {
    return { code: await promise, stdout, stderr: stderr.trim() };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/**
 * What the API answers, or undefined where it has no such thing and kubectl was told to be silent about that.
 * @throws Failure KUBECTL_FAILED with kubectl's own words, or where the answer is not what the schema says; CANCELLED
 */
export async function kubectlJson<T>(
  options: KubectlOptions,
  args: readonly string[],
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  const [verb = '', ...rest] = args;
  const asked = [verb, '--output', 'json', '--request-timeout', `${REQUEST_MS / 2_000}s`, ...rest];
  const { code, stdout, stderr } = await kubectl(options, asked, signal);
  if (code !== 0) throw kubectlFailed(args, stderr);
  if (stdout.trim() === '') return undefined;
  try {
    return schema.parse(JSON.parse(stdout));
  } catch (cause) {
    throw new Failure(
      'KUBECTL_FAILED',
      `kubectl ${args.slice(0, 2).join(' ')} printed something unforeseen`,
      {
        cause,
      },
    );
  }
}

/** The failure of a run that ended with an error, in kubectl's own words. */
export function kubectlFailed(args: readonly string[], stderr: string): Failure {
  return new Failure('KUBECTL_FAILED', `kubectl ${args[0] ?? ''} failed: ${stderr || 'it did not say why'}`, {
    hint: 'kubectl get nodes, with the same kubeconfig and context, shows whether the cluster can be reached',
  });
}

function cancelled(): Failure {
  return new Failure('CANCELLED', 'interrupted while kubectl was running');
}

/** Cuts a stream of text into lines. */
function lines(onLine: ((line: string) => void) | undefined): (part: string) => void {
  let rest = '';
  return (part) => {
    if (!onLine) return;
    const all = (rest + part).split('\n');
    rest = (all.pop() ?? '').slice(0, MAX_LINE);
    for (const line of all) if (line.trim() !== '') onLine(line.slice(0, MAX_LINE));
  };
}
