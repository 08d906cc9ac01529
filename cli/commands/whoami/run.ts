/** `nodectl whoami`. */

import { formatLeft } from '../../duration.ts';
import { showNodes } from '../../output/format.ts';
import type { Session } from '../../session.ts';

export function run(session: Session): Promise<number> {
  return showNodes(
    session,
    (channel) => channel.unary('nodectl.v1.AccessService/WhoAmI', {}, session.limits()),
    {
      columns: [
        { title: 'NODE', value: ({ node }) => node, whole: true },
        { title: 'NAME', value: ({ value }) => value.name },
        { title: 'ROLE', value: ({ value }) => value.role },
        { title: 'VALID FOR', value: ({ value }) => formatLeft(value.notAfter * 1000 - Date.now()) },
        { title: 'SERIAL', value: ({ value }) => value.serial, wide: true },
      ],
      json: ({ name, role, serial, notAfter }, node) => ({
        node,
        name,
        role,
        serial,
        notAfter: new Date(notAfter * 1000).toISOString(),
      }),
    },
  );
}
