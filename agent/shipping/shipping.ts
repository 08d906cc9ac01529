/** All that a node ships: a shipper for each source and receiver of its config document. */

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Failure } from '../../proto/failure.ts';
import { makeFolder } from '../../proto/make-folder.ts';
import type { Log } from '../../proto/serve/log.ts';
import type { LogsDomain } from '../logs/types.ts';
import { type Shipment, Shipper } from './shipper.ts';

/** What is shipped where, by name, as the section "logs" of a document says it. */
export type ShippingWanted = Readonly<
  Record<string, Omit<Shipment, 'source'> & { readonly sources?: readonly string[] | undefined }>
>;

/** What is shipped where a document names no sources. */
const USUAL_SOURCES = ['journal', 'kernel'];

/** The shippers of a node. */
export class Shipping {
  readonly #logs: () => Promise<LogsDomain>;
  readonly #folder: string;
  readonly #log: Log;
  #wanted: ShippingWanted = {};
  #shippers: Shipper[] = [];
  /** Why what is wanted is not shipped at all, or empty. */
  #trouble = '';
  #changing: Promise<void> = Promise.resolve();

  /** @param folder keeps the places; it is made when something is shipped */
  constructor(logs: () => Promise<LogsDomain>, folder: string, log: Log) {
    this.#logs = logs;
    this.#folder = folder;
    this.#log = log;
  }

  /** Troubles that a person should know of, each one sentence. */
  get warnings(): string[] {
    const troubled = this.#shippers.flatMap(({ state: { source, to, trouble } }) =>
      trouble === '' ? [] : [`the log ${source} is not shipped to ${to}: ${trouble}`],
    );
    return this.#trouble === '' ? troubled : [this.#trouble, ...troubled];
  }

  /** Ships what is wanted from now on, and nothing else. */
  set(wanted: ShippingWanted): Promise<void> {
    this.#changing = this.#changing
      .then(async () => {
        await this.#set(wanted);
        this.#trouble = '';
      })
      .catch((err: unknown) => {
        this.#log.error({ err }, 'the shipping of logs could not be changed');
        this.#trouble = `no logs are shipped: ${Failure.from(err).message}`;
        // What could not be begun is begun anew when it is wanted once more.
        this.#wanted = {};
      });
    return this.#changing;
  }

  /** Stops all. */
  stop(): Promise<void> {
    return this.set({});
  }

  async #set(wanted: ShippingWanted): Promise<void> {
    if (isDeepStrictEqual(wanted, this.#wanted)) return;
    await Promise.all(this.#shippers.map((one) => one.stop()));
    this.#wanted = wanted;
    this.#shippers = [];
    const entries = Object.entries(wanted);
    if (entries.length === 0) return;
    makeFolder(this.#folder);
    const logs = await this.#logs();
    this.#shippers = entries.flatMap(([name, { sources = USUAL_SOURCES, ...receiver }]) =>
      sources.map((source) => {
        // A place belongs to a source and a receiver: another receiver begins anew.
        const key = createHash('sha256')
          .update(`${name}\0${receiver.to}\0${source}`)
          .digest('hex')
          .slice(0, 24);
        const placeFile = join(this.#folder, `${key}.cursor`);
        return new Shipper({ shipment: { ...receiver, source }, logs, placeFile, log: this.#log });
      }),
    );
  }
}
