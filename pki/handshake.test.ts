/** Certificates in real TLS 1.3 handshakes: Node with Node, Node with Python's ssl, both ways. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { type TestCredential, testPki } from '../test/support/pki.ts';
import { issueLeaf, type Signer } from './certificate.ts';
import { keyPem, newKey } from './csr.ts';
import type { Subject } from './names.ts';
import { peerIdentity } from './peer.ts';

const DAY = 86_400_000;
const pki = testPki();
const stranger = testPki();
after(() => {
  pki.remove();
  stranger.remove();
});

/** A credential of any subject by any signer, with what stands above the signer. */
function forged(subject: Subject, by: Signer, above = ''): TestCredential {
  const key = newKey();
  const leaf = issueLeaf(subject, by, createPublicKey(key), Date.now(), DAY);
  return { key: keyPem(key), chain: leaf.toString() + by.certificate.toString() + above };
}

const nodes = await pki.store.signer('nodes', () => '');
const operators = await pki.store.signer('operators', () => '');
const admin = { kind: 'operator', name: 'mallory', role: 'admin' } as const;
const asSigner = ({ key, chain }: TestCredential): Signer => ({
  certificate: new X509Certificate(chain),
  key: createPrivateKey(key),
});

/** What is shown, and whether the other side may take it. */
type Case = [what: string, credential: TestCredential | undefined, taken: boolean];

const asClient: Case[] = [
  ['an operator', await pki.operator('alice', 'admin'), true],
  ['a node', await pki.node('web-1'), true],
  ['nothing', undefined, false],
  ['an operator of another root', await stranger.operator('alice', 'admin'), false],
  ['an operator minted by the nodes’ authority', forged(admin, nodes), false],
  ['a node minted by the operators’ authority', forged({ kind: 'node', name: 'web-1' }, operators), false],
  [
    'an operator minted by a node',
    forged(admin, asSigner(await pki.node('web-1')), nodes.certificate.toString()),
    false,
  ],
  [
    'an operator minted by an operator',
    forged(admin, asSigner(await pki.operator('bob', 'reader')), operators.certificate.toString()),
    false,
  ],
  ['an expired operator', await pki.operator('alice', 'admin', DAY / 4, Date.now() - DAY / 2), false],
  ['an operator that is not valid yet', await pki.operator('alice', 'admin', DAY, Date.now() + DAY), false],
  ['an issuer', forged({ kind: 'issuer', name: 'issuer-1' }, nodes), false],
];

const asServer: Case[] = [
  ['a node', await pki.node('web-1'), true],
  ['an issuer', forged({ kind: 'issuer', name: 'web-1' }, nodes), true],
  ['a node of another name', await pki.node('web-2'), false],
  ['a node of another root', await stranger.node('web-1'), false],
  ['a node minted by the operators’ authority', forged({ kind: 'node', name: 'web-1' }, operators), false],
  [
    'a node minted by a node',
    forged({ kind: 'node', name: 'web-1' }, asSigner(await pki.node('web-2')), nodes.certificate.toString()),
    false,
  ],
  ['an operator', await pki.operator('web-1', 'admin'), false],
  ['an expired node', await pki.node('web-1', DAY / 4, Date.now() - DAY / 2), false],
  ['a node that is not valid yet', await pki.node('web-1', DAY, Date.now() + DAY), false],
];

/** The server's verdict and the client's: true where it took the other. */
interface Verdicts {
  server: boolean;
  client: boolean;
}

const NOBODY = { key: '', chain: '' };

