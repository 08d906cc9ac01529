/**
 * The audit log: append-only files of JSON lines, chained, flushed to disk before an answer goes out, bounded in size. Agent
 * and issuer write the same format. Where it cannot be written, calls that change something are refused.
 */

import { createHash } from 'node:crypto';
import { renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { type FileHandle, open, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../../pki/atomic-file.ts';
import { Failure } from '../../failure.ts';
import { makeFolder } from '../../make-folder.ts';
import type { AuditEntry, AuditSink } from '../audit.ts';
import type { Log } from '../log.ts';
import { type ChainHead, GENESIS, headerLine, recordLine } from './chain.ts';
import { auditFiles, CURRENT, fileEnd, newestHead, olderName } from './files.ts';

/** The bounds of a log. */
export interface AuditLimits {
  /** A file is closed and renamed when it has this many bytes. */
  readonly fileBytes: number;
  /** How many files are kept; the oldest go first. */
  readonly files: number;
}

/** 64 MiB in all: some 200,000 records. */
const DEFAULT_LIMITS: AuditLimits = { fileBytes: 8 * 1024 * 1024, files: 8 };
/** With less space than this a record might not fit, and then it is too late to refuse the call. */
const RESERVE_BYTES = 1024 * 1024;
/** The method of the record that says that a torn line was found. */
const RECOVERED = 'nodectl.audit/Recovered';

/** An open audit log. One process writes to a folder. */
export class AuditLog implements AuditSink {
  /** Where the files are. */
  readonly folder: string;
  /** Troubles that a person should know of, each one sentence. */
  readonly warnings: string[] = [];
  readonly #limits: AuditLimits;
  readonly #log: Log;
  readonly #now: () => number;
  #head: ChainHead = GENESIS;
  #file: FileHandle | undefined;
  #inode = 0;
  #size = 0;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, log: Log, limits: AuditLimits, now: () => number) {
    this.folder = folder;
    this.#log = log;
    this.#limits = limits;
    this.#now = now;
  }

  /** Opens the log in a folder, and makes both where they are missing. Throws AUDIT_UNAVAILABLE. */
  static async open(
    folder: string,
    log: Log,
    limits: AuditLimits = DEFAULT_LIMITS,
    now: () => number = Date.now,
  ): Promise<AuditLog> {
    const audit = new AuditLog(folder, log, limits, now);
    try {
      makeFolder(folder);
      await audit.#openCurrent();
    } catch (cause) {
      throw unavailable(folder, cause);
    }
    return audit;
  }

  /** The newest record. */
  get head(): ChainHead {
    return this.#head;
  }

  /** Throws AUDIT_UNAVAILABLE where the next record could not be written. */
  ready(): Promise<void> {
    return this.#next(async () => {
      const { bavail, bsize } = statfsSync(this.folder);
      if (bavail * bsize < RESERVE_BYTES) throw new Error('the disk is full');
      await this.#checkCurrent();
    });
  }

  /** Writes a record. Resolves when it is on disk. Throws AUDIT_UNAVAILABLE. */
  append(entry: AuditEntry): Promise<ChainHead> {
    return this.#next(async () => {
      await this.#checkCurrent();
      if (this.#size >= this.#limits.fileBytes) await this.#rotate();
      return this.#write(entry);
    });
  }

  /** Closes the file when what was begun is written. */
  async close(): Promise<void> {
    await this.#queue.catch(() => undefined);
    await this.#file?.close();
    this.#file = undefined;
  }

  /** Runs one step at a time: records are chained, so the next one needs the one before. */
  #next<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(step).catch((cause: unknown) => {
      throw unavailable(this.folder, cause);
    });
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #write(entry: AuditEntry): Promise<ChainHead> {
    const file = this.#file;
    if (!file) throw new Error('the log is closed');
    const { line, head } = recordLine(this.#head, entry, this.#now() * 1_000);
    const bytes = Buffer.from(line);
    try {
      await file.appendFile(bytes);
      await file.datasync();
    } catch (error) {
      // Half a line would tear the next record too.
      await truncate(join(this.folder, CURRENT), this.#size).catch((cause: unknown) => {
        this.#log.error({ err: cause }, 'a half-written audit record could not be taken back');
      });
      await this.#file?.close().catch(() => undefined);
      this.#file = undefined;
      throw error;
    }
    this.#size += bytes.length;
    this.#head = head;
    return head;
  }

  /** Opens the file anew where it was closed after an error, and where somebody has removed or replaced it. */
  async #checkCurrent(): Promise<void> {
    if (this.#file) {
      const inode = statSync(join(this.folder, CURRENT), { throwIfNoEntry: false })?.ino;
      if (inode === this.#inode) return;
      this.#warn('the audit log was removed or replaced while it was open');
      await this.#file.close().catch(() => undefined);
      this.#file = undefined;
    }
    await this.#openCurrent();
  }

  async #openCurrent(): Promise<void> {
    const path = join(this.folder, CURRENT);
    const names = auditFiles(this.folder);
    const known = this.#head.sequence > 0 ? this.#head : undefined;
    if (!names.includes(CURRENT)) return this.#begin(known ?? newestHead(this.folder, names) ?? GENESIS);
    const { head, whole, torn } = fileEnd(path);
    if (!head) {
      this.#warn('the end of the audit log could not be read; a new file was begun');
      renameSync(path, join(this.folder, `${CURRENT}.damaged-${this.#now()}`));
      return this.#begin(known ?? newestHead(this.folder, names.slice(0, -1)) ?? GENESIS);
    }
    this.#file = await open(path, 'a', 0o600);
    if (torn.length > 0) await this.#file.truncate(whole);
    this.#inode = (await this.#file.stat()).ino;
    this.#size = whole;
    // What this process wrote counts more than what the file says now.
    this.#head = known ?? head;
    if (torn.length > 0) await this.#reportTorn(torn);
  }

  async #reportTorn(torn: Buffer): Promise<void> {
    this.#warn(
      `the last line of the audit log was torn, as by a power cut; ${torn.length} bytes were dropped`,
    );
    const requestSha256 = createHash('sha256').update(torn).digest('hex');
    const none = { caller: '', serial: '', peer: '' };
    await this.#write({ ...none, method: RECOVERED, requestSha256, status: 'DATA_LOSS', reason: '' });
  }

  async #begin(head: ChainHead): Promise<void> {
    const file = await open(join(this.folder, CURRENT), 'ax', 0o600);
    const header = headerLine(head);
    await file.appendFile(header);
    await file.datasync();
    syncFolder(this.folder);
    this.#file = file;
    this.#inode = (await file.stat()).ino;
    this.#size = Buffer.byteLength(header);
    this.#head = head;
  }

  async #rotate(): Promise<void> {
    const older = olderName(this.#head.sequence);
    await this.#file?.close();
    this.#file = undefined;
    renameSync(join(this.folder, CURRENT), join(this.folder, older));
    await this.#begin(this.#head);
    const names = auditFiles(this.folder);
    for (const name of names.slice(0, Math.max(0, names.length - this.#limits.files)))
      rmSync(join(this.folder, name), { force: true });
  }

  #warn(message: string): void {
    this.warnings.push(message);
    this.#log.error({ folder: this.folder }, message);
  }
}

function unavailable(folder: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  return new Failure(
    'AUDIT_UNAVAILABLE',
    `the audit log in ${folder} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
    { hint: 'see that its disk is neither full nor read-only', cause },
  );
}
