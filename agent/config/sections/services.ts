/** Sections "services" and "ssh", and the units behind "storage". */

import type { Document } from '../../../proto/config/document.ts';
import { managedFile } from '../managed-file.ts';
import type { Resource } from '../resource.ts';
import { RELOAD_SYSTEMD, restartUnit } from '../systemd.ts';
import { unitResource } from '../unit.ts';

/** Where units of the administrator stand (systemd.unit(5)). */
const UNITS = '/etc/systemd/system';

/** The resources of "services". */
export function serviceResources({ services = {} }: Document): Resource[] {
  return Object.entries(services).flatMap(([name, { enabled, started, masked, unit, dropIns = {} }]) => {
    const activates = [RELOAD_SYSTEMD, restartUnit(name)];
    const files = [
      ...(unit === undefined ? [] : [{ path: `${UNITS}/${name}`, text: unit }]),
      ...Object.entries(dropIns).map(([drop, text]) => ({
        path: `${UNITS}/${name}.d/${drop.endsWith('.conf') ? drop : `${drop}.conf`}`,
        text,
      })),
    ].map(({ path, text }) => managedFile({ path, content: Buffer.from(text), activates }));
    const states = enabled ?? started ?? masked;
    return states === undefined ? files : [...files, unitResource({ name, enabled, started, masked })];
  });
}

/** What sshd is called: Debian and others, and what starts it by socket. */
const SSH_UNITS = ['ssh.service', 'sshd.service', 'ssh.socket', 'sshd.socket'];

/** The resources of "ssh". Without the section sshd is masked: nobody logs in to a node. */
export function sshResources({ ssh }: Document): Resource[] {
  const masked = !(ssh?.enabled ?? false);
  return SSH_UNITS.map((name) => unitResource({ name, masked, ifPresent: true }));
}

/** The resources of "storage": a mount unit for each mount. */
export function storageResources({ storage }: Document): Resource[] {
  return Object.entries(storage?.mounts ?? {}).flatMap(([path, { source, type, options = [], required }]) => {
    const name = `${escapedPath(path)}.mount`;
    const text = [
      '[Unit]',
      `Description=${path}`,
      `Before=${required ? 'local-fs.target' : 'multi-user.target'}`,
      '',
      '[Mount]',
      `What=${doubled(source)}`,
      `Where=${doubled(path)}`,
      `Type=${type}`,
      ...(options.length > 0 ? [`Options=${doubled(options.join(','))}`] : []),
      '',
      '[Install]',
      `${required ? 'RequiredBy=local-fs.target' : 'WantedBy=multi-user.target'}`,
      '',
    ].join('\n');
    return [
      managedFile({
        path: `${UNITS}/${name}`,
        content: Buffer.from(text),
        activates: [RELOAD_SYSTEMD, restartUnit(name)],
      }),
      unitResource({ name, enabled: true, started: true }),
    ];
  });
}

/** A percent sign begins a specifier in units. */
function doubled(text: string): string {
  return text.replaceAll('%', '%%');
}

/** A path as a unit is named after it: `systemd-escape --path` (systemd.unit(5), "String escaping"). */
export function escapedPath(path: string): string {
  const inner = path
    .split('/')
    .filter((part) => part !== '')
    .join('/');
  if (inner === '') return '-';
  return [...Buffer.from(inner)]
    .map((byte, at) => {
      const character = String.fromCharCode(byte);
      if (character === '/') return '-';
      const plain = /[A-Za-z0-9:_.]/.test(character) && !(at === 0 && character === '.');
      return plain ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}
