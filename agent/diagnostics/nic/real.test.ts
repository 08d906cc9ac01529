/** The real thing: interfaces in a network namespace of their own through the real ethtool, and neighbours through real lldpd. */

import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseLldpdJson } from './lldp/lldpd-json.ts';
import { parseLldpdKeyValue, parseLldpdText } from './lldp/lldpd-text.ts';

const installed = (program: string) => spawnSync(program, ['--version']).error === undefined;

function without(...programs: string[]): string | false {
  if (process.getuid?.() !== 0) return 'needs root, to make network namespaces';
  const missing = programs.find((program) => !installed(program));
  if (missing) return `needs ${missing}`;
  const probe = spawnSync('ip', ['netns', 'add', `nodectl-probe-${process.pid}`]);
  spawnSync('ip', ['netns', 'delete', `nodectl-probe-${process.pid}`]);
  return probe.status === 0 ? false : 'network namespaces cannot be made here';
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

test('veth, bridge and an odd name in a namespace, through every form of the real ethtool', {
  skip: without('ip', 'ethtool'),
}, (t) => {
  const space = `nodectl-nic-${process.pid}`;
  ip('netns', 'add', space);
  t.after(() => ip('netns', 'delete', space));
  const odd = 'we!rd$;{}';
  ip('-n', space, 'link', 'add', 'va', 'type', 'veth', 'peer', 'name', odd);
  ip('-n', space, 'link', 'add', 'br0', 'type', 'bridge');
  ip('-n', space, 'link', 'set', odd, 'master', 'br0', 'mtu', '1400');
  for (const name of ['va', odd, 'br0']) ip('-n', space, 'link', 'set', name, 'up');
  const output = execFileSync(
    'ip',
    ['netns', 'exec', space, process.execPath, join(import.meta.dirname, 'testing-read.ts')],
    { encoding: 'utf8' },
  );
  const { interfaces, forms, problems } = JSON.parse(output);
  const shown = interfaces.map((one: Record<string, unknown>) =>
    `${one.name} ${one.kind} ${one.up} ${one.mtu} ${one.master ?? ''}`.trim(),
  );
  assert.deepEqual(
    shown.sort(),
    [
      'br0 bridge true 1400',
      'lo loopback false 65536',
      'va veth true 1500',
      `${odd} veth true 1400 br0`,
    ].sort(),
  );
  assert.deepEqual(problems, []);
  assert.equal(forms.va['-i'].driver, 'veth');
  assert.equal(forms.va[''].speedMbps, 10_000);
  assert.equal(forms.va[''].link, true);
  assert.equal(typeof forms.va['-S'].peer_ifindex, 'number');
  assert.equal(typeof forms[odd]['-k']['generic-receive-offload'].on, 'boolean');
  assert.ok(forms.va['-T'].capabilities.includes('software-transmit'));
  for (const [name, own] of Object.entries(forms) as [string, Record<string, unknown>][])
    for (const [option, value] of Object.entries(own))
      assert.ok(
        typeof value !== 'string' || value === 'unavailable: absent',
        `ethtool ${option} ${name}: ${value}`,
      );
});

test('five hundred interfaces are read and judged', { skip: without('ip', 'ethtool') }, (t) => {
  const space = `nodectl-many-${process.pid}`;
  ip('netns', 'add', space);
  t.after(() => ip('netns', 'delete', space));
  const batch = Array.from({ length: 250 }, (_, at) =>
    [`link add va${at} type veth peer name vb${at}`, `link set va${at} up`, `link set vb${at} up`].join('\n'),
  ).join('\n');
  execFileSync('ip', ['-n', space, '-batch', '-'], { input: batch });
  const program = join(import.meta.dirname, 'testing-judge.ts');
  const output = execFileSync('ip', ['netns', 'exec', space, process.execPath, program], {
    encoding: 'utf8',
  });
  const { interfaces, statuses, problems } = JSON.parse(output);
  assert.equal(interfaces, 501);
  assert.deepEqual(problems, []);
  assert.equal(statuses.failed ?? 0, 0);
  assert.ok(statuses.ok > 0, JSON.stringify(statuses));
});

/** Ends a child that the test started; one that does not go when asked is killed. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  const killer = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await gone;
  clearTimeout(killer);
}

test('two lldpd that hear each other, in all of their formats', {
  skip: without('ip', 'lldpcli', 'lldpd', 'unshare'),
  timeout: 60_000,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-lldp-'));
  const spaces = ['a', 'b'].map((one) => `nodectl-lldp-${one}-${process.pid}`);
  // lldpd gives up its rights and must still reach its socket.
  chmodSync(folder, 0o755);
  const daemons: ChildProcess[] = [];
  t.after(async () => {
    // Each by its own id: the namespace goes with the last process in it.
    for (const daemon of daemons) await ended(daemon);
    for (const space of spaces) spawnSync('ip', ['netns', 'delete', space]);
    rmSync(folder, { recursive: true, force: true });
  });
  for (const space of spaces) ip('netns', 'add', space);
  const [a = '', b = ''] = spaces;
  ip('-n', a, 'link', 'add', 'va', 'type', 'veth', 'peer', 'name', 'vb', 'netns', b);
  ip('-n', a, 'link', 'set', 'va', 'up');
  ip('-n', b, 'link', 'set', 'vb', 'up');
  for (const [space, name] of [
    [a, 'va'],
    [b, 'vb'],
  ] as const) {
    // lldpd wants its folder in /run: it gets a /run of its own.
    const script =
      'mount -t tmpfs none /run && mkdir -p /run/lldpd && exec lldpd -d -u "$1" -p "$1.pid" -I "$2" -S "Test OS firmware 4.30.4M on $2"';
    daemons.push(
      spawn(
        'ip',
        [
          'netns',
          'exec',
          space,
          'unshare',
          '-m',
          'sh',
          '-c',
          script,
          'sh',
          join(folder, `${name}.sock`),
          name,
        ],
        { stdio: 'ignore' },
      ),
    );
  }
  const show = (...args: string[]) =>
    spawnSync('lldpcli', ['-u', join(folder, 'vb.sock'), ...args, 'show', 'neighbors', 'details'], {
      encoding: 'utf8',
      timeout: 5_000,
    }).stdout;
  let found: ReturnType<typeof parseLldpdJson> = [];
  for (let tries = 0; found.length === 0 && tries < 300; tries++) {
    // The first frame is lost where the other side was not yet there; the next would follow after 30 seconds.
    if (tries % 5 === 4) spawnSync('lldpcli', ['-u', join(folder, 'va.sock'), 'update'], { timeout: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const text = show('-f', 'json');
    if (text.trim() !== '') found = parseLldpdJson(text);
  }
  const [one] = found;
  assert.deepEqual(
    [one?.interface, one?.protocol, one?.description],
    ['vb', 'LLDP', 'Test OS firmware 4.30.4M on va'],
  );
  assert.deepEqual(one?.capabilities, ['Station']);
  assert.equal(one?.portDescription, 'va');
  const same = (others: typeof found) => assert.deepEqual(others, found);
  same(parseLldpdJson(show('-f', 'json0')));
  const plain = ({
    interface: name,
    chassisId,
    system,
    description,
    port,
    portDescription,
    capabilities,
  }: NonNullable<typeof one>) => ({
    ...{ name, chassisId, system, description, port, portDescription, capabilities },
  });
  assert.deepEqual(parseLldpdText(show()).map(plain), found.map(plain));
  assert.deepEqual(parseLldpdKeyValue(show('-f', 'keyvalue')).map(plain), found.map(plain));
});
