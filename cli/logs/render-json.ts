/**
 * Records as JSON: an object a record, a line each, or all of them as the items of one. Times are ISO 8601 in UTC with
 * microseconds; what is not UTF-8 comes as base64 under a name of its own, so that no byte is lost.
 */

import { isAscii, isUtf8 } from 'node:buffer';
import { visibleJson } from '../output/visible.ts';
import type { Origin, RecordBatch } from './batch.ts';
import type { Gap } from './events.ts';
import type { RecordPlace, Renderer } from './render.ts';
import { isoTime } from './time-text.ts';

/**
 * A renderer of JSON.
 * @param form "jsonl": a line a record; "json": one object with "items", complete once the read has ended
 * @param terminal whether a person looks at it: what could act on the terminal is escaped
 */
export function jsonRenderer(form: 'json' | 'jsonl', terminal = false): Renderer {
  const time = isoTime(true);
  const array = form === 'json';
  const bytes = (json: string) => Buffer.from(terminal ? visibleJson(json) : json);
  let first = true;
  /** What stands before an object. */
  const lead = () => {
    const text = !array || first ? '' : ',\n';
    first = false;
    return text;
  };
  const behind = array ? '' : '\n';
  return {
    head: array ? '{"items":[\n' : '',
    foot: array ? '\n]}\n' : '',
    records(place, batch, from, to) {
      const open = `{"node":${JSON.stringify(place.node)},"source":${JSON.stringify(place.source)},"time":"`;
      const ascii = isAscii(batch.text);
      let origin: Origin | undefined;
      let originText = '';
      let out = '';
      for (let index = from; index < to; index++) {
        const usec = batch.times[index] as number;
        const writer = batch.origin(index);
        if (writer !== origin) {
          origin = writer;
          originText = originJson(writer);
        }
        out += `${lead()}${open}${time(usec)}","timeUsec":${usec},"priority":${batch.priority(index) ?? null}${originText}`;
        out += ascii
          ? `,"message":${JSON.stringify(batch.binary.substring(batch.start(index), batch.ends[index]))}`
          : messageJson(batch.message(index));
        out += `,"cursor":${JSON.stringify(batch.cursor(index))}${extras(batch, index)}}${behind}`;
      }
      return bytes(out);
    },
    gap(place, gap) {
      return bytes(lead() + gapJson(place, gap) + behind);
    },
  };
}

function originJson({ identifier, unit, pid }: Origin): string {
  return `,"identifier":${JSON.stringify(identifier || null)},"unit":${JSON.stringify(unit || null)},"pid":${pid || null}`;
}

function gapJson({ node, source }: RecordPlace, { records, bytes, cause, detail }: Gap): string {
  return JSON.stringify({
    gap: { node, source, records: records < 0 ? null : records, bytes: bytes || null, cause, detail },
  });
}

function messageJson(bytes: Buffer): string {
  return isUtf8(bytes)
    ? `,"message":${JSON.stringify(bytes.toString())}`
    : `,"messageBase64":"${bytes.toString('base64')}"`;
}

function extras(batch: RecordBatch, index: number): string {
  const cut = batch.isTruncated(index) ? ',"truncated":true' : '';
  if (!batch.hasFields) return cut;
  const all = [...batch.fields(index)];
  const texts = all.filter(([, value]) => isUtf8(value)).map(([name, value]) => [name, value.toString()]);
  const others = all
    .filter(([, value]) => !isUtf8(value))
    .map(([name, value]) => [name, value.toString('base64')]);
  const base64 = others.length > 0 ? `,"fieldsBase64":${JSON.stringify(Object.fromEntries(others))}` : '';
  return `${cut},"fields":${JSON.stringify(Object.fromEntries(texts))}${base64}`;
}
