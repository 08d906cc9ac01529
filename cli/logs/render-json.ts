/**
 * Records as JSON: an object a record, a line each, or one array of them. Times are ISO 8601 in UTC with microseconds;
 * what is not UTF-8 comes as base64 under a name of its own, so that no byte is lost.
 */

import { isAscii, isUtf8 } from 'node:buffer';
import type { Origin, RecordBatch } from './batch.ts';
import type { Gap } from './events.ts';
import type { RecordPlace, Renderer } from './render.ts';
import { isoTime } from './time-text.ts';

/**
 * A renderer of JSON.
 * @param form "jsonl": a line a record; "json": an array, complete once the read has ended
 */
export function jsonRenderer(form: 'json' | 'jsonl'): Renderer {
  const time = isoTime(true);
  const array = form === 'json';
  let first = true;
  /** What stands before an object. */
  const lead = () => {
    const text = !array || first ? '' : ',\n';
    first = false;
    return text;
  };
  const behind = array ? '' : '\n';
  return {
    head: array ? '[\n' : '',
    foot: array ? '\n]\n' : '',
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
        out += `${lead()}${open}${time(usec)}","time_usec":${usec},"priority":${batch.priority(index) ?? null}${originText}`;
        out += ascii
          ? `,"message":${JSON.stringify(batch.binary.substring(batch.start(index), batch.ends[index]))}`
          : `,${bytesJson('message', batch.message(index))}`;
        out += `,"cursor":${JSON.stringify(batch.cursor(index))}${extras(batch, index)}}${behind}`;
      }
      return Buffer.from(out);
    },
    gap(place, gap) {
      return Buffer.from(lead() + gapJson(place, gap) + behind);
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

/** A member that holds bytes: as a string, or as base64 where they are no text. */
function bytesJson(name: string, bytes: Buffer): string {
  return isUtf8(bytes)
    ? `${JSON.stringify(name)}:${JSON.stringify(bytes.toString())}`
    : `${JSON.stringify(`${name}_base64`)}:"${bytes.toString('base64')}"`;
}

function extras(batch: RecordBatch, index: number): string {
  const cut = batch.isTruncated(index) ? ',"truncated":true' : '';
  if (!batch.hasFields) return cut;
  return `${cut},"fields":{${[...batch.fields(index)].map(([name, value]) => bytesJson(name, value)).join(',')}}`;
}
