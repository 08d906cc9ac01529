/** LogsService of the contract: translates requests and events, nothing else. */

import type { ReadLogsRequest__Output } from '../../proto/gen/types/nodectl/v1/ReadLogsRequest.ts';
import type { ReadLogsResponse } from '../../proto/gen/types/nodectl/v1/ReadLogsResponse.ts';
import type { ServiceHandlers } from '../../proto/serve/handlers.ts';
import type { LogEvent, LogQuery, LogsDomain } from './types.ts';

function toQuery(request: ReadLogsRequest__Output): LogQuery {
  return {
    source: request.source,
    sinceUsec: request.sinceUsec,
    untilUsec: request.untilUsec,
    boot: request.boot,
    grep: request.grep,
    grepIgnoreCase: request.grepIgnoreCase,
    priorities: request.priorities,
    // An optional field that is not set is absent or null, depending on who decoded it.
    tail: request.tail ?? undefined,
    follow: request.follow,
    cursor: request.cursor,
    fields: request.fields,
  };
}

/** Batches, watermarks and ends are what the contract calls them already; only a gap's cause has a longer name. */
function toResponse(event: LogEvent): ReadLogsResponse {
  if (event.event !== 'gap') return event;
  return { event: 'gap', gap: { ...event.gap, cause: `LOG_GAP_CAUSE_${event.gap.cause}` } };
}

/** The handlers of the service, over the logs of a node. */
export function logsService(domain: LogsDomain): ServiceHandlers<'nodectl.v1.LogsService'> {
  return {
    ListSources: async () => {
      const sources = await domain.listSources();
      return { sources: sources.map((info) => ({ ...info, kind: `LOG_SOURCE_KIND_${info.kind}` as const })) };
    },
    ReadLogs: async function* (request, call) {
      const { source, unit, events } = await domain.read(toQuery(request), call.signal);
      yield { event: 'start', start: { source, unit, node: domain.node } };
      for await (const event of events) yield toResponse(event);
    },
  };
}
