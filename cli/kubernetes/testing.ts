/**
 * A Kubernetes API that is made up, for a real kubectl: nodes, pods, budgets, and evictions that a budget refuses. It speaks as
 * much of the API as cordon and drain need (kubernetes.io/docs/reference/using-api).
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A pod of the cluster. */
export interface FakePod {
  namespace: string;
  name: string;
  node: string;
  labels?: Record<string, string>;
  /** The kind of what controls it; "" for a pod that nothing controls. */
  owner?: string;
  emptyDir?: boolean;
  /** Whether it stays when it was evicted, as one whose process does not end. */
  clings?: boolean;
}

/** A budget of the cluster. */
export interface FakeBudget {
  namespace: string;
  name: string;
  matchLabels: Record<string, string>;
  allowed: number;
}

/** A node of the cluster. */
export interface FakeKubernetesNode {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  unschedulable?: boolean;
}

type Answer = [status: number, body: object];

const META = { resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' };

/** The cluster; change what it holds at any time. */
export class FakeCluster {
  readonly folder = mkdtempSync(join(tmpdir(), 'nodectl-kubernetes-'));
  /** A file that leads kubectl here. */
  readonly kubeconfig = join(this.folder, 'kubeconfig');
  nodes: Record<string, FakeKubernetesNode> = {};
  pods: FakePod[] = [];
  budgets: FakeBudget[] = [];
  /** Requests that changed something: "PATCH nodes/web-1", "POST pods/default/app-1/eviction". */
  readonly changes: string[] = [];
  /** Makes the next requests to a path fail with this status. */
  broken: { path: RegExp; status: number } | undefined;
  #server: Server | undefined;
  readonly #ending = new Set<FakePod>();

  /** Starts it on a port of its own. It needs openssl for its certificate. */
  async start(): Promise<void> {
    const [key, certificate] = [join(this.folder, 'key.pem'), join(this.folder, 'certificate.pem')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
    execFileSync('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', certificate], {
      stdio: 'ignore',
    });
    this.#server = createServer(
      { key: readFileSync(key), cert: readFileSync(certificate) },
      (request, response) => {
        void body(request).then((text) => {
          const [status, answer] = this.#answer(request, text);
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
        });
      },
    );
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    const cluster = { server: `https://127.0.0.1:${port}`, 'certificate-authority': certificate };
    writeFileSync(
      this.kubeconfig,
      JSON.stringify({
        ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
        clusters: [{ name: 'test', cluster }],
        users: [{ name: 'test', user: { token: 'test' } }],
        contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      }),
    );
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  #answer(request: IncomingMessage, text: string): Answer {
    const url = new URL(request.url ?? '', 'https://cluster');
    const path = url.pathname;
    const method = request.method ?? '';
    if (this.broken?.path.test(path)) return status(this.broken.status, 'InternalError', 'it is broken');
    const parts = path.replace(/^\/api\/v1\//, '').split('/');
    const changed = (what: string) => this.changes.push(`${method} ${what}`);
    if (path.startsWith('/api/v1/nodes/')) {
      const name = parts[1] ?? '';
      const node = this.nodes[name];
      if (!node) return status(404, 'NotFound', `nodes "${name}" not found`);
      if (method === 'PATCH') {
        changed(`nodes/${name}`);
        patchNode(node, JSON.parse(text));
      }
      return [200, nodeObject(name, node)];
    }
    if (path === '/api/v1/nodes') {
      const selector = url.searchParams.get('labelSelector') ?? '';
      const [key = '', value] = selector.split('=');
      const items = Object.entries(this.nodes)
        .filter(([, { labels }]) => selector === '' || labels?.[key] === value)
        .map(([name, node]) => nodeObject(name, node));
      return [200, list('v1', 'NodeList', items)];
    }
    if (path === '/api/v1/pods') {
      const [, node] = /spec\.nodeName=([^,]+)/.exec(url.searchParams.get('fieldSelector') ?? '') ?? [];
      const pods = this.pods.filter((pod) => pod.node === node);
      return [
        200,
        list(
          'v1',
          'PodList',
          pods.map((pod) => this.#podObject(pod)),
        ),
      ];
    }
    const [, namespace = '', name = '', eviction] =
      /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)(\/eviction)?$/.exec(path) ?? [];
    if (name !== '') {
      const pod = this.pods.find((one) => one.namespace === namespace && one.name === name);
      if (!pod) return status(404, 'NotFound', `pods "${name}" not found`);
      if (!eviction) return [200, this.#podObject(pod)];
      changed(`pods/${namespace}/${name}/eviction`);
      return this.#evict(pod);
    }
    const [, space = ''] =
      /^\/apis\/policy\/v1(?:beta1)?\/namespaces\/([^/]+)\/poddisruptionbudgets$/.exec(path) ?? [];
    if (space !== '') {
      const own = this.budgets.filter((one) => one.namespace === space);
      return [200, list('policy/v1', 'PodDisruptionBudgetList', own.map(budgetObject))];
    }
    const [, set] = /^\/apis\/apps\/v1\/namespaces\/[^/]+\/daemonsets\/([^/]+)$/.exec(path) ?? [];
    if (set) return [200, { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: set, ...META } }];
    return DISCOVERY[path] ? [200, DISCOVERY[path]] : status(404, 'NotFound', `there is no ${path}`);
  }

  #evict(pod: FakePod): Answer {
    const budget = this.budgets.find((one) => covers(one, pod) && one.allowed < 1);
    if (budget)
      return status(
        429,
        'TooManyRequests',
        "Cannot evict pod as it would violate the pod's disruption budget.",
      );
    if (pod.clings) this.#ending.add(pod);
    else this.pods = this.pods.filter((one) => one !== pod);
    return status(201, '', '');
  }

  #podObject(pod: FakePod): object {
    const { owner = 'ReplicaSet', labels = {}, name, namespace, node, emptyDir } = pod;
    const ownerReferences = owner && [
      { apiVersion: 'apps/v1', kind: owner, name: 'owner', uid: 'o', controller: true },
    ];
    return {
      ...{ apiVersion: 'v1', kind: 'Pod' },
      metadata: {
        ...{ ...META, name, namespace, labels, uid: `${namespace}-${name}` },
        ...(ownerReferences ? { ownerReferences } : {}),
        ...(this.#ending.has(pod) ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
      },
      spec: {
        nodeName: node,
        containers: [{ name: 'main', image: 'app' }],
        ...(emptyDir ? { volumes: [{ name: 'scratch', emptyDir: {} }] } : {}),
      },
      status: { phase: 'Running' },
    };
  }
}

