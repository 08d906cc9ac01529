/** Section "users": accounts by the shadow tools (useradd(8), usermod(8), userdel(8), chpasswd(8)), and their SSH keys. */

import type { Document } from '../../../proto/config/document.ts';
import { pointerOf } from '../../../proto/config/seal.ts';
import { Failure } from '../../../proto/failure.ts';
import type { Machine } from '../../host/machine.ts';
import { accountRows, groupsOf } from '../account-files.ts';
import { managedFile } from '../managed-file.ts';
import type { ConfigHost, Difference, Resource } from '../resource.ts';
import type { Unseal } from '../seal-key.ts';

type User = NonNullable<Document['users']>[string];

/** An account as the machine has it. */
interface Account {
  readonly exists: boolean;
  readonly uid: string;
  readonly home: string;
  readonly shell: string;
  /** Supplementary groups, sorted. */
  readonly groups: readonly string[];
  /** Of shadow(5): a hash, or what lets nobody in. */
  readonly password: string;
}

const NOBODY_HOME: Account = { exists: false, uid: '', home: '', shell: '', groups: [], password: '' };
const NO_SHELL = '/usr/sbin/nologin';
const TOOL_MS = 30_000;

/** The resources of the section. */
export function userResources({ users = {} }: Document, unseal: Unseal): Resource[] {
  return Object.entries(users).flatMap(([name, user]) => {
    const hash =
      user.password === undefined
        ? undefined
        : unseal(user.password, pointerOf('users', name, 'password'))
            .toString()
            .trim();
    const account = accountResource(name, user, hash);
    if (user.absent || user.sshKeys === undefined) return [account];
    const home = user.home ?? `/home/${name}`;
    const keys = managedFile({
      path: `${home}/.ssh/authorized_keys`,
      content: Buffer.from(user.sshKeys.map((key) => `${key}\n`).join('')),
      ...{ mode: 0o600, owner: name, group: name, after: [`user/${name}`] },
    });
    return [account, keys];
  });
}

function accountResource(name: string, user: User, hash: string | undefined): Resource {
  return {
    id: `user/${name}`,
    ...{ after: [], effect: 'live', risksConnection: false, activates: [] },
    observe: async ({ machine }) => account(machine, name),
    compare: (snapshot) => compare(snapshot as Account, user, hash),
    apply: async (host) => {
      const is = account(host.machine, name);
      if (user.absent) {
        if (is.exists) await tool(host, 'userdel', ['--', name]);
        return;
      }
      const { uid, home = `/home/${name}`, shell = NO_SHELL, groups } = user;
      const fields = [
        ...['--home-dir', home, '--shell', shell],
        ...(uid === undefined ? [] : ['--uid', String(uid)]),
        ...(groups === undefined ? [] : ['--groups', groups.join(',')]),
      ];
      if (!is.exists) await tool(host, 'useradd', ['--create-home', '--user-group', ...fields, '--', name]);
      // usermod calls a home what useradd calls a home directory.
      else
        await tool(host, 'usermod', [
          ...fields.map((one) => (one === '--home-dir' ? '--home' : one)),
          '--',
          name,
        ]);
      if (hash !== undefined && is.password !== hash) await setPassword(host, name, hash);
    },
    restore: async (host, snapshot) => {
      const before = snapshot as Account;
      const is = account(host.machine, name);
      if (!before.exists) {
        if (is.exists) await tool(host, 'userdel', ['--', name]);
        return;
      }
      const fields = ['--shell', before.shell, '--uid', before.uid, '--groups', before.groups.join(',')];
      if (is.exists) await tool(host, 'usermod', ['--home', before.home, ...fields, '--', name]);
      else
        await tool(host, 'useradd', ['--no-create-home', '--home-dir', before.home, ...fields, '--', name]);
      if (is.password !== before.password && before.password !== '')
        await setPassword(host, name, before.password);
    },
  };
}

/** An account from passwd(5), group(5) and shadow(5). */
function account(machine: Machine, name: string): Account {
  const entry = accountRows(machine, 'etc/passwd').find(([login]) => login === name);
  if (!entry) return NOBODY_HOME;
  const [, , uid = '', , , home = '', shell = ''] = entry;
  const groups = groupsOf(accountRows(machine, 'etc/group'), name);
  const [, password = ''] = accountRows(machine, 'etc/shadow').find(([login]) => login === name) ?? [];
  return { exists: true, uid, home, shell, groups: groups.sort(), password };
}

function compare(is: Account, user: User, hash: string | undefined): Difference[] {
  if (user.absent) return is.exists ? [{ field: 'account', from: 'there', to: 'absent' }] : [];
  if (!is.exists) return [{ field: 'account', from: 'absent', to: 'there' }];
  const differences: Difference[] = [];
  const hold = (field: string, from: string, to: string | undefined) => {
    if (to !== undefined && from !== to) differences.push({ field, from, to });
  };
  hold('uid', is.uid, user.uid === undefined ? undefined : String(user.uid));
  hold('shell', is.shell, user.shell ?? NO_SHELL);
  hold('home', is.home, user.home);
  hold(
    'groups',
    is.groups.join(','),
    user.groups === undefined ? undefined : [...user.groups].sort().join(','),
  );
  if (hash !== undefined && is.password !== hash)
    differences.push({ field: 'password', from: 'another value', to: 'the sealed value' });
  return differences;
}

async function setPassword(host: ConfigHost, name: string, hash: string): Promise<void> {
  if (/[:\n]/.test(hash))
    throw new Failure('BAD_DOCUMENT', `the sealed password of ${name} is no hash of shadow(5)`, {
      hint: 'seal what mkpasswd prints, in one line',
    });
  // On standard input, since everybody on the machine can read command lines.
  await tool(host, 'chpasswd', ['--encrypted'], `${name}:${hash}\n`);
}

async function tool(
  { machine }: ConfigHost,
  program: string,
  args: readonly string[],
  input?: string,
): Promise<void> {
  const limits = { timeoutMs: TOOL_MS, ...(input === undefined ? {} : { input }) };
  const { code, stderr } = await machine.run(program, args, limits);
  if (code === 0) return;
  throw new Failure('HOST_CHANGE_FAILED', `${program} failed: ${stderr.split('\n')[0] || `status ${code}`}`);
}
