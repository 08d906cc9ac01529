/** Where the PKI is, and how its passphrase is asked for. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Failure } from '../../../proto/failure.ts';
import { whyNotRead } from '../../not-read.ts';
import { type Session, text } from '../../session.ts';

/** The folder of the PKI: --dir, $NODECTL_PKI, or nodectl/pki in the user's data folder. */
export function pkiFolder(session: Session): string {
  const chosen = text(session, 'dir') ?? session.env.NODECTL_PKI;
  if (chosen) return resolve(chosen);
  const { HOME, XDG_DATA_HOME } = session.env;
  return join(XDG_DATA_HOME || join(HOME || homedir(), '.local', 'share'), 'nodectl', 'pki');
}

/** The passphrase from --passphrase-file, or asked for on the terminal without showing it. */
export async function passphrase(session: Session, question: string): Promise<string> {
  const file = text(session, 'passphraseFile');
  if (file !== undefined) {
    try {
      return readFileSync(file, 'utf8').split('\n')[0] ?? '';
    } catch (error) {
      throw new Failure('BAD_ARGUMENT', `the passphrase file ${file} cannot be read: ${whyNotRead(error)}`, {
        cause: error,
      });
    }
  }
  if (!process.stdin.isTTY)
    throw new Failure('BAD_ARGUMENT', `${question}: nobody can be asked here`, {
      hint: 'write --passphrase-file FILE, with the passphrase in its first line',
    });
  return askHidden(session, question);
}

/** Asks for a new passphrase, twice. */
export async function newPassphrase(session: Session, question: string): Promise<string> {
  const first = await passphrase(session, question);
  if (text(session, 'passphraseFile') !== undefined) return first;
  if ((await passphrase(session, 'The same once more')) !== first)
    throw new Failure('BAD_PASSPHRASE', 'the two passphrases differ', {
      hint: 'nothing was made; try again',
    });
  return first;
}

/** Reads a line from the terminal without echoing it. */
function askHidden(session: Session, question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(`${question}: `);
  return new Promise((resolve, reject) => {
    let typed = '';
    const end = (finish: () => void) => {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
      finish();
    };
    const take = (chunk: string) => {
      for (const character of chunk) {
        if (character === '\r' || character === '\n') return end(() => resolve(typed));
        if (character === '\x03' || session.signal.aborted)
          return end(() => reject(new Failure('CANCELLED', 'interrupted; nothing was changed')));
        if (character === '\x7f' || character === '\b') typed = [...typed].slice(0, -1).join('');
        else typed += character;
      }
    };
    stdin.setEncoding('utf8');
    stdin.setRawMode(true);
    stdin.on('data', take);
    stdin.resume();
  });
}
