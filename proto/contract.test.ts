/** Every method of the contract has codecs, and a process loads no more types than it uses. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import protobuf from 'protobufjs/light.js';
import { contractMethod, decodeMessage, encodeMessage, serviceMethods } from './contract.ts';
import contract from './gen/contract.json' with { type: 'json' };

const whole = protobuf.Root.fromJSON(contract as protobuf.INamespace).resolveAll();

function services(namespace: protobuf.NamespaceBase): protobuf.Service[] {
  return namespace.nestedArray.flatMap((one) => {
    if (one instanceof protobuf.Service) return [one];
    return one instanceof protobuf.Namespace ? services(one) : [];
  });
}

test('every method is as in the whole descriptor, and its messages go there and back', () => {
  const all = services(whole);
  assert.ok(all.length >= 10);
  for (const service of all) {
    const name = service.fullName.slice(1);
    assert.deepEqual(serviceMethods(name), Object.keys(service.methods));
    for (const method of service.methodsArray) {
      const mine = contractMethod(`${name}/${method.name}`);
      assert.equal(mine.responseStream, Boolean(method.responseStream));
      assert.equal(mine.requestStream, Boolean(method.requestStream));
      for (const [codec, type] of [
        [mine.request, method.resolvedRequestType],
        [mine.response, method.resolvedResponseType],
      ] as const) {
        assert.equal(codec.name, type?.fullName.slice(1));
        assert.deepEqual(
          codec.decode(codec.encode({})),
          type?.toObject(type.decode(new Uint8Array()), {
            ...{ longs: Number, enums: String, defaults: true, oneofs: true },
          }),
        );
      }
    }
  }
});

test('messages within messages, maps and enumerations', () => {
  const finding = { id: 'a', severity: 'SEVERITY_WARNING', parameters: { n: '1' }, subject: { kind: 'nic' } };
  const { response } = contractMethod('nodectl.v1.DiagnosticsService/Diagnose');
  const back = response.decode(response.encode({ findings: [finding] })) as {
    findings: Record<string, unknown>[];
  };
  assert.equal(back.findings[0]?.severity, 'SEVERITY_WARNING');
  assert.deepEqual(back.findings[0]?.parameters, { n: '1' });
  const details = { fieldViolations: [{ field: 'f', description: 'd' }] };
  const bytes = encodeMessage('google.rpc.BadRequest', details);
  assert.deepEqual(decodeMessage('google.rpc.BadRequest', bytes), details);
});

test('a value of an enum that is not known reads as its zero value', () => {
  const { request, response } = contractMethod('nodectl.v1.DiagnosticsService/Diagnose');
  const bytes = response.encode({
    findings: [{ severity: 97, certainty: -5, remedy: { risk: 2 ** 31 - 1 } }, { severity: 'SEVERITY_INFO' }],
    checks: [{ id: 'a.b', status: 1_000 }],
  });
  const { findings, checks } = response.decode(bytes) as {
    findings: { severity: string; certainty: string; remedy?: { risk: string } }[];
    checks: { status: string }[];
  };
  assert.deepEqual(
    findings.map(({ severity, certainty, remedy }) => [severity, certainty, remedy?.risk]),
    [
      ['SEVERITY_UNSPECIFIED', 'CERTAINTY_UNSPECIFIED', 'REMEDY_RISK_UNSPECIFIED'],
      ['SEVERITY_INFO', 'CERTAINTY_UNSPECIFIED', undefined],
    ],
  );
  assert.equal(checks[0]?.status, 'CHECK_STATUS_UNSPECIFIED');
  assert.deepEqual(request.decode(request.encode({ areas: ['nic'] })), { areas: ['nic'], checks: [] });
});

test('bytes are those of the whole descriptor: numbers are packed', () => {
  const batch = { count: 2, baseUsec: 1_785_665_103_000_000, timeDeltas: [0, 5, -7], positionDeltas: [0, 1] };
  const type = whole.lookupType('nodectl.v1.ReadLogsResponse');
  const expected = type.encode(type.fromObject({ batch })).finish();
  const { response } = contractMethod('nodectl.v1.LogsService/ReadLogs');
  assert.deepEqual(Buffer.from(response.encode({ batch })), Buffer.from(expected));
});

test('what the contract has not is an error', () => {
  assert.throws(() => contractMethod('nodectl.v1.SystemService/Nothing'), /no method/);
  assert.throws(() => contractMethod('nodectl.v1.GetNodeRequest/x'), /no method/);
  assert.throws(() => serviceMethods('nodectl.v1.Nothing'), /no service/);
  assert.throws(() => encodeMessage('nodectl.v1.Nothing', {}), /no type/);
});

test('a method that is asked how it streams loads no type', () => {
  const code = `
    import protobuf from 'protobufjs/light.js';
    import { contractMethod, serviceMethods } from ${JSON.stringify(join(import.meta.dirname, 'contract.ts'))};
    let made = 0;
    const { fromJSON } = protobuf.Type;
    protobuf.Type.fromJSON = (...args) => { made++; return fromJSON(...args); };
    for (const name of serviceMethods('nodectl.v1.NicService')) contractMethod('nodectl.v1.NicService/' + name).responseStream;
    console.log(made);
    contractMethod('nodectl.v1.SystemService/GetVersion').request.encode({});
    console.log(made);`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    cwd: join(import.meta.dirname, '..'),
  });
  const [before, after] = output.trim().split('\n').map(Number);
  assert.equal(before, 0);
  assert.ok((after ?? 99) <= 2, output);
});
