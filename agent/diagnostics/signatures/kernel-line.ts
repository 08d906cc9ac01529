/**
 * What stands before the message in a line of a kernel log, found for each line by itself, since people paste such logs
 * together:
 *
 *   <4>[   12.345678] msg                   serial consoles, dmesg -r
 *   [   12.345678][    T1] msg              dmesg, with CONFIG_PRINTK_CALLER
 *   [Mon Jan  2 15:04:05 2026] msg          dmesg -T
 *   kern  :err   : [   12.345678] msg       dmesg -x
 *   2026-01-02T15:04:05,123456+00:00 msg    dmesg --time-format iso (the comma tells it from syslog)
 *   [  +0.000012] msg, [Jan02 15:04] msg    dmesg -H
 *   6,1234,12345678,-;msg                   /dev/kmsg, netconsole; 6.4.0,6,1234,12345678,-;msg with the kernel's release
 *   Jan  2 15:04:05 host kernel: [ 12.3] msg, 2026-01-02T15:04:05.1+00:00 host kernel: msg    syslog, journalctl
 *   <3>1 2026-01-02T15:04:05Z host kernel - - - msg                                           RFC 5424
 *   mrt 17 15:04:05 host kernel: msg         journalctl in another language
 *   [   12.345678] host kernel: msg         journalctl -o short-monotonic
 *   Jan  2 15:04:05 host minder[7]: 2026-01-02T15:04:05Z msg   a time service’s own, which a program handed on
 *   2026-01-02T15:04:05Z host kvm[7]: [ 12.345678] msg    another kernel's console, which a program handed on
 *   10.0.0.7: kern: warning: [2026-01-02T15:04:05.1Z]: msg                                   talosctl dmesg
 *   web-1: [Jan  2 15:04:05] msg, web-1 | Jan  2 15:04:05 host kernel: msg                   what asked several machines, nodectl dmesg too
 *   Jan  2 15:04:06 relay Jan  2 15:04:05 host kernel: msg                                   a relay that puts its own time before
 *   "msg": "…"                              dmesg -J, journalctl -o json-pretty
 *
 * A line with none of it is a message of the kernel's itself.
 */

import type { LineClock } from '../../logs/line-time.ts';
import { MAX_TEXT } from './template.ts';

/** A line taken apart. */
export interface KernelLine {
  /** The message, a character a byte, cut to what templates look at. */
  readonly text: string;
  /** Who says it, where that is not the kernel. */
  readonly program: string | undefined;
  /** The machine whose line it is, where the line names it. */
  readonly host: string | undefined;
  /** Wall clock, ms since the epoch. */
  readonly timeMs: number | undefined;
  /** The kernel's own clock, in seconds since boot. */
  readonly uptime: number | undefined;
  /** How often it is said to have happened: more than once in a syslog daemon's "message repeated". */
  readonly times: number;
}

/** No prefix is longer. */
const MAX_PREFIX = 512;
/** What stands before a message comes in at most so many pieces. */
const MAX_PIECES = 8;

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const CLOCK = '\\d\\d:\\d\\d:\\d\\d';

/** Also what mail, a table, a patch or a frame of lines (│) puts before a line. */
const BLANKS = /(?:[\s\0>|]|\xe2\x94\x82|#(?= )|[+-](?=[[<])|\*(?=\*?(?:\[|[A-Z][a-z]{2} [ \d])))*/y;
/** A prompt, a machine's name or a clock of its own, before the time that a console shows. */
const CONSOLE = /[^"]{1,40}?(?=\[ *\d{1,7}\.\d{6}\] )/y;
/** What Talos writes: a node's address and the time in brackets. */
const TALOS =
  /(?:(\S{1,64}): )?(?:kern|user|daemon): +(?:emerg|alert|crit|err|warning|notice|info|debug): \[(?=\d{4}-\d\d-\d\dT[\d:.]{8,20}Z\]: )/y;
const TALOS_TIME = /[\dT:.-]{19,32}Z\]: /y;
const PRIORITY = /<\d{1,3}>(?:1 (?=\d{4}-))?/y;
const RECORD = /(?:\d\.[\w.+~-]{1,64},)?\d{1,4},\d{1,20},(\d{1,20}),[^;]{0,120};/y;
const DECODED =
  /(?:kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|local\d|res\d) *: *(?:emerg|alert|crit|err|warn|notice|info|debug) *: ?/y;
/** Brackets have a backslash where a text was made for a page of Markdown. */
const UPTIME =
  /\\?\[ *(\d{1,10}\.\d{1,9})(?:@\d{1,4}|,\d{1,4})?(?: *<[^>]{1,24}>)?\\?\](?: ?\[ *[TC]\d{1,8}(?:@[TC]?\d{1,6})?\])?(?: {0,2}(?:\(\d{1,4}\))?\[(?![\da-f]{4}:[\da-f]{2}:[\da-f]{2}\.) *\d{1,8}[:,][^\]]{1,48}\])?/y;
