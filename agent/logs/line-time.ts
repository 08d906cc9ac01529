/**
 * Reads the time that a text line begins with, from its raw bytes and without making a string. Known forms:
 *   2026-11-24T01:55:00.123456Z, +01:00, "2026-11-24 01:55:00,123", 2026/11/24 01:55:00     (ISO 8601, dpkg, nginx, ...)
 *   Nov 24 01:55:00, Tue Nov 24 01:55:00.123 2026                               (RFC 3164, Apache's error log)
 *   1790000000, 1790000000.123456, 1790000000123                                (seconds or milliseconds since the epoch)
 *   10.0.0.1 - - [24/Nov/2026:01:55:00 +0000]                                   (the common log format)
 *   {"time": ..., {"ts": ..., {"timestamp": ..., {"@timestamp": ...             (JSON lines, with one of the above)
 * In front of it may stand `<N>`, `<N>1 ` (syslog) or `[`. A time without a zone is in the node's own.
 */

const MINUTE = 60_000_000;
const DAY_MS = 86_400_000;
/** How far into a line the time of the common log format, or the key of a JSON line, is looked for. */
const REACH = 160;
/** After so many lines without one, the common log format is no longer looked for. */
const GIVE_UP = 256;

const MONTHS = new Map(
  ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map((name, month) => [
    (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2),
    month,
  ]),
);
const KEYS = ['"time":', '"ts":', '"timestamp":', '"@timestamp":'].map((key) => Buffer.from(key));