async function nodeServer(
  show: TestCredential,
): Promise<{ port: number; verdict: Promise<boolean>; close(): void }> {
  const server = createServer({
    key: show.key,
    cert: show.chain,
    ca: pki.trust,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
  });
  const verdict = new Promise<boolean>((resolve) => {
    server.on('tlsClientError', () => resolve(false));
    server.on('secureConnection', (socket: TLSSocket) => {
      socket.on('error', () => undefined);
      try {
        peerIdentity(socket.getPeerCertificate(true));
        peerIdentity(socket.getPeerX509Certificate());
        socket.end('welcome');
        resolve(true);
      } catch {
        socket.destroy();
        resolve(false);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, verdict, close: () => server.close() };
}

/** Whether the server was found to be web-1 and said welcome. */
function nodeClient(
  port: number,
  show: TestCredential | undefined,
): Promise<{ trusted: boolean; welcome: boolean }> {
  const { key, chain } = show ?? NOBODY;
  const socket = connect({
    port,
    host: '127.0.0.1',
    servername: 'web-1',
    ca: pki.trust,
    minVersion: 'TLSv1.3',
    ...(show ? { key, cert: chain } : {}),
  });
  return new Promise((resolve) => {
    let trusted = false;
    let text = '';
    socket.on('secureConnect', () => {
      peerIdentity(socket.getPeerCertificate(true));
      trusted = true;
    });
    socket.on('data', (bytes) => {
      text += bytes;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ trusted, welcome: text === 'welcome' }));
  });
}

/** A client and a server that nobody here wrote. Told as JSON lines what to do; answers a line each. */
const PYTHON = `
import json, os, socket, ssl, sys, tempfile
def context(purpose, job):
    made = ssl.SSLContext(purpose)
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    made.verify_flags |= ssl.VERIFY_X509_STRICT
    made.verify_mode = ssl.CERT_REQUIRED
    made.load_verify_locations(cadata=job['trust'])
    if job.get('chain'):
        with tempfile.NamedTemporaryFile('w', suffix='.pem') as file:
            file.write(job['key'] + job['chain'])
            file.flush()
            made.load_cert_chain(file.name)
    return made
def say(**what):
    print(json.dumps(what), flush=True)
for line in sys.stdin:
    job = json.loads(line)
    trusted, text = False, b''
    try:
        if job['as'] == 'client':
            made = context(ssl.PROTOCOL_TLS_CLIENT, job)
            with made.wrap_socket(socket.create_connection(('127.0.0.1', job['port']), 10), server_hostname='web-1') as peer:
                trusted = True
                text = peer.recv(100)
        else:
            made = context(ssl.PROTOCOL_TLS_SERVER, job)
            with socket.create_server(('127.0.0.1', 0)) as listening:
                listening.settimeout(10)
                say(port=listening.getsockname()[1])
                raw, _ = listening.accept()
                raw.settimeout(10)
                with made.wrap_socket(raw, server_side=True) as peer:
                    trusted = True
                    peer.sendall(b'welcome')
                    peer.unwrap()
    except (ssl.SSLError, OSError) as error:
        say(trusted=trusted, welcome=text == b'welcome', why=str(error))
    else:
        say(trusted=trusted, welcome=text == b'welcome')
`;

class Python {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    this.#child = spawn('python3', ['-c', PYTHON], { stdio: ['pipe', 'pipe', 'inherit'] });
    assert.ok(this.#child.stdout);
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  tell(job: object): void {
    this.#child.stdin?.write(`${JSON.stringify(job)}\n`);
  }

  async hear(): Promise<{ port: number; trusted: boolean; welcome: boolean; why?: string }> {
    return JSON.parse((await this.#lines.next()).value);
  }

  end(): void {
    this.#child.stdin?.end();
  }
}

async function nodeWithNode(server: TestCredential, client: TestCredential | undefined): Promise<Verdicts> {
  const { port, verdict, close } = await nodeServer(server);
  const { trusted, welcome } = await nodeClient(port, client);
  close();
  const taken = await verdict;
  assert.equal(welcome, trusted && taken);
  return { server: taken, client: trusted };
}

const hasPython = spawnSync('python3', ['-c', 'import ssl; assert ssl.HAS_TLSv1_3']).status === 0;
const skip = hasPython ? false : 'python3 with TLS 1.3 is not installed';
const sound = { node: await pki.node('web-1'), operator: await pki.operator('alice', 'admin') };

for (const [what, credential, taken] of asClient)
  test(`Node's server ${taken ? 'takes' : 'refuses'} ${what}`, async () => {
    assert.equal((await nodeWithNode(sound.node, credential)).server, taken);
  });

for (const [what, credential, taken] of asServer)
  test(`Node's client ${taken ? 'takes' : 'refuses'} ${what}`, async () => {
    assert.equal((await nodeWithNode(credential ?? NOBODY, sound.operator)).client, taken);
  });

test('Python and Node agree on every one of them', { skip }, async () => {
  const python = new Python();
  try {
    for (const [what, credential, taken] of asClient) {
      const job = { trust: pki.trust, ...(credential ?? NOBODY) };
      const server = await nodeServer(sound.node);
      python.tell({ as: 'client', port: server.port, ...job });
      const { trusted, welcome } = await python.hear();
      assert.deepEqual({ trusted, welcome }, { trusted: true, welcome: taken }, `Python shows Node ${what}`);
      server.close();

      python.tell({ as: 'server', trust: pki.trust, ...sound.node });
      await nodeClient((await python.hear()).port, credential);
      const heard = await python.hear();
      assert.equal(heard.trusted, taken, `Node shows Python ${what}: ${heard.why}`);
    }
    for (const [what, credential, taken] of asServer) {
      assert.ok(credential);
      const server = await nodeServer(credential);
      python.tell({ as: 'client', port: server.port, trust: pki.trust, ...sound.operator });
      const heard = await python.hear();
      assert.equal(heard.trusted, taken, `Node serves Python as ${what}: ${heard.why}`);
      server.close();

      python.tell({ as: 'server', trust: pki.trust, ...credential });
      const { trusted } = await nodeClient((await python.hear()).port, sound.operator);
      await python.hear();
      assert.equal(trusted, taken, `Python serves Node as ${what}`);
    }
  } finally {
    python.end();
  }
});

test('an identity is believed only of the authority for its kind, even where TLS let it through', async () => {
  const leafOf = ({ chain }: TestCredential) => new X509Certificate(chain);
  assert.throws(() => peerIdentity(leafOf(forged(admin, nodes))), { reason: 'WRONG_ISSUER' });
  assert.throws(() => peerIdentity(leafOf(forged({ kind: 'node', name: 'web-1' }, operators))), {
    reason: 'WRONG_ISSUER',
  });
  const byRoot = forged(admin, await pki.store.signer('root', () => ''));
  assert.throws(() => peerIdentity(leafOf(byRoot)), { reason: 'WRONG_ISSUER' });
  assert.throws(() => peerIdentity(undefined), { reason: 'NO_CERTIFICATE' });
  assert.equal(peerIdentity(leafOf(sound.operator)).uri, 'nodectl://operator/alice/admin');
});
