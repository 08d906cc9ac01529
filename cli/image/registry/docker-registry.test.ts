/** Images to and from Debian's docker-registry, by the commands as they are typed, and between it and skopeo. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BlobSource } from '../../../proto/registry/blobs.ts';
import { RegistryClient } from '../../../proto/registry/client.ts';
import {
  type DockerRegistry,
  NO_DOCKER_REGISTRY,
  startDockerRegistry,
} from '../../../test/support/docker-registry.ts';
import { makeImage } from '../../../test/support/image-layout.ts';
import { runCli } from '../../testing/run.ts';
import { Layout } from '../layout/read.ts';

const skip = NO_DOCKER_REGISTRY;
const noSkopeo =
  skip ??
  (spawnSync('skopeo', ['--version']).status === 0 ? undefined : 'the package skopeo is not installed');
const noHtpasswd =
  skip ??
  (spawnSync('htpasswd', ['-nbB', 'a', 'b']).status === 0
    ? undefined
    : 'the package apache2-utils is not installed');
const MIB = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'nodectl-image-'));
const image = makeImage(join(folder, 'image'), [0, 3, 700_000, 20 * MIB]);
const env = { HOME: folder };
let registry: DockerRegistry;

before(async () => {
  if (!skip) registry = await startDockerRegistry();
});
after(async () => {
  await registry?.stop();
  rmSync(folder, { recursive: true });
});

async function nodectl(argv: readonly string[], more: Record<string, string> = {}) {
  const { status, stdout, stderr } = await runCli(argv, { env: { ...env, ...more } });
  return { status, stdout: stdout.trim(), stderr };
}

/** All that is in a layout's manifest, read blob by blob. */
async function blobsOf(path: string, name?: string): Promise<Map<string, Buffer>> {
  const layout = await Layout.open(path);
  try {
    const { blobs } = await layout.manifest(name);
    const found = new Map<string, Buffer>();
    for (const blob of blobs) found.set(blob.digest, await (await layout.blob(blob)).readRange(0, blob.size));
    return found;
  } finally {
    await layout.close();
  }
}

