/** `nodectl pki verify`. */

import { readFileSync } from 'node:fs';
import type { Finding } from '../../../pki/finding.ts';
import { Store } from '../../../pki/store.ts';
import { verifyPem } from '../../../pki/verify.ts';
import { verifyStore } from '../../../pki/verify-store.ts';
import { Failure } from '../../../proto/failure.ts';
import { whyNotRead } from '../../not-read.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { type Session, text } from '../../session.ts';
import { pkiFolder } from './folder.ts';

export async function run(session: Session): Promise<number> {
  const [file] = session.args;
  const findings =
    file === undefined ? verifyStore(new Store(pkiFolder(session))) : verifyPem(read(file), trustOf(session));
  const marks = {
    ok: session.terminal.style('green', 'ok     '),
    warning: session.terminal.style('yellow', 'WARNING'),
    error: session.terminal.style('red', 'ERROR  '),
  };
  for (const { level, sentence, hint } of findings) {
    await session.terminal.line(`${marks[level]} ${sentence}`);
    if (hint) await session.terminal.line(`        hint: ${hint}`);
  }
  return exitStatus(findings);
}

function exitStatus(findings: readonly Finding[]): number {
  if (findings.some(({ level }) => level === 'error')) return EXIT.criticals;
  return findings.some(({ level }) => level === 'warning') ? EXIT.warnings : EXIT.ok;
}

/** The roots to verify against: --trust, or the PKI's where there is one. */
function trustOf(session: Session): string | undefined {
  const file = text(session, 'trust');
  if (file !== undefined) return read(file);
  try {
    return new Store(pkiFolder(session)).trust();
  } catch {
    return undefined;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure('BAD_ARGUMENT', `${file} cannot be read: ${whyNotRead(error)}`, { cause: error });
  }
}