function digitAt(bytes: Buffer, at: number): number {
  const value = (bytes[at] ?? 0) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

/** The two digits at a place, or NaN. */
function two(bytes: Buffer, at: number): number {
  return digitAt(bytes, at) * 10 + digitAt(bytes, at + 1);
}

function monthAt(bytes: Buffer, at: number): number {
  const key = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  return MONTHS.get(key) ?? Number.NaN;
}

/** Reads times; keeps what neighbouring lines share, so one instance belongs to one file. */
export class LineClock {
  /** No line is later than about this (ms since the epoch): where a form has no year, it is the latest that fits. */
  referenceMs = Date.now();
  #end = 0;
  #commonMisses = 0;
  #utcKey = -1;
  #utcMinute = 0;
  #localKey = -1;
  #localMinute = 0;
  #offset = 0;
  #local = false;

  /** The time of the line bytes[start..end) in µs since the epoch, or NaN when it does not begin with one. */
  read(bytes: Buffer, start: number, end: number): number {
    this.#end = end;
    let at = start;
    if (bytes[at] === 60) {
      const close = bytes.indexOf(62, at);
      if (close < 0 || close > at + 4) return Number.NaN;
      at = close + 1;
      if (bytes[at] === 49 && bytes[at + 1] === 32) at += 2;
    }
    if (bytes[at] === 91) at++;
    const first = bytes[at] ?? 0;
    if (first >= 48 && first <= 57) {
      const usec = this.#numeric(bytes, at);
      return Number.isNaN(usec) ? this.#common(bytes, start) : usec;
    }
    if (first >= 65 && first <= 90) {
      const usec = this.#named(bytes, at);
      return Number.isNaN(usec) ? this.#common(bytes, start) : usec;
    }
    return first === 123 ? this.#json(bytes, at) : this.#common(bytes, start);
  }

  #numeric(bytes: Buffer, at: number): number {
    const separator = bytes[at + 4];
    if (separator !== 45 && separator !== 47) return this.#epoch(bytes, at);
    if (bytes[at + 7] !== separator || at + 16 > this.#end) return Number.NaN;
    const gap = bytes[at + 10];
    if (gap !== 84 && gap !== 32 && gap !== 116) return Number.NaN;
    const year = two(bytes, at) * 100 + two(bytes, at + 2);
    const usec = this.#clock(bytes, at + 11);
    return this.#join(year, two(bytes, at + 5) - 1, two(bytes, at + 8), usec);
  }

  /** HH:MM[:SS[.fraction]] and a zone: µs since midnight; sets the zone for #join. NaN when malformed. */
  #clock(bytes: Buffer, start: number): number {
    if (bytes[start + 2] !== 58) return Number.NaN;
    const hour = two(bytes, start);
    const minute = two(bytes, start + 3);
    let usec = (hour * 60 + minute) * MINUTE;
    let at = start + 5;
    if (bytes[at] === 58) {
      const second = two(bytes, at + 1);
      if (second > 60) return Number.NaN;
      usec += second * 1_000_000;
      at += 3;
      if (bytes[at] === 46 || bytes[at] === 44) {
        let unit = 100_000;
        for (at++; at < this.#end; at++) {
          const digit = (bytes[at] ?? 0) - 48;
          if (digit < 0 || digit > 9) break;
          usec += digit * unit;
          unit = unit < 10 ? 0 : unit / 10;
        }
      }
    }
    this.#zone(bytes, at);
    return hour > 23 || minute > 59 ? Number.NaN : usec;
  }

  #zone(bytes: Buffer, start: number): void {
    let at = start;
    this.#local = false;
    this.#offset = 0;
    if (bytes[at] === 32) at++;
    const sign = bytes[at];
    if (sign === 90 || sign === 122) return;
    if (sign === 43 || sign === 45) {
      const hours = two(bytes, at + 1);
      const minutes = two(bytes, bytes[at + 3] === 58 ? at + 4 : at + 3);
      const offset = (hours * 60 + (Number.isNaN(minutes) ? 0 : minutes)) * MINUTE;
      if (!Number.isNaN(offset) && hours <= 14) {
        this.#offset = sign === 43 ? offset : -offset;
        return;
      }
    }
    const letters = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    // "UTC" and "GMT"; other abbreviations are ambiguous and taken as the node's own zone.
    if (letters !== 0x555443 && letters !== 0x474d54) this.#local = true;
  }

  /** Date and time of day to µs since the epoch, by the zone that #clock has found. */
  #join(year: number, month: number, day: number, usec: number): number {
    if (!(month >= 0 && month < 12 && day >= 1 && day <= 31)) return Number.NaN;
    if (!this.#local) {
      const key = (year * 12 + month) * 32 + day;
      if (key !== this.#utcKey) {
        this.#utcKey = key;
        this.#utcMinute = Date.UTC(year, month, day) * 1000;
      }
      return this.#utcMinute + usec - this.#offset;
    }
    // By minute, for the zone's offset may change in the middle of a day.
    const minute = Math.floor(usec / MINUTE);
    const key = ((year * 12 + month) * 32 + day) * 1440 + minute;
    if (key !== this.#localKey && !Number.isNaN(key)) {
      this.#localKey = key;
      this.#localMinute = new Date(year, month, day, Math.floor(minute / 60), minute % 60).getTime() * 1000;
    }
    return this.#localMinute + (usec - minute * MINUTE);
  }

  #epoch(bytes: Buffer, start: number): number {
    let value = 0;
    let at = start;
    for (; at < this.#end && at < start + 17; at++) {
      const digit = (bytes[at] ?? 0) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const digits = at - start;
    if (digits === 13) return value * 1000;
    if (digits === 16) return value;
    if (digits !== 10) return Number.NaN;
    let usec = value * 1_000_000;
    if (bytes[at] === 46) {
      let unit = 100_000;
      for (at++; at < this.#end && unit >= 1; at++, unit = unit < 10 ? 0 : unit / 10) {
        const digit = (bytes[at] ?? 0) - 48;
        if (digit < 0 || digit > 9) break;
        usec += digit * unit;
      }
    }
    return usec;
  }

  /** `Nov 24 01:55:00`, with a weekday before it and a year within or behind it or none. */
  #named(bytes: Buffer, start: number): number {
    let at = start;
    let month = monthAt(bytes, at);
    if (Number.isNaN(month)) {
      // A weekday, with or without a comma.
      at += bytes[at + 3] === 44 ? 5 : 4;
      month = monthAt(bytes, at);
      if (Number.isNaN(month)) return Number.NaN;
    }
    if (bytes[at + 3] !== 32) return Number.NaN;
    // A day of one digit has a blank more before it, unless a web page took that away.
    const bare = bytes[at + 4] !== 32 && bytes[at + 5] === 32;
    const day = bare
      ? digitAt(bytes, at + 4)
      : bytes[at + 4] === 32
        ? digitAt(bytes, at + 5)
        : two(bytes, at + 4);
    at += bare ? 6 : 7;
    let year = Number.NaN;
    if (bytes[at + 4] === 32) {
      year = two(bytes, at) * 100 + two(bytes, at + 2);
      at += 5;
    }
    const usec = this.#clock(bytes, at);
    if (Number.isNaN(usec)) return Number.NaN;
    if (Number.isNaN(year)) year = this.#yearBehind(bytes, at + 8);
    if (!Number.isNaN(year)) return this.#join(year, month, day, usec);
    this.#local = true;
    const latest = new Date(this.referenceMs).getFullYear();
    const guess = this.#join(latest, month, day, usec);
    return guess / 1000 > this.referenceMs + DAY_MS ? this.#join(latest - 1, month, day, usec) : guess;
  }

  #yearBehind(bytes: Buffer, start: number): number {
    let at = start;
    while (at < this.#end && (bytes[at] === 46 || ((bytes[at] ?? 0) >= 48 && (bytes[at] ?? 0) <= 57))) at++;
    if (bytes[at] !== 32) return Number.NaN;
    const year = two(bytes, at + 1) * 100 + two(bytes, at + 3);
    const ends = bytes[at + 5];
    return year >= 1970 && (ends === 32 || ends === 93 || at + 5 >= this.#end) ? year : Number.NaN;
  }

  #common(bytes: Buffer, start: number): number {
    if (this.#commonMisses > GIVE_UP) return Number.NaN;
    const stop = Math.min(this.#end - 20, start + REACH);
    for (let at = start; at < stop; at++) {
      if (bytes[at] !== 91 || bytes[at + 3] !== 47 || bytes[at + 7] !== 47 || bytes[at + 12] !== 58) continue;
      const year = two(bytes, at + 8) * 100 + two(bytes, at + 10);
      const usec = this.#clock(bytes, at + 13);
      this.#commonMisses = 0;
      return this.#join(year, monthAt(bytes, at + 4), two(bytes, at + 1), usec);
    }
    this.#commonMisses++;
    return Number.NaN;
  }

  #json(bytes: Buffer, start: number): number {
    const stop = Math.min(this.#end, start + REACH);
    for (let at = start + 1; at < stop; at++) {
      if (bytes[at] !== 34 || (bytes[at + 1] !== 116 && bytes[at + 1] !== 64)) continue;
      const key = KEYS.find(
        (one) => bytes.compare(one, 0, one.length, at, Math.min(at + one.length, bytes.length)) === 0,
      );
      if (key === undefined) continue;
      at += key.length;
      while (bytes[at] === 32 || bytes[at] === 34) at++;
      return this.#numeric(bytes, at);
    }
    return Number.NaN;
  }
}
