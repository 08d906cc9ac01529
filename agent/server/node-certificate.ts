/**
 * The node's certificate: got with a token when there is none, taken up again when its files change, renewed at two thirds of
 * its life, and spoken of in warnings when any of that fails.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../pki/atomic-file.ts';
import { judgeStatement, rootOfChain, type TrustOutcome } from '../../pki/hand-over.ts';
import type { Pair } from '../../pki/pair.ts';
import { loadNodeFolder, type NodeFolder, saveTrust, watchNodeFolder } from '../../pki/pair-file.ts';
import { renewalTime, retryDelay } from '../../pki/renewal.ts';
import { parseToken } from '../../pki/token.ts';
import { Failure } from '../../proto/failure.ts';
import { makeFolder } from '../../proto/make-folder.ts';
import type { StatusName } from '../../proto/reasons.ts';
import type { Log } from '../../proto/serve/log.ts';
import { sleep } from '../../proto/sleep.ts';
import type { Answer, CertificateSource, Hints } from './issuer-client.ts';

/** The longest wait before the clock is looked at again: it may have been set, and timers end at 24 days. */
const STEP_MS = 86_400_000;
const RENEWAL_FILE = 'renewal-address';
/** First enrolment is tried again this long while the issuer cannot be reached; then systemd may decide. */
const ENROL_FOR_MS = 5 * 60_000;
const ENROL_PAUSE_MS = 5_000;
/** An answer that was late can be asked for again as one that was lost: for the same token and key an issuer gives the same. */
const ENROL_AGAIN: readonly StatusName[] = ['UNAVAILABLE', 'DEADLINE_EXCEEDED'];

/** What a node's certificate needs. */
export interface CertificateOptions {
  /** The state folder. */
  readonly folder: string;
  readonly source: CertificateSource;
  /** The token, asked for only where there is no certificate in force. */
  readonly token: () => string | undefined;
  readonly hints: () => Hints;
  readonly log: Log;
  /** Ends the waiting for an issuer. */
  readonly signal: AbortSignal;
  /** Milliseconds between two tries to enrol; only tests give any. */
  readonly pauseMs?: number;
}

/** A node's certificate at work. */
export class NodeCertificate {
  readonly #options: CertificateOptions;
  #now: NodeFolder;
  #changed: (now: NodeFolder) => void = () => undefined;
  #stopWatching: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #renewalProblem = '';
  #fileProblem = '';
  #due: number;

  private constructor(options: CertificateOptions, now: NodeFolder) {
    this.#options = options;
    this.#now = now;
    this.#fileProblem = now.problem?.message ?? '';
    this.#due = renewalTime(now.pair.identity);
  }

  /** Loads the certificate, or enrols. Throws a Failure where there is neither a certificate nor a way to one. */
  static async open(options: CertificateOptions): Promise<NodeCertificate> {
    makeFolder(options.folder);
    const found = look(options.folder);
    if (found && !(found instanceof Failure))
      return new NodeCertificate(options, await enrolledAnew(options, found));
    await firstCertificate(options, found);
    const enrolled = loadNodeFolder(options.folder);
    if (!enrolled) throw new Failure('INTERNAL', 'the certificate was not found right after it was stored');
    return new NodeCertificate(options, enrolled);
  }

  get pair(): Pair {
    return this.#now.pair;
  }

  /** The roots in PEM. */
  get trust(): string {
    return this.#now.trust;
  }