test('an image goes to a registry and comes back the same, into a folder and into an archive', {
  skip,
}, async () => {
  const reference = `oci://${registry.host}/os/debian:1`;
  const pushed = await nodectl(['image', 'push', image.folder, reference]);
  assert.equal(pushed.status, 0, pushed.stderr);
  assert.equal(pushed.stdout, `oci://${registry.host}/os/debian@${image.digest}`);
  assert.match(pushed.stderr, /^5 blobs sent \(20\.7 MiB\), 0 were there already\.$/m);
  assert.match(pushed.stderr, /^\{"progress":"push","bytes":\d+,"total":21671525/m);

  for (const name of ['folder', 'archive.tar']) {
    const path = join(folder, 'out', name);
    mkdirSync(join(folder, 'out'), { recursive: true });
    const pulled = await nodectl(['image', 'pull', reference, '-o', path]);
    assert.equal(pulled.status, 0, pulled.stderr);
    assert.equal(pulled.stdout, pushed.stdout);
    assert.deepEqual(await blobsOf(path, '1'), image.blobs);
  }
  assert.deepEqual(readdirSync(join(folder, 'out')).sort(), ['archive.tar', 'folder']);

  // By digest, over what is there: nothing is fetched again. The archive goes up as the folder did.
  const again = await nodectl(['image', 'pull', pushed.stdout, '-o', join(folder, 'out', 'folder')]);
  assert.match(again.stderr, /^0 blobs fetched \(0 B\), 5 were there already/m);
  const same = await nodectl(['image', 'push', join(folder, 'out', 'archive.tar'), reference]);
  assert.match(same.stderr, /^Everything was there already\.$/m);
  assert.equal(same.stdout, pushed.stdout);
});

test('tar reads the archive, and an archive that tar made is read', { skip }, async () => {
  const path = join(folder, 'by-tar.tar');
  assert.equal(spawnSync('tar', ['-C', image.folder, '-cf', path, '.']).status, 0);
  assert.deepEqual(await blobsOf(path), image.blobs);
  const pushed = await nodectl(['image', 'push', path, `oci://${registry.host}/os/tar:1`]);
  assert.equal(pushed.stdout, `oci://${registry.host}/os/tar@${image.digest}`);
  const out = join(folder, 'for-tar.tar');
  assert.equal((await nodectl(['image', 'pull', pushed.stdout, '-o', out])).status, 0);
  const listed = spawnSync('tar', ['-tf', out], { encoding: 'utf8' });
  assert.equal(listed.status, 0);
  assert.equal(listed.stdout.trim().split('\n').length, image.blobs.size + 3);
  const twice = await nodectl(['image', 'pull', pushed.stdout, '-o', out]);
  assert.match(twice.stderr, /is there already .*\[BAD_ARGUMENT\]/);
});

test('blobs are mounted from another repository instead of sent', { skip }, async () => {
  const name = `oci://${registry.host}/os/mounted:1`;
  await nodectl(['image', 'push', image.folder, `oci://${registry.host}/os/debian:1`]);
  const pushed = await nodectl(['image', 'push', image.folder, name, '--mount-from', 'os/debian']);
  assert.match(pushed.stderr, /^0 blobs sent \(0 B\), 5 were there already\.$/m);
  assert.equal(pushed.stdout, `oci://${registry.host}/os/mounted@${image.digest}`);
});

test('parts of a blob are read by ranges', { skip }, async () => {
  await nodectl(['image', 'push', image.folder, `oci://${registry.host}/os/debian:1`]);
  const client = new RegistryClient({ registry: registry.host });
  const [digest = '', bytes = Buffer.alloc(0)] =
    [...image.blobs].find(([, one]) => one.length === 20 * MIB) ?? [];
  const source = new BlobSource(client, { repository: 'os/debian', digest, size: bytes.length });
  for (const [offset, length] of [
    [0, 1],
    [4096, 65_536],
    [bytes.length - 7, 7],
    [1_000_001, 0],
  ] as const)
    assert.deepEqual(await source.readRange(offset, length), bytes.subarray(offset, offset + length));
  await assert.rejects(source.readRange(bytes.length - 1, 2), RangeError);
  // One byte too many in the manifest is a lie that the first range shows.
  const wrong = new BlobSource(client, { repository: 'os/debian', digest, size: bytes.length + 1 });
  await assert.rejects(wrong.readRange(0, 10), { reason: 'REGISTRY_BAD_ANSWER' });
  client.close();
});

test('what is not there is said', { skip }, async () => {
  const none = await nodectl([
    'image',
    'pull',
    `oci://${registry.host}/os/none:1`,
    '-o',
    join(folder, 'none'),
  ]);
  assert.match(
    none.stderr,
    /answers the request for os\/none 1 with 404: MANIFEST_UNKNOWN.*\[REGISTRY_NOT_FOUND\]/,
  );
  assert.equal(none.status, 1);
});

test('a damaged blob of the image is told, and nothing is named', { skip }, async () => {
  const damaged = makeImage(join(folder, 'damaged'), [20 * MIB, 5]);
  const [digest = '', bytes = Buffer.alloc(0)] = [...damaged.blobs].find(([, one]) => one.length > MIB) ?? [];
  const flipped = Buffer.from(bytes);
  flipped[12_345_678] = (flipped[12_345_678] ?? 0) ^ 1;
  writeFileSync(join(damaged.folder, 'blobs', 'sha256', digest.slice(7)), flipped);
  const reference = `oci://${registry.host}/os/damaged:1`;
  const pushed = await nodectl(['image', 'push', damaged.folder, reference]);
  assert.match(pushed.stderr, /other bytes than its digest says \[IMAGE_DIGEST_MISMATCH\]/);
  const pulled = await nodectl(['image', 'pull', reference, '-o', join(folder, 'none')]);
  assert.match(pulled.stderr, /\[REGISTRY_NOT_FOUND\]/);
  writeFileSync(join(damaged.folder, 'blobs', 'sha256', digest.slice(7)), bytes.subarray(1));
  const short = await nodectl(['image', 'push', damaged.folder, reference]);
  assert.match(short.stderr, /has 20971519 bytes instead of 20971520 \[IMAGE_LAYOUT_INVALID\]/);
});

test('a registry that was changed behind its back is found out, and a mirror helps', { skip }, async () => {
  const good = await startDockerRegistry();
  try {
    const other = makeImage(join(folder, 'other'), [4 * MIB]);
    for (const { host } of [registry, good])
      assert.equal((await nodectl(['image', 'push', other.folder, `oci://${host}/os/other:1`])).status, 0);
    const [digest = ''] = [...other.blobs].find(([, one]) => one.length > MIB) ?? [];
    const hex = digest.slice(7);
    const data = join(registry.folder, 'data/docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data');
    const bytes = readFileSync(data);
    bytes[3 * MIB] = (bytes[3 * MIB] ?? 0) ^ 0x80;
    writeFileSync(data, bytes);
    const reference = `oci://${registry.host}/os/other:1`;
    const out = join(folder, 'changed');
    const wrong = await nodectl(['image', 'pull', reference, '-o', out]);
    assert.match(wrong.stderr, /sent other bytes than sha256:.*\[REGISTRY_DIGEST_MISMATCH\]/);
    await assert.rejects(
      Layout.open(out).then((layout) => layout.manifest()),
      { reason: 'IMAGE_LAYOUT_INVALID' },
    );
    const right = await nodectl(['image', 'pull', reference, '-o', out, '--mirror', good.host]);
    assert.equal(right.status, 0, right.stderr);
    assert.deepEqual(await blobsOf(out), other.blobs);
    // And the other way round: a bad mirror costs a warning.
    const more = join(folder, 'changed-mirror');
    const warned = await nodectl([
      'image',
      'pull',
      `oci://${good.host}/os/other:1`,
      '-o',
      more,
      '--mirror',
      registry.host,
    ]);
    assert.equal(warned.status, 0, warned.stderr);
    assert.match(warned.stderr, /warning: .*sent other bytes/);
    assert.deepEqual(await blobsOf(more), other.blobs);
  } finally {
    await good.stop();
  }
});

test('a registry with a login and a certificate of its own', { skip: noHtpasswd }, async () => {
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => assert.equal(spawnSync('openssl', args).status, 0, args.join(' '));
  const subject = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-subj',
    '/CN=test CA',
    '-days',
    '2',
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.crt'),
  );
  openssl(
    'req',
    ...key,
    '-x509',
    '-CA',
    at('ca.crt'),
    '-CAkey',
    at('ca.key'),
    '-subj',
    '/CN=registry',
    ...subject,
    '-days',
    '2',
    '-addext',
    'basicConstraints=critical,CA:FALSE',
    '-keyout',
    at('tls.key'),
    '-out',
    at('tls.crt'),
  );
  const { stdout: htpasswd } = spawnSync('htpasswd', ['-nbB', 'alice', 'sesame'], { encoding: 'utf8' });
  const closed = await startDockerRegistry({
    htpasswd,
    tls: { certificate: at('tls.crt'), key: at('tls.key') },
  });
  try {
    const reference = `oci://${closed.host}/os/debian:1`;
    const push = ['image', 'push', image.folder, reference];
    const untrusted = await nodectl(push);
    assert.match(
      untrusted.stderr,
      /the certificate of 127\.0\.0\.1:\d+ is not trusted: .*\[REGISTRY_INSECURE\]/,
    );
    const ca = ['--registry-ca', at('ca.crt')];
    const unknown = await nodectl([...push, ...ca]);
    assert.match(unknown.stderr, /there are no credentials for it \[REGISTRY_DENIED\]/);
    assert.equal(unknown.status, 4);
    const login = (password: string) => {
      const auth = Buffer.from(`alice:${password}`).toString('base64');
      mkdirSync(at('.docker'), { recursive: true });
      writeFileSync(at('.docker/config.json'), JSON.stringify({ auths: { [closed.host]: { auth } } }));
    };
    login('wrong');
    const refused = await nodectl([...push, ...ca]);
    assert.match(refused.stderr, /with 401.*\[REGISTRY_DENIED\]/);
    assert.doesNotMatch(refused.stderr, /wrong|d3Jvbmc/);
    login('sesame');
    const pushed = await nodectl([...push, ...ca]);
    assert.equal(pushed.status, 0, pushed.stderr);
    // The same from registries.yaml, with a path relative to it.
    mkdirSync(at('.config/nodectl'), { recursive: true });
    writeFileSync(
      at('.config/nodectl/registries.yaml'),
      `registries:\n  ${closed.host}:\n    ca: ../../ca.crt\n`,
    );
    const pulled = await nodectl(['image', 'pull', pushed.stdout, '-o', at('closed')]);
    assert.equal(pulled.status, 0, pulled.stderr);
    assert.deepEqual(await blobsOf(at('closed')), image.blobs);
  } finally {
    await closed.stop();
    rmSync(at('.docker'), { recursive: true, force: true });
    rmSync(at('.config'), { recursive: true, force: true });
  }
});

