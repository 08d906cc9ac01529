/** What NVIDIA's own tool says of its ports. */

import { check } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { nicMlxPorts } from './mlxlink.ts';

const advice = check({
  id: 'nic.mlxlink-advice',
  area: 'nic',
  title: 'A port of which mlxlink says that something is wrong',
  about:
    'mlxlink ends with what the firmware thinks of the link. Anything but "No issue was observed" is told in its words, and errors that ' +
    'were left behind error correction beyond the rate that Ethernet allows. A port that is switched off is none.',
  needs: { ports: nicMlxPorts },
  thresholds: {
    effectiveBer: {
      value: 1e-12,
      unit: '',
      source: 'IEEE 802.3 clause 91 and 49: a bit error ratio of 1E-12 behind error correction',
    },
  },
  links: ['https://docs.nvidia.com/networking/display/mftv4260/mlxlink+utility'],
  evaluate: ({ ports }, { effectiveBer }) =>
    ports.flatMap((port): FindingDraft[] => {
      // Of an unused port nobody asks the tool: that somebody did says that there should be a link.
      if (/^polling$/i.test(port.state) && /unplugged|no cable/i.test(port.advice))
        return [
          {
            severity: 'warning',
            title: 'A port has no link',
            subject: { kind: 'nic', name: port.name },
            evidence: [`State: ${port.state}`, `Recommendation: ${port.advice}`],
            remedy: { text: 'Plug the cable in on both sides, or replace it.', risk: 'none' },
          },
        ];
      const wrong =
        port.advice !== '' &&
        !/^(?:no issue|n\/a|.*(?:unplugged|closed by command|disabled|no cable))/i.test(port.advice);
      const errors = (port.effectiveErrors ?? 0) > 0 && (port.effectiveBer ?? 0) > effectiveBer;
      if (!wrong && !errors) return [];
      return [
        {
          severity: 'warning',
          title: wrong ? 'mlxlink finds fault with a port' : 'Errors of a port are beyond what is corrected',
          subject: { kind: 'nic', name: port.name },
          evidence: [
            ...(wrong ? [`Recommendation: ${port.advice}`] : []),
            ...(port.state === '' ? [] : [`State: ${port.state}`]),
            ...(errors
              ? [`Effective Physical Errors ${port.effectiveErrors}, ratio ${port.effectiveBer}`]
              : []),
          ],
          remedy: {
            text: 'Clean or replace cable and optics; compare FEC and speed with the switch.',
            risk: 'none',
          },
        },
      ];
    }),
});

/** Checks of what mlxlink told. */
export const NIC_MLXLINK_CHECKS = [advice] as const;
