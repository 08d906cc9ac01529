/** An entry of a journal while it is looked at. One object serves all entries of a read: nothing is allocated for each. */

/** A field's value that several entries have. It is the same object in all of them, so it can be a key. */
export class SharedValue {
  /** Index among the wanted fields, -1 for others. */
  readonly field: number;
  readonly bytes: Buffer;
  #text: string | undefined;

  constructor(field: number, bytes: Buffer) {
    this.field = field;
    this.bytes = bytes;
  }

  /** The value as text, made once. */
  get text(): string {
    this.#text ??= this.bytes.toString('utf8');
    return this.#text;
  }
}

const NOTHING = Buffer.alloc(0);

/** The entry that was read last. Its bytes are valid until the next one is read. */
export class JournalEntry {
  seqnum = 0;
  /** µs since the epoch, on the writer's clock. */
  realtimeUsec = 0;
  /** µs since its boot. */
  monotonicUsec = 0;
  /** 32 hexadecimal digits. */
  bootId = '';
  /** Whether a value could not be had as a whole: too large, or damaged. */
  incomplete = false;
  readonly #buffers: Buffer[];
  readonly #starts: number[];
  readonly #ends: number[];
  readonly #shared: (SharedValue | undefined)[];

  /** @param fields how many fields are wanted */
  constructor(fields: number) {
    this.#buffers = new Array(fields).fill(NOTHING);
    this.#starts = new Array(fields).fill(0);
    this.#ends = new Array(fields).fill(-1);
    this.#shared = new Array(fields).fill(undefined);
  }

  /** Makes it a new entry without fields. */
  begin(seqnum: number, realtimeUsec: number, monotonicUsec: number): void {
    this.seqnum = seqnum;
    this.realtimeUsec = realtimeUsec;
    this.monotonicUsec = monotonicUsec;
    this.incomplete = false;
    for (let field = 0; field < this.#ends.length; field++) {
      this.#ends[field] = -1;
      this.#shared[field] = undefined;
    }
  }

  /** Gives a field the bytes from `start` to `end`; a field's first value counts. */
  set(field: number, buffer: Buffer, start: number, end: number): void {
    if (field < 0 || this.has(field)) return;
    this.#buffers[field] = buffer;
    this.#starts[field] = start;
    this.#ends[field] = end;
  }

  /** Gives a field a value that other entries have too. */
  setShared(value: SharedValue): void {
    if (value.field < 0 || this.has(value.field)) return;
    this.set(value.field, value.bytes, 0, value.bytes.length);
    this.#shared[value.field] = value;
  }

  /** Whether the entry has a field. */
  has(field: number): boolean {
    return (this.#ends[field] ?? -1) >= 0;
  }

  /** The bytes that a field's value is in: from `start(field)` to `end(field)`. */
  buffer(field: number): Buffer {
    return this.#buffers[field] ?? NOTHING;
  }

  start(field: number): number {
    return this.#starts[field] ?? 0;
  }

  end(field: number): number {
    return this.#ends[field] ?? -1;
  }

  /** A field's value where several entries have it. */
  shared(field: number): SharedValue | undefined {
    return this.#shared[field];
  }

  /** A field's value as text; empty where the entry does not have it. */
  text(field: number): string {
    if (!this.has(field)) return '';
    return (
      this.#shared[field]?.text ?? this.buffer(field).toString('utf8', this.start(field), this.end(field))
    );
  }
}