  /** What a person should know, each one sentence. */
  get warnings(): string[] {
    const { notBefore, notAfter } = this.pair.identity;
    // A machine without a clock that runs on boots in the past; the agent may not set it.
    const early =
      Date.now() < notBefore
        ? [`this clock is before the certificate began (${iso(notBefore)}): nobody is let in until it is set`]
        : [];
    const expired = Date.now() >= notAfter ? [`the certificate ended ${iso(notAfter)}`] : [];
    const late = this.#renewalProblem
      ? [`the certificate ends ${iso(notAfter)} and could not be renewed: ${this.#renewalProblem}`]
      : [];
    return [...early, ...expired, ...late, ...(this.#fileProblem ? [this.#fileProblem] : [])];
  }

  /** Begins to watch the files and the clock. `changed` takes the new pair into use and throws where it cannot. */
  start(changed: (now: NodeFolder) => void): void {
    for (const why of this.warnings)
      this.#options.log.warn({ why }, 'something is wrong with the certificate');
    this.#changed = changed;
    this.#stopWatching = watchNodeFolder(this.#options.folder, (found) => this.#found(found));
    this.#schedule();
  }

  /** Ends watching and renewing. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#stopWatching();
  }

  /** Renews now. Throws the Failure of the issuer. */
  async renew(): Promise<void> {
    const { folder, source, hints } = this.#options;
    const { renewNode } = await import('../../pki/enrol.ts');
    await renewNode(folder, this.pair.identity.name, (csr) => source.renew(this.#now, csr, hints()));
    const found = loadNodeFolder(folder);
    if (found) this.#found(found);
  }

  /**
   * Takes a statement of a trusted root into the node's trust, or only says what it would do. Throws as judgeStatement does, and
   * ROOT_IN_USE where the node's own certificate leads to the root that is to go.
   */
  changeTrust(statement: string, validateOnly: boolean): TrustOutcome & { own: string } {
    const { folder } = this.#options;
    const outcome = judgeStatement(statement, this.trust);
    const root = rootOfChain(this.pair.chain, outcome.roots);
    if (!root)
      throw new Failure('ROOT_IN_USE', 'the certificate of this node is of the root that is to go', {
        hint: 'have it renewed by an issuer of the new root first',
      });
    if (outcome.changed && !validateOnly) {
      saveTrust(folder, outcome.roots.map(String).join(''));
      const found = loadNodeFolder(folder);
      if (found) this.#found(found);
    }
    return { ...outcome, own: root.fingerprint256 };
  }

  #found(found: NodeFolder | Failure): void {
    const { log } = this.#options;
    const problem = found instanceof Failure ? found : found.problem;
    if ((problem?.message ?? '') !== this.#fileProblem && problem)
      log.error({ reason: problem.reason, why: problem.message }, 'the certificate on disk cannot be used');
    this.#fileProblem = problem?.message ?? '';
    if (found instanceof Failure || same(found, this.#now)) return;
    try {
      this.#changed(found);
    } catch (error) {
      this.#fileProblem = Failure.from(error).message;
      log.error({ err: error }, 'the new certificate could not be taken into use; the last good one stays');
      return;
    }
    const renewed = found.pair.identity.serial !== this.pair.identity.serial;
    this.#now = found;
    if (renewed) {
      this.#failures = 0;
      this.#renewalProblem = '';
      this.#due = renewalTime(found.pair.identity);
      this.#schedule();
    }
    const { serial, notAfter } = found.pair.identity;
    log.info({ serial, notAfter: iso(notAfter) }, 'a new certificate or trust bundle is in use');
  }

  #schedule(wait = this.#due - Date.now()): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), Math.min(Math.max(wait, 0), STEP_MS)).unref();
  }

  #tick(): void {
    if (Date.now() < this.#due) this.#schedule();
    else void this.#renewOrRetry();
  }

  async #renewOrRetry(): Promise<void> {
    try {
      await this.renew();
    } catch (error) {
      const failure = Failure.from(error);
      const wait = retryDelay(++this.#failures, this.pair.identity, Date.now());
      this.#renewalProblem = failure.message;
      const fields = { reason: failure.reason, why: failure.message, failures: this.#failures };
      this.#options.log.warn(
        { ...fields, againInMs: Math.round(wait) },
        'the certificate could not be renewed',
      );
      this.#schedule(wait);
    }
  }
}

/** What a folder holds, or why nothing in it can be used. */
function look(folder: string): NodeFolder | Failure | undefined {
  try {
    return loadNodeFolder(folder);
  } catch (error) {
    return Failure.from(error);
  }
}

/**
 * Enrols where the folder holds no pair, or only what a disk has damaged, its copy too. Throws what was wrong with the folder, if anything
 * was: a token that has done its work is no news then.
 */
async function firstCertificate(options: CertificateOptions, damaged: Failure | undefined): Promise<void> {
  const { folder, log } = options;
  try {
    const token = options.token();
    if (token !== undefined) return await enrolPatiently(options, token);
  } catch (error) {
    if (!damaged) throw error;
    const { reason, message } = Failure.from(error);
    log.warn({ reason, why: message }, 'the certificate is damaged, and the token gives no new one');
  }
  throw (
    damaged ??
    new Failure('NO_CERTIFICATE', `there is no certificate in ${folder} and no token to get one`, {
      hint: 'make a token with "nodectl pki token NAME" and start with --issuer HOST:PORT --token-file FILE',
    })
  );
}

/**
 * Enrols, and tries again for a while where the issuer cannot be reached, is slow, or is not valid yet: at boot the network may not be there, and
 * the clock of a machine without one that runs on may not be set.
 */
async function enrolPatiently(options: CertificateOptions, token: string): Promise<void> {
  const { log, signal } = options;
  // Not by the clock, which may be set meanwhile.
  const until = performance.now() + ENROL_FOR_MS;
  for (;;) {
    try {
      await enrolOnce(options, token);
      return;
    } catch (error) {
      const failure = Failure.from(error);
      const mayPass = failure.reason === 'CERTIFICATE_NOT_YET_VALID' || ENROL_AGAIN.includes(failure.status);
      if (!mayPass || performance.now() >= until || signal.aborted) throw failure;
      log.warn({ reason: failure.reason, why: failure.message }, 'enrolling failed; it is tried again');
      await sleep(options.pauseMs ?? ENROL_PAUSE_MS, signal);
    }
  }
}

async function enrolOnce({ folder, source, hints, log }: CertificateOptions, token: string): Promise<void> {
  const { enrolNode } = await import('../../pki/enrol.ts');
  const { pair, answer } = await enrolNode<Answer>(folder, token, (csr, pin) =>
    source.enrol(token, csr, pin, hints()),
  );
  if (answer.renewalAddress) writeFileAtomic(join(folder, RENEWAL_FILE), `${answer.renewalAddress}\n`);
  log.info({ node: pair.identity.name, serial: pair.identity.serial }, 'enrolled');
}

/**
 * The folder's pair, or one for a new token where that has ended: an issuer renews no ended certificates, and nobody can log in
 * to clear the folder. Where that fails the ended one stays, since it may be the clock that is wrong, or the token an old one.
 */
async function enrolledAnew(options: CertificateOptions, found: NodeFolder): Promise<NodeFolder> {
  const { name, notAfter } = found.pair.identity;
  if (notAfter > Date.now()) return found;
  const { log, folder } = options;
  try {
    const token = options.token();
    if (token === undefined) return found;
    const { node } = parseToken(token);
    if (node !== name)
      throw new Failure('WRONG_NODE', `the token is for "${node}", and this node is "${name}"`);
    await enrolOnce(options, token);
    return loadNodeFolder(folder) ?? found;
  } catch (error) {
    const { reason, message } = Failure.from(error);
    log.warn({ reason, why: message }, 'the certificate has ended, and the token gives no new one');
    return found;
  }
}

/** Where the issuer said that this node should renew, or undefined where it said nothing. */
export function renewalAddress(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, RENEWAL_FILE), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

function same(a: NodeFolder, b: NodeFolder): boolean {
  return a.pair.chain === b.pair.chain && a.pair.key === b.pair.key && a.trust === b.trust;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
