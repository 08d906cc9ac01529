/** The standard services and a call of ours, with Python's gRPC from Debian (python3-grpcio) as the client. */

import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { testPki } from '../../support/pki.ts';
import { startServer } from '../../support/serve.ts';

/** Debian's Python: another one first in the PATH does not have Debian's packages. */
const PYTHON = '/usr/bin/python3';
const found = spawnSync(PYTHON, ['-c', 'import grpc, google.protobuf']).status === 0;
const skip = found ? false : 'python3-grpcio and python3-protobuf are not installed';

test('a foreign client checks health, reflects, calls, and is refused with a status and details', {
  skip,
}, async () => {
  const pki = testPki();
  const { server, address } = await startServer(pki, 'node-1');
  try {
    const { key, chain } = await pki.operator('bob', 'reader');
    const file = (name: string, text: string) => {
      const path = join(pki.folder, name);
      writeFileSync(path, text);
      return path;
    };
    const { stdout } = await promisify(execFile)(
      PYTHON,
      [
        join(import.meta.dirname, 'client.py'),
        ...[address, 'node-1', file('root.pem', pki.trust), file('key.pem', key), file('chain.pem', chain)],
        join(import.meta.dirname, '..', '..', '..', 'proto', 'gen', 'contract.binpb'),
      ],
      { timeout: 60_000 },
    );
    const services = [
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
      'nodectl.v1.AccessService',
      'nodectl.v1.LogsService',
      'nodectl.v1.SystemService',
    ];
    const message =
      'nodectl.v1.AccessService/Deny needs an operator’s certificate with the role admin; bob has the role reader';
    assert.deepEqual(JSON.parse(stdout), {
      health: { status: 'SERVING' },
      unknown_service: 'NOT_FOUND',
      services_v1: services,
      services_v1alpha: services,
      extension_file: 'nodectl/v1/options.proto',
      extension_numbers: [50_001, 50_002],
      missing: 5,
      by_name: true,
      version: { node: 'node-1' },
      deny: { code: 'PERMISSION_DENIED', message, details: true },
    });
  } finally {
    await server.drain(1_000);
    pki.remove();
  }
});
