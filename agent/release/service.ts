/** AgentReleaseService of the contract: translates requests and answers, nothing else. */

import { Failure } from '../../proto/failure.ts';
import type { OfferedAgentRelease__Output } from '../../proto/gen/types/nodectl/v1/OfferedAgentRelease.ts';
import { AGENT_MANIFEST_TYPE } from '../../proto/image/agent-manifest.ts';
import { encodeEnvelope } from '../../proto/image/envelope.ts';
import type { ServiceHandlers } from '../../proto/serve/handlers.ts';
import { VERSION } from '../../proto/version.ts';
import type { AgentReleases } from './releases.ts';

/** What a caller may say of an intention. */
const MAX_MESSAGE = 512;
/** Bytes of a blob in one message, as the contract has it. */
const MAX_PART = 256 << 10;

/**
 * The handlers of the service.
 * @param releases undefined where the agent was not started in a way in which it can be replaced
 */
export function agentReleaseService(
  node: string,
  releases: AgentReleases | undefined,
): ServiceHandlers<'nodectl.v1.AgentReleaseService'> {
  const managed = () => {
    if (releases) return releases;
    throw new Failure(
      'RELEASE_NOT_MANAGED',
      'this agent was not started in a way in which it can be replaced',
      {
        hint: 'start it by the launcher of its package and the units in packaging/systemd',
      },
    );
  };
  return {
    GetAgentRelease: async () => {
      if (!releases) return { node, version: VERSION };
      const { running, manifest, current, previous, trial, reverted, floor } = releases.state();
      const left = trial?.secondsLeft;
      return {
        ...{ node, version: VERSION, release: running, serial: manifest?.serial ?? 0 },
        ...{ nextRelease: current, previousRelease: trial?.before ?? previous, onTrial: trial !== undefined },
        ...(left === undefined ? {} : { trialSecondsLeft: Math.round(left) }),
        ...{ leftRelease: reverted?.release ?? '', leftReason: reverted?.why ?? '' },
        ...{ leftUsec: (reverted?.time ?? 0) * 1_000_000, serialFloor: floor },
      };
    },

    PlanAgentRelease: async ({ release }) => {
      const { manifest, envelope, allowDowngrade } = offered(release);
      const plan = managed().plan(manifest, envelope, allowDowngrade);
      return { node, release: plan.release, runs: plan.runs, isThere: plan.isThere, runningVersion: VERSION };
    },

    SendAgentRelease: async function* (requests) {
      const all = requests[Symbol.asyncIterator]();
      const first = await all.next();
      const { manifest, envelope, allowDowngrade } = offered(first.value?.offer);
      const incoming = await managed().receive(manifest, envelope, allowDowngrade);
      try {
        yield { wanted: { blobs: incoming.wanted.map((one) => ({ ...one })) } };
        for (let next = await all.next(); !next.done; next = await all.next()) {
          const { bytes } = next.value;
          if (!bytes || bytes.data.length > MAX_PART)
            throw new Failure('BAD_ARGUMENT', `a part has no bytes, or more than ${MAX_PART}`);
          await incoming.take(bytes.digest, bytes.offset, bytes.data);
        }
        await incoming.finish();
        yield { received: { release: incoming.release } };
      } finally {
        incoming.end();
      }
    },

    UseAgentRelease: async ({ release, allowDowngrade, message }, { log, identity, signal }) => {
      log.info({ release, caller: identity.uri, why: message.slice(0, MAX_MESSAGE) }, 'a release is wanted');
      return { trialSeconds: await managed().use(release, allowDowngrade, signal) };
    },

    ConfirmAgentRelease: async ({ release }) => {
      managed().confirm(release);
      return { node, version: VERSION };
    },

    RevertAgentRelease: async ({ message }, { identity }) => {
      const why = `${identity.name} wanted it${message === '' ? '' : `: ${message.slice(0, MAX_MESSAGE)}`}`;
      return { node, release: managed().goBack(why) };
    },
  };
}

function offered(release: OfferedAgentRelease__Output | null | undefined) {
  if (!release) throw new Failure('BAD_ARGUMENT', 'the request offers no release');
  const { manifest, signatures, allowDowngrade } = release;
  return { manifest, allowDowngrade, envelope: encodeEnvelope(signatures, AGENT_MANIFEST_TYPE) };
}
