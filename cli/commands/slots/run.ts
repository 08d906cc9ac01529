/** `nodectl slots`. */

import { isoTime, tableTime } from '../../duration.ts';
import { bytesText } from '../../output/bytes.ts';
import { showFleet } from '../../output/format.ts';
import type { Session } from '../../session.ts';
import { imageText, wordOf } from '../../upgrade/words.ts';

/** Of a digest as people write it. */
const SHORT = 12;

export function run(session: Session): Promise<number> {
  return showFleet(
    session,
    async (channel, { name }) => {
      const answer = await channel.unary('nodectl.v1.UpgradeService/ListSlots', {}, session.limits());
      for (const problem of answer.problems) session.terminal.warn(`${name}: ${problem}`);
      return answer;
    },
    {
      rows: ({ slots, ...common }, node) => slots.map((slot) => ({ ...common, node, ...slot })),
      columns: [
        { title: 'NODE', value: ({ node }) => node, whole: true },
        { title: 'SLOT', value: ({ name }) => name, whole: true },
        {
          title: 'STATE',
          value: ({ health, booted, next }) =>
            [wordOf(health), ...(booted ? ['runs'] : []), ...(next ? ['boots next'] : [])].join(', '),
          whole: true,
        },
        { title: 'TRIES', value: ({ triesLeft }) => String(triesLeft ?? ''), align: 'right', whole: true },
        { title: 'IMAGE', value: ({ imageName }) => imageName },
        {
          title: 'VERSION',
          value: ({ health, imageVersion, imageSerial }) =>
            wordOf(health) === 'empty' ? '' : imageText(imageVersion, imageSerial),
        },
        { title: 'DIGEST', value: ({ rootSha256 }) => rootSha256.slice(0, SHORT), whole: true, yields: true },
        {
          title: 'WRITTEN',
          value: ({ writtenUsec }) => (writtenUsec > 0 ? tableTime(writtenUsec) : ''),
          yields: true,
        },
        { title: 'SIZE', value: ({ bytes }) => bytesText(bytes), align: 'right', wide: true },
        { title: 'DEVICE', value: ({ device }) => device, wide: true },
        { title: 'BOOT LOADER', value: ({ backend }) => backend, wide: true },
      ],
      json: ({ health, writtenUsec, ...row }) => ({
        ...row,
        health: wordOf(health),
        written: writtenUsec > 0 ? isoTime(writtenUsec) : null,
        writtenUsec,
      }),
      name: ({ node, name }) => `${node}:${name}`,
      empty: 'No slots.',
    },
  );
}
