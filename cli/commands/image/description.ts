/** What the options of `image build` say about an image, beside what is read out of it. */

import { statSync } from 'node:fs';
import { Failure } from '../../../proto/failure.ts';
import type { ImageHealthCheck, Manifest } from '../../../proto/image/manifest.ts';
import type { RangeSource } from '../../../proto/registry/blobs.ts';
import { parseDuration } from '../../duration.ts';
import type { Description } from '../../image/build/build.ts';
import { architectureOf, contentsOf } from '../../image/filesystem/contents.ts';
import { list, type Session, text } from '../../session.ts';
import { parseWhen } from '../../when.ts';

/** The value of an option that must be there. @throws Failure BAD_ARGUMENT */
export function required(session: Session, name: string, flags: string): string {
  const value = text(session, name);
  if (!value)
    throw new Failure('BAD_ARGUMENT', `${flags} is missing`, {
      hint: 'nodectl image build --help shows what is needed',
    });
  return value;
}

/** The description, from the options and the contents of root and kernel. @param note told what could not be read */
export async function describe(
  session: Session,
  root: RangeSource,
  kernel: RangeSource,
  note: (sentence: string) => void,
): Promise<Description> {
  const { found, notes } = await contentsOf(root, kernel, text(session, 'kernelRelease'));
  for (const sentence of notes) note(sentence);
  const created = creation(session);
  const modules = [...new Set([...(found.modules ?? []), ...list(session, 'driver')])].sort();
  const firmware = [...(found.firmware ?? []), ...list(session, 'firmware').map(firmwareOf)];
  const checks = list(session, 'check').map(checkOf);
  const deadline = text(session, 'deadline');
  return {
    ...found,
    name: text(session, 'name') ?? found.distribution ?? 'os',
    version: required(session, 'version', '--version'),
    serial: Number(required(session, 'serial', '--serial')),
    minSerial: Number(text(session, 'minSerial') ?? 0),
    compatible: await compatibles(session, kernel),
    created: rfc3339(created),
    ...optional('notAfter', notAfter(session, created)),
    ...optional('minAgent', text(session, 'minAgent')),
    ...optional('cmdline', text(session, 'cmdline')),
    ...(modules.length > 0 ? { modules } : {}),
    ...(firmware.length > 0 ? { firmware } : {}),
    ...(checks.length > 0 || deadline !== undefined
      ? { health: { checks, ...optional('deadlineSeconds', seconds(deadline)) } }
      : {}),
  };
}

async function compatibles(session: Session, kernel: RangeSource): Promise<string[]> {
  const named = list(session, 'compatible');
  const architecture = named.length > 0 ? undefined : await architectureOf(kernel);
  if (named.length > 0 || architecture !== undefined)
    return named.length > 0 ? named : [`nodectl-${architecture}`];
  throw new Failure('BAD_ARGUMENT', 'which machines it is for cannot be told from the kernel', {
    hint: 'name them as their agents’ settings do: --compatible NAME',
  });
}

function optional<Name extends string, T>(name: Name, value: T | undefined): { [key in Name]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: T });
}

/** In ms since the epoch: nothing that changes from one run to the next, so that the same inputs give the same image. */
function creation(session: Session): number {
  const given = text(session, 'created');
  if (given !== undefined) return parseWhen(given, '--created') / 1_000;
  const epoch = session.env.SOURCE_DATE_EPOCH;
  if (epoch !== undefined && /^\d{1,12}$/.test(epoch)) return Number(epoch) * 1_000;
  return statSync(text(session, 'root') ?? '').mtimeMs;
}

function notAfter(session: Session, created: number): string | undefined {
  const given = text(session, 'notAfter');
  if (given === undefined) return undefined;
  const duration = parseDuration(given);
  return rfc3339(duration === undefined ? parseWhen(given, '--not-after') / 1_000 : created + duration);
}

function rfc3339(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function seconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined)
    throw new Failure('BAD_ARGUMENT', `"${text}" is not a duration`, { hint: 'write for example 10m' });
  return Math.round(ms / 1_000);
}

function firmwareOf(given: string): NonNullable<Manifest['firmware']>[number] {
  const [, driver, file] = /^([^=]+)=(.+)$/.exec(given) ?? [];
  if (driver === undefined || file === undefined)
    throw new Failure('BAD_ARGUMENT', `"${given}" is no driver and firmware file`, {
      hint: 'write for example bnx2=bnx2/bnx2-mips-09-6.2.1b.fw',
    });
  return { driver, file };
}

function checkOf(given: string): ImageHealthCheck {
  const [, kind, value] = /^([a-z]+)(?:=(.+))?$/.exec(given) ?? [];
  if ((kind === 'kubelet' || kind === 'etcd') && value === undefined) return { kind };
  if (kind === 'unit' && value !== undefined) return { kind, name: value };
  if (kind === 'http' && value !== undefined) return { kind, url: value };
  const [, host, port] = /^(?:(.+):)?(\d{1,5})$/.exec(value ?? '') ?? [];
  if (kind === 'tcp' && port !== undefined)
    return { kind, port: Number(port), ...(host === undefined ? {} : { host }) };
  throw new Failure('BAD_ARGUMENT', `"${given}" is no check`, {
    hint: 'write unit=NAME, tcp=[HOST:]PORT, http=URL, kubelet or etcd',
  });
}