test('connections that break in the middle of chunks and of blobs: the image arrives all the same', {
  skip,
}, async () => {
  const bad = await breakingProxy(registry.host, [6 * MIB, 11 * MIB, 30 * MIB]);
  try {
    const broken = makeImage(join(folder, 'broken'), [20 * MIB]);
    const pushed = await nodectl(['image', 'push', broken.folder, `oci://${bad.host}/os/broken:1`]);
    assert.equal(pushed.status, 0, pushed.stderr);
    assert.equal(bad.left(), 0);
    bad.breakAt(3 * MIB, 5 * MIB);
    const pulled = await nodectl([
      'image',
      'pull',
      `oci://${bad.host}/os/broken:1`,
      '-o',
      join(folder, 'mended'),
    ]);
    assert.equal(pulled.status, 0, pulled.stderr);
    assert.equal(bad.left(), 0);
    assert.deepEqual(await blobsOf(join(folder, 'mended')), broken.blobs);
  } finally {
    await bad.stop();
  }
});

/** A way to a service on which connections are cut: each time so many bytes more have gone over it, both ways and all together. */
async function breakingProxy(host: string, steps: number[]) {
  let gone = 0;
  let at = [...steps];
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(host.split(':')[1]), '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
      from.on('data', (bytes) => {
        gone += bytes.length;
        if (gone < (at[0] ?? Number.POSITIVE_INFINITY)) {
          if (to.write(bytes)) return;
          from.pause();
          to.once('drain', () => from.resume());
          return;
        }
        at.shift();
        near.resetAndDestroy();
        far.resetAndDestroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    left: () => at.length,
    breakAt: (...more: number[]) => {
      at = more.map((step) => gone + step);
    },
    stop: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

test('skopeo carries an image to a folder and back, and both are read', { skip: noSkopeo }, async () => {
  await nodectl(['image', 'push', image.folder, `oci://${registry.host}/os/debian:1`]);
  const skopeo = (...args: string[]) => {
    const { status, stderr } = spawnSync('skopeo', ['--insecure-policy', ...args], {
      encoding: 'utf8',
      env: { ...process.env, HOME: folder },
    });
    assert.equal(status, 0, stderr);
  };
  const carried = join(folder, 'carried');
  skopeo('copy', '--src-tls-verify=false', `docker://${registry.host}/os/debian:1`, `oci:${carried}:1`);
  assert.deepEqual(await blobsOf(carried), image.blobs);
  skopeo('copy', '--dest-tls-verify=false', `oci:${carried}:1`, `docker://${registry.host}/os/carried:1`);
  const back = await nodectl([
    'image',
    'pull',
    `oci://${registry.host}/os/carried:1`,
    '-o',
    join(folder, 'back'),
  ]);
  assert.equal(back.stdout, `oci://${registry.host}/os/carried@${image.digest}`, back.stderr);
  const ours = await nodectl(['image', 'push', carried, `oci://${registry.host}/os/ours:1`]);
  assert.equal(ours.stdout, `oci://${registry.host}/os/ours@${image.digest}`, ours.stderr);
  // What we wrote, skopeo reads: folder and archive.
  const archive = join(folder, 'for-skopeo.tar');
  assert.equal(
    (await nodectl(['image', 'pull', `oci://${registry.host}/os/ours:1`, '-o', archive])).status,
    0,
  );
  skopeo(
    'copy',
    '--dest-tls-verify=false',
    `oci-archive:${archive}`,
    `docker://${registry.host}/os/archive:1`,
  );
  skopeo(
    'copy',
    '--dest-tls-verify=false',
    `oci:${join(folder, 'back')}:1`,
    `docker://${registry.host}/os/folder:1`,
  );
});
