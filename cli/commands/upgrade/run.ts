/** `nodectl upgrade --image`. */

import { Failure } from '../../../proto/failure.ts';
import { parseEnvelope } from '../../../proto/image/envelope.ts';
import { parseManifest } from '../../../proto/image/manifest.ts';
import { openImage } from '../../image/open.ts';
import { confirm, onNodes } from '../../output/confirm.ts';
import { flag, list, type Session, text } from '../../session.ts';
import { progressSession, viewOf } from '../../upgrade/follow-all.ts';
import { kubernetesCourtesy } from '../../upgrade/kubernetes-courtesy.ts';
import { WatchedView } from '../../upgrade/left-behind.ts';
import { ImageOperations, type OpenImage } from '../../upgrade/operations.ts';
import { upgradeOptions } from '../../upgrade/options.ts';
import { type NodePlan, planAll, refusalOf, showPlans, tellPlans } from '../../upgrade/plans.ts';
import { rollOut } from '../../upgrade/roll-out.ts';
import { runningOn } from '../../upgrade/running.ts';
import { sendImage } from '../../upgrade/send-image.ts';
import { printStandings } from '../../upgrade/show.ts';
import { hasEnded } from '../../upgrade/words.ts';

export async function run(session: Session): Promise<number> {
  const ref = text(session, 'image');
  if (ref === undefined)
    throw new Failure('BAD_ARGUMENT', 'the command does not say which image', {
      hint: 'write --image FILE, --image https://… or --image oci://…; nodectl upgrade --help has examples',
    });
  const options = upgradeOptions(session);
  const turns = {
    maxUnavailable: counted(session, 'maxUnavailable', 1, 1),
    maxFailures: counted(session, 'maxFailures', 0, 0),
  };
  const courtesy = kubernetesCourtesy(session);
  const targets = await session.targets();
  const opened: OpenImage[] = [];
  let operations: ImageOperations | undefined;
  try {
    for (const one of [ref, ...list(session, 'from')]) {
      const source = await openImage(one, session);
      opened.push({ source, manifest: parseManifest(source.manifestBytes) });
    }
    const [image, ...bases] = opened as [OpenImage, ...OpenImage[]];
    const { manifestBytes, envelopeBytes } = image.source;
    const offered = { manifest: manifestBytes, signatures: parseEnvelope(envelopeBytes) };
    const answers = await planAll(session, targets, offered, options);
    const ready = answers.flatMap((one) => ('value' in one && one.value.refusals.length === 0 ? [one] : []));
    operations = new ImageOperations(
      image,
      bases,
      ready.map(({ value }) => value),
    );
    const dryRun = flag(session, 'dryRun');
    const plans: NodePlan[] = [];
    for (const answer of answers) {
      if ('failure' in answer) plans.push(answer);
      else {
        const toSend = await operations.toSend(answer.value, dryRun);
        const { refusals, alreadyRunning } = answer.value;
        const isSent = refusals.length === 0 && !alreadyRunning;
        const note = isSent ? await operations.note(answer.value) : undefined;
        const way = operations.wayTo(answer.value);
        plans.push({
          ...answer,
          way,
          ...(toSend ? { toSend } : {}),
          ...(note === undefined ? {} : { note }),
        });
      }
    }
    const shown = progressSession(session);
    if (dryRun) return showPlans(shown, image.manifest, plans);
    tellPlans(session, image.manifest, plans);
    const chosen = targets.filter(({ name }) => ready.some(({ node }) => node === name));
    const toDo = ready.filter(({ value }) => options.reinstall === true || !value.alreadyRunning);
    if (toDo.length > 0)
      await confirm(
        session,
        `Upgrade to ${image.manifest.version} ${onNodes(toDo.map(({ node }) => ({ name: node })))}?`,
      );
    const made = operations;
    const view = new WatchedView(viewOf(shown));
    const results = await rollOut(
      session,
      chosen,
      {
        ...{ image: offered, options, ...turns, leave: session.options.wait === false },
        plans: new Map(ready.map(({ node, value }) => [node, value])),
        send: async (channel, { id }, plan, signal) => sendImage(channel, id, await made.for(plan), signal),
        ...(courtesy ? { courtesy } : {}),
      },
      view,
    ).finally(() => {
      view.end();
      if (session.signal.aborted) for (const sentence of view.leftBehind()) session.terminal.note(sentence);
    });
    const settled = new Set(
      results.flatMap((one) => ('value' in one && (!one.value || hasEnded(one.value)) ? [one.node] : [])),
    );
    const running = await runningOn(
      session,
      targets.filter(({ name }) => settled.has(name)),
    );
    return await printStandings(shown, [...results, ...plans.flatMap(refusedPlan)], running);
  } finally {
    await operations?.close();
    for (const { source } of opened) await source.close();
  }
}

/** A whole number of an option. Throws BAD_ARGUMENT. */
function counted(session: Session, name: string, least: number, otherwise: number): number {
  const given = text(session, name);
  if (given === undefined) return otherwise;
  const value = Number(given);
  if (value >= least) return value;
  throw new Failure(
    'BAD_ARGUMENT',
    `--${name.replace(/[A-Z]/g, (one) => `-${one.toLowerCase()}`)} ${given} is less than ${least}`,
  );
}

/** The failure of a node whose plan says that it cannot be upgraded. */
function refusedPlan(one: NodePlan): { node: string; failure: Failure }[] {
  if ('failure' in one) return [one];
  const failure = refusalOf(one.value);
  return failure ? [{ node: one.node, failure }] : [];
}