/** What kubectl asks before anything else: the groups, and the resources of each. */
const DISCOVERY: Readonly<Record<string, object>> = {
  '/version': { major: '1', minor: '32', gitVersion: 'v1.32.4' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': {
    ...{ kind: 'APIGroupList', apiVersion: 'v1' },
    groups: ['apps', 'policy'].map((name) => ({
      name,
      versions: [{ groupVersion: `${name}/v1`, version: 'v1' }],
      preferredVersion: { groupVersion: `${name}/v1`, version: 'v1' },
    })),
  },
  '/api/v1': resources('v1', [
    ['nodes', false, 'Node'],
    ['pods', true, 'Pod'],
    ['pods/eviction', true, 'Eviction', 'policy', 'v1'],
  ]),
  '/apis/apps/v1': resources('apps/v1', [['daemonsets', true, 'DaemonSet']]),
  '/apis/policy/v1': resources('policy/v1', [['poddisruptionbudgets', true, 'PodDisruptionBudget']]),
};

type Resource = [name: string, namespaced: boolean, kind: string, group?: string, version?: string];

function resources(groupVersion: string, all: readonly Resource[]): object {
  return {
    ...{ kind: 'APIResourceList', apiVersion: 'v1', groupVersion },
    resources: all.map(([name, namespaced, kind, group, version]) => ({
      ...{ name, namespaced, kind, singularName: name.replace(/s$/, '') },
      verbs: ['create', 'get', 'list', 'patch'],
      ...(group === undefined ? {} : { group, version }),
    })),
  };
}

function covers({ namespace, matchLabels }: FakeBudget, pod: FakePod): boolean {
  return (
    namespace === pod.namespace &&
    Object.entries(matchLabels).every(([key, value]) => pod.labels?.[key] === value)
  );
}

/** A merge patch of what a cordon changes: null takes a value away. */
function patchNode(
  node: FakeKubernetesNode,
  patch: { metadata?: { annotations?: Record<string, string | null> }; spec?: { unschedulable?: boolean } },
): void {
  for (const [key, value] of Object.entries(patch.metadata?.annotations ?? {})) {
    node.annotations ??= {};
    if (value === null) delete node.annotations[key];
    else node.annotations[key] = value;
  }
  if (patch.spec && 'unschedulable' in patch.spec) node.unschedulable = patch.spec.unschedulable === true;
}

function nodeObject(
  name: string,
  { labels = {}, annotations = {}, unschedulable }: FakeKubernetesNode,
): object {
  return {
    ...{ apiVersion: 'v1', kind: 'Node' },
    metadata: { ...META, name, labels, annotations, uid: name },
    spec: unschedulable ? { unschedulable } : {},
    status: {},
  };
}

function budgetObject({ name, namespace, matchLabels, allowed }: FakeBudget): object {
  return {
    ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
    metadata: { ...META, name, namespace },
    spec: { selector: { matchLabels } },
    status: { disruptionsAllowed: allowed },
  };
}

function list(apiVersion: string, kind: string, items: readonly object[]): object {
  return { apiVersion, kind, metadata: { resourceVersion: '1' }, items };
}

function status(code: number, reason: string, message: string): Answer {
  const state = code < 400 ? 'Success' : 'Failure';
  return [code, { apiVersion: 'v1', kind: 'Status', metadata: {}, status: state, reason, message, code }];
}

async function body(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
