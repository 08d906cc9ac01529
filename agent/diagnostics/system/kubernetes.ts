/** The kubelet and container runtimes of this machine: whether they answer. */

import type { Machine, ProbeTarget } from '../../host/machine.ts';
import { Unavailable, type UnavailableKind } from '../../host/unavailable.ts';
import { fact, unavailable } from '../fact.ts';

const LIMIT_MS = 2_000;
/** Where there is one of these, a kubelet is meant to run. */
const KUBELET = [
  'var/lib/kubelet/config.yaml',
  'etc/kubernetes/kubelet.conf',
  'var/lib/kubelet/kubeconfig',
  'var/lib/rancher/k3s/agent/kubelet.kubeconfig',
  'var/lib/rancher/rke2/agent/kubelet.kubeconfig',
];

/** Whether something answered. */
export interface Answer {
  /** "kubelet", "containerd", "CRI-O", "Docker". */
  readonly name: string;
  /** What was asked: "http://127.0.0.1:10248/healthz", "/run/containerd/containerd.sock". */
  readonly asked: string;
  /** "" where it answered as it should; else what went wrong, in a sentence without a full stop. */
  readonly trouble: string;
  readonly kind: UnavailableKind | undefined;
}

/** Where the kubelet tells its health, by its configuration; undefined where that is switched off. */
function healthUrl(machine: Machine): string | undefined {
  const config = (machine.text('var/lib/kubelet/config.yaml') ?? '').slice(0, 262_144);
  const port = /^healthzPort:\s*"?(\d{1,5})"?\s*$/m.exec(config)?.[1] ?? '10248';
  if (port === '0') return undefined;
  const told = /^healthzBindAddress:\s*"?([0-9a-fA-F.:]+)"?\s*$/m.exec(config)?.[1] ?? '127.0.0.1';
  // An address that is not loopback is left alone, except the one that means any.
  const address =
    /^127\.\d+\.\d+\.\d+$/.test(told) || told === '0.0.0.0'
      ? told.replace('0.0.0.0', '127.0.0.1')
      : undefined;
  return told === '::1' || told === '::'
    ? `http://[::1]:${port}/healthz`
    : address && `http://${address}:${port}/healthz`;
}

async function ask(
  machine: Machine,
  name: string,
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<Answer> {
  const asked = 'url' in target ? target.url : `/${target.socket}`;
  try {
    const { status, body } = await machine.probe(target, { timeoutMs: LIMIT_MS, maxBytes: 65_536, signal });
    const fine = status === 0 || (status >= 200 && status < 300);
    const failed = body.split('\n').filter((row) => /^\[-\]/.test(row));
    const why = fine
      ? ''
      : `it answers with status ${status}: ${(failed.join(', ') || body).slice(0, 200).trim()}`;
    return { name, asked, trouble: why, kind: undefined };
  } catch (error) {
    const { kind, message } = unavailable(error);
    return { name, asked, trouble: message, kind };
  }
}

/** The kubelet. @throws Unavailable absent where none is meant to run */
export const kubelet = fact({
  id: 'system.kubelet',
  reads: ['http://127.0.0.1:10248/healthz', '/var/lib/kubelet/config.yaml'],
  limitMs: 3_000,
  waits: true,
  read: async ({ machine, signal }): Promise<Answer> => {
    if (!KUBELET.some((path) => machine.has(path)))
      throw new Unavailable('absent', 'no kubelet is meant to run here');
    const url = healthUrl(machine);
    if (url === undefined)
      throw new Unavailable('absent', 'the kubelet does not tell its health on loopback');
    const answer = await ask(machine, 'kubelet', { url }, signal);
    if (answer.kind === 'not-captured' || answer.kind === 'denied')
      throw new Unavailable(answer.kind, answer.trouble);
    return answer;
  },
});

const RUNTIMES: readonly (readonly [string, ProbeTarget & { readonly socket: string }])[] = [
  ['containerd', { socket: 'run/containerd/containerd.sock', speaks: 'grpc' }],
  ['containerd', { socket: 'run/k3s/containerd/containerd.sock', speaks: 'grpc' }],
  ['CRI-O', { socket: 'run/crio/crio.sock', speaks: 'grpc' }],
  ['cri-dockerd', { socket: 'run/cri-dockerd.sock', speaks: 'grpc' }],
  ['Docker', { socket: 'run/docker.sock', speaks: 'http', path: '/_ping' }],
];

/** Container runtimes that have a socket here. @throws Unavailable absent where there is none */
export const runtimes = fact({
  id: 'system.runtimes',
  reads: RUNTIMES.map(([, { socket }]) => `/${socket}`),
  limitMs: 3_000,
  waits: true,
  read: async ({ machine, signal, problem }): Promise<readonly Answer[]> => {
    const there = RUNTIMES.filter(([, { socket }]) => machine.has(socket));
    if (there.length === 0) throw new Unavailable('absent', 'this machine has no container runtime’s socket');
    const answers = await Promise.all(there.map(([name, target]) => ask(machine, name, target, signal)));
    const [first] = answers;
    const hidden = answers.filter(({ kind }) => kind === 'denied' || kind === 'not-captured');
    if (first && hidden.length === answers.length)
      throw new Unavailable(first.kind ?? 'failed', first.trouble);
    for (const { asked, kind, trouble } of hidden)
      problem({ what: asked, kind: kind ?? 'failed', why: trouble });
    return answers.filter((answer) => !hidden.includes(answer) && answer.kind !== 'absent');
  },
});

/** The machine's role: a worker or a control plane by kubeadm's files; empty where it is neither. */
export function kubernetesRole(machine: Machine): '' | 'control-plane' | 'worker' {
  if (machine.has('etc/kubernetes/manifests/kube-apiserver.yaml')) return 'control-plane';
  return KUBELET.some((path) => machine.has(path)) ? 'worker' : '';
}
