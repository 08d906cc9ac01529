/** The scripts in the shells themselves. Each shell asks a nodectl from this checkout. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { completionScript } from './scripts.ts';

const top = join(import.meta.dirname, '..', '..');
let folder = '';
let env: Record<string, string> = {};

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodectl-completion-'));
  const config = join(folder, 'config.yaml');
  const nodes = ['web-1', 'web-2', 'db-1'].map((name) => ({
    name,
    addresses: ['127.0.0.1:1'],
    labels: { rack: name === 'db-1' ? 'b' : 'a' },
  }));
  // JSON is YAML.
  const lab = { trust: 'root.crt', credential: 'me.pem', nodes };
  writeFileSync(config, JSON.stringify({ current: 'lab', contexts: { lab } }), { mode: 0o600 });
  env = { PATH: `${top}:${process.env.PATH}`, HOME: folder, NODECTL_CONFIG: config };
});

after(() => rmSync(folder, { recursive: true }));

/** Why a shell's test is left out, or false. */
function absent(shell: string): string | false {
  return spawnSync(shell, ['-c', 'true']).status === 0 ? false : `${shell} is not installed`;
}

const BASH = `
source /dev/stdin <<< "$SCRIPT"
COMP_LINE=$1 COMP_POINT=\${#1}
spaced=\${1//=/ = }
read -ra COMP_WORDS <<< "$spaced"
[[ $1 == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_nodectl
printf '%s\\n' "\${COMPREPLY[@]}"
`;

test('bash', { skip: absent('bash') }, () => {
  const complete = (line: string) =>
    execFileSync('bash', ['-c', BASH, 'bash', line], {
      encoding: 'utf8',
      env: { ...env, SCRIPT: completionScript('bash') },
      cwd: folder,
    })
      .trim()
      .split('\n');
  assert.deepEqual(complete('nodectl nodes l'), ['list', 'label']);
  assert.deepEqual(complete('nodectl logs -n web-1,w'), ['web-1,web-2']);
  // Readline replaces only what stands behind the "=".
  assert.deepEqual(complete('nodectl logs --node=w'), ['web-1', 'web-2']);
  assert.deepEqual(complete('nodectl logs -l rack='), ['a', 'b']);
  assert.deepEqual(complete('nodectl context use '), ['lab']);
  assert.deepEqual(complete('nodectl context add x --trust=conf'), ['config.yaml']);
  assert.deepEqual(complete('nodectl frobnicate '), complete('nodectl '));
});

test('a line is completed without running what stands in it', { skip: absent('bash') }, () => {
  const out = execFileSync('bash', ['-c', BASH, 'bash', 'nodectl $(touch ran) `touch ran` get n'], {
    encoding: 'utf8',
    env: { ...env, SCRIPT: completionScript('bash') },
    cwd: folder,
  });
  assert.equal(out.trim(), 'nodes');
  assert.equal(spawnSync('ls', ['ran'], { cwd: folder }).status === 0, false);
});

test('zsh', { skip: absent('zsh') }, () => {
  // The completion system runs in an interactive shell only, so its commands are replaced by ones that print.
  const script = `
    compdef() { : }
    compadd() { while [[ $1 != -a ]]; do shift; done; print -l -- \${(P)2} }
    source /dev/stdin <<< "$SCRIPT"
    words=("$@") CURRENT=$#
    _nodectl
  `;
  const complete = (...words: string[]) =>
    execFileSync('zsh', ['-f', '-c', script, 'zsh', ...words], {
      encoding: 'utf8',
      env: { ...env, SCRIPT: completionScript('zsh') },
    })
      .trim()
      .split('\n');
  assert.deepEqual(complete('nodectl', 'nodes', 'l'), ['list', 'label']);
  assert.deepEqual(complete('nodectl', 'logs', '-l', 'rack='), ['rack=a', 'rack=b']);
  assert.deepEqual(complete('nodectl', 'logs', '-n', 'web-1,'), ['web-1,web-2', 'web-1,db-1']);
});

test('fish', { skip: absent('fish') }, () => {
  const complete = (line: string) =>
    execFileSync('fish', ['--no-config', '-c', 'source $file; complete -C "$line"'], {
      encoding: 'utf8',
      env: { ...env, line, file: scriptFile() },
    })
      .trim()
      .split('\n')
      .map((one) => one.split('\t')[0]);
  assert.deepEqual(complete('nodectl nodes l').sort(), ['label', 'list']);
  assert.deepEqual(complete('nodectl logs --node=w').sort(), ['--node=web-1', '--node=web-2']);
  assert.deepEqual(complete('nodectl logs -l rack=').sort(), ['rack=a', 'rack=b']);
});

function scriptFile(): string {
  const path = join(folder, 'nodectl.fish');
  writeFileSync(path, completionScript('fish'));
  return path;
}