const NAMED = new RegExp(`\\[${DAY} ${MONTH} [ \\d]?\\d ${CLOCK} \\d{4}(?: <[^>]{1,24}>)?\\]`, 'y');
/** nodectl dmesg. */
const BRACKETED = new RegExp(`\\[${MONTH} [ \\d]?\\d ${CLOCK}(?:\\.\\d{1,9})?\\](?= )`, 'y');
const RELATIVE = new RegExp(`\\[ *(?:[+-]\\d{1,8}[.,]\\d{1,9}|${MONTH} ?[ \\d]\\d \\d\\d:\\d\\d)\\]`, 'y');
const ISO = new RegExp(
  `(?:${DAY} )?\\d{4}-\\d\\d-\\d\\d[T ]${CLOCK}(?:([.,])\\d{1,9})?(?: ?(?:Z|[+-]\\d\\d:?\\d\\d))?(?: [A-Z]{3,5}(?= ))?(?= )`,
  'y',
);
const BEGINS = `(?:<\\d{1,3}>)?(?:${MONTH} [ \\d]?\\d ${CLOCK}|\\d{4}-\\d\\d-\\d\\d[T ]${CLOCK})`;
/** A machine's name before what it logged, by what asked several machines. */
const WHOSE = new RegExp(
  `([\\w.:-]{1,255}?)(?: *\\||:) *(?=${BEGINS}|\\[${MONTH} |(?:<\\d{1,3}>)?\\[ *\\d{1,7}\\.\\d{6}\\] )`,
  'y',
);
/** What a container's log or a relay puts between its own time and that of the line. */
const STREAM = / std(?:out|err) [FP](?= )/y;
const RELAYED = new RegExp(` {0,8}(?:\\S{0,254}[^\\s:] {1,8}){0,2}(?=${BEGINS} )`, 'y');
/** A day of one digit has a blank before it, unless a web page took it away. */
const SYSLOG = new RegExp(
  `(?:${DAY} )?${MONTH} [ \\d]?\\d (?:\\d{4} )?${CLOCK}(?:\\.\\d{1,9})?(?: \\d{4}(?= ))?(?: [A-Z]{3,5}(?= ))?:?(?= )`,
  'y',
);
/**
 * What journalctl writes before a message of the kernel, or of a program with its number, in other languages: "mrt 17", "Okt 22", "1月 27"; the
 * month is nobody's to read.
 */
const FOREIGN =
  /(?:[^ \t\d[<]{2,20}|\d{1,2}(?:\xe6\x9c\x88|\xec\x9b\x94)) {1,2}\d{1,2}\.? \d\d:\d\d:\d\d(?:\.\d{1,9})?(?= (?:[^\s:]{1,255} )?(?:kernel(?:\[\d{1,10}\])?|[\w./@-]{1,64}\[\d{1,10}\]): )/y;
/** dmesg -T in another language: "[Do Mär 26 07:38:49 2020]"; the month is nobody's to read. */
const FOREIGN_NAMED = /\[[^\s\d[\]]{1,12} [^\s\d[\]]{1,14} {1,2}\d{1,2} \d\d:\d\d:\d\d \d{4}\]/y;
const EPOCH = /\d{10}(?:\.\d{1,9})?(?= )/y;
/** The kernel's tag, with a host before it or not. */
const TAG = / ?(?:\d\d:\d\d:\d\d(?:\.\d{1,9})? )?([^\s:]{1,255} )?kernel(?:\[\d{1,10}\])?: ?/y;
/** A host with a colon behind it. */
const HOST_COLON = / (\S{1,255}?): (?=kernel(?:\[\d{1,10}\])?: )/y;
/** The same behind a date, where a facility or priority may stand between, and RFC 5424 has data in brackets behind. */
const KERNEL =
  / {0,8}((?:\S{0,254}[^\s:] {1,8}){0,3})kernel(?:\[\d{1,10}\])?(?:: ?| (?:- ){1,3}(?:\[[\w@.-]{1,32}(?: [\w.-]{1,32}="[^"]{0,200}"){0,8}\] ?)?)/y;
/** `dmesg -x` behind a date: test laboratories write their own before it. */
const DECODED_NEXT =
  / {0,2}(?=(?:kern|user|daemon) *: *(?:emerg|alert|crit|err|warn|notice|info|debug) *: )/y;
/** A host, what a container's log has, or nothing, before the kernel's time without a tag. ptp4l writes a time of its own behind its name. */
const HOST_BEFORE_UPTIME = /((?: \S{0,254}[^\s:]){0,3}?) {0,8}(?=\\?\[ *\d{1,10}\.\d)/y;
/** A host or nothing behind a date, where a driver and an address of the PCI bus follow: only the kernel names these so. */
const HOST_BEFORE_DRIVER =
  /( \S{0,254}[^\s:])?? (?=[\w.-]{2,32} [\da-f]{4,5}:[\da-f]{2}:[\da-f]{2}\.[0-7](?:: | [\w.@-]{1,20}: ))/y;
const PROGRAM = / ?((?:\S{1,255} ){0,2}?)([\w./@-]{1,64})(?:\[\d{1,10}\])?: /y;
/** What stands before a line of another kernel that a program handed on: a hypervisor its guest's console, an agent a node's log. */
const HANDED_ON = /^.{0,100}: "?(?:<\d{1,3}>)?$/;
const STAMP = /\[ *\d{1,10}\.\d{6}\] /g;
const PROGRAM_WITH_PID = / ?([\w.-]{1,255} )([\w./@-]{1,64})\[\d{1,10}\]: /y;
/** How chronyd writes by itself what a program that minds it passes on: "2026-01-02T15:04:05Z System clock wrong by". */
const CHRONYD = / ?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (?=[A-Z])/y;
/** A machine's name or address, among the words between a date and a tag. */
const HOST = /^(?!\d+$|-$)[\w.:%@/[\]-]+$/;
/** What may stand there beside it: a facility, a priority, both. */
const NO_HOST =
  /^(?:kern|user|mail|daemon|auth|authpriv|syslog|local\d|emerg|alert|crit|err|error|warn|warning|notice|info|debug)(?:[.:/]\w+)?:?$/i;
const REPEATED = /message repeated (\d{1,6}) times: \[ ?/y;
const QUOTED = /"(?:msg|MESSAGE)" ?: ?"((?:[^"\\]|\\.){0,4000})"/y;

/** Takes the line bytes[start..end) apart. The clock is of the file that the line is from. */
export function kernelLine(bytes: Buffer, start: number, end: number, clock: LineClock): KernelLine {
  const line = bytes.toString('latin1', start, Math.min(end, start + MAX_PREFIX + MAX_TEXT));
  const reading = new Reading(line, (from) => clock.read(bytes, start + from, end));
  return reading.result();
}

/** One line while it is taken apart. */
class Reading {
  readonly #line: string;
  /** The time in µs since the epoch that begins at a place of the line, or NaN. */
  readonly #clock: (from: number) => number;
  #at = 0;
  #timeMs: number | undefined;
  #uptime: number | undefined;
  #program: string | undefined;
  #host: string | undefined;
  #times = 1;
  #escaped = false;
  #quoted: string | undefined;

  constructor(line: string, clock: (from: number) => number) {
    this.#line = line;
    this.#clock = clock;
  }

  result(): KernelLine {
    for (let piece = 0; piece < MAX_PIECES && this.#at < MAX_PREFIX; piece++) {
      this.#take(BLANKS);
      if (!this.#piece(piece === 0) || this.#program !== undefined || this.#quoted !== undefined) break;
    }
    let text = this.#quoted ?? this.#line.slice(this.#at);
    if (this.#times > 1) text = text.replace(/\]\s*$/, '');
    if (this.#escaped)
      text = text.replace(/\\x([0-9a-f]{2})/g, (_: string, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      );
    return {
      text: text.trimEnd().slice(0, MAX_TEXT),
      program: this.#program,
      host: this.#host,
      timeMs: this.#timeMs,
      uptime: this.#uptime,
      times: this.#times,
    };
  }

  /** Takes one piece of what stands before the message; whether there was one. */
  #piece(first: boolean): boolean {
    return (
      this.#uptimePiece(first) ||
      this.#datePiece() ||
      this.#otherPiece() ||
      (first && (this.#tag() || this.#hostIn(this.#take(WHOSE)) || this.#take(CONSOLE) !== null))
    );
  }

  #uptimePiece(first: boolean): boolean {
    const found = this.#take(UPTIME);
    if (!found) return false;
    this.#uptime ??= Number(found[1]);
    // journalctl -o short-monotonic
    if (!this.#tag() && first) this.#named(PROGRAM_WITH_PID);
    return true;
  }

  #tag(): boolean {
    return this.#hostIn(this.#take(TAG));
  }

  /** Who says it, where that is a program whose name a pattern finds behind its host's; whether it is. */
  #named(pattern: RegExp): boolean {
    const found = this.#take(pattern);
    // So nodectl dmesg -o iso names the kernel's facility; others are of programs that write to the kernel's log.
    this.#program = found?.[2] === 'kern' ? undefined : found?.[2];
    return this.#hostIn(found);
  }

  /** Keeps the host, which is one of the words that a pattern found first; whether it found anything. */
  #hostIn(found: RegExpExecArray | null): boolean {
    this.#host ??= found?.[1]?.split(' ').find((word) => HOST.test(word) && !NO_HOST.test(word));
    return found !== null;
  }

  #datePiece(): boolean {
    const from = this.#at;
    if (this.#take(NAMED)) {
      this.#readTime(from);
      return true;
    }
    if (this.#take(FOREIGN_NAMED)) return true;
    if (this.#take(BRACKETED)) {
      this.#readTime(from + 1);
      return true;
    }
    if (this.#hostIn(this.#take(TALOS))) {
      this.#readTime(this.#at);
      this.#take(TALOS_TIME);
      return true;
    }
    const found = this.#take(ISO) ?? this.#take(SYSLOG) ?? this.#take(EPOCH) ?? this.#take(FOREIGN);
    if (!found) return false;
    // A weekday before a date of digits is nothing that the clock reads.
    const weekday = /^[A-Z]\w\w,? (?=\d{4}-)/.exec(found[0]);
    this.#readTime(from + (weekday?.[0].length ?? 0));
    this.#take(STREAM);
    this.#hostIn(this.#take(HOST_COLON));
    // Only dmesg writes a comma before the fraction, and it has neither host nor tag.
    if (
      found[1] !== ',' &&
      !this.#hostIn(this.#take(KERNEL)) &&
      !this.#hostBeforeUptime() &&
      !this.#take(RELAYED) &&
      !this.#take(DECODED_NEXT) &&
      !this.#hostIn(this.#take(HOST_BEFORE_DRIVER)) &&
      !this.#handedOn()
    ) {
      if (!this.#named(PROGRAM)) this.#program = '';
      if (this.#take(CHRONYD)) this.#program = 'chronyd';
    }
    return true;
  }

  #hostBeforeUptime(): boolean {
    const found = this.#take(HOST_BEFORE_UPTIME);
    // Several words are what a container's log puts there.
    if (found?.[1] && found[1].lastIndexOf(' ') === 0) this.#hostIn(found);
    return found !== null;
  }

  /** Goes to the time of another kernel, where the line is one of its that a program handed on. */
  #handedOn(): boolean {
    STAMP.lastIndex = this.#at;
    const stamp = STAMP.exec(this.#line)?.index ?? -1;
    if (stamp < 0 || !HANDED_ON.test(this.#line.slice(this.#at, stamp))) return false;
    this.#at = stamp;
    return true;
  }

  #otherPiece(): boolean {
    if (this.#take(RELATIVE) || this.#take(PRIORITY) || this.#take(DECODED)) return true;
    const record = this.#take(RECORD);
    if (record) {
      this.#uptime = Number(record[1]) / 1e6;
      this.#escaped = true;
      return true;
    }
    const repeated = this.#take(REPEATED);
    if (repeated) {
      this.#times = Math.max(1, Number(repeated[1]));
      return true;
    }
    const quoted = this.#take(QUOTED);
    if (quoted) this.#quoted = unquoted(quoted[1] ?? '');
    return quoted !== null;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#line);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #readTime(from: number): void {
    const usec = this.#clock(from);
    if (!Number.isNaN(usec)) this.#timeMs = Math.round(usec / 1000);
  }
}

/** What a string of JSON says, a character a byte; as it stands where it is none after all. */
function unquoted(json: string): string {
  try {
    const text = String(JSON.parse(`"${Buffer.from(json, 'latin1').toString('utf8')}"`));
    return Buffer.from(text).toString('latin1');
  } catch {
    return json;
  }
}
