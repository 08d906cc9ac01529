/**
 * Whether the etcd member of this machine says that it is well: `GET /health` on the address of its figures, which needs no
 * certificate on loopback (etcd: "Monitoring etcd", kubeadm sets 127.0.0.1:2381), or of a member that serves without TLS.
 */

import { fact, unavailable } from '../diagnostics/fact.ts';
import { keepsEtcd } from '../diagnostics/system/etcd.ts';
import { Unavailable } from '../host/unavailable.ts';

const URLS = ['http://127.0.0.1:2381/health', 'http://127.0.0.1:2379/health'];
const LIMITS = { timeoutMs: 2_000, maxBytes: 65_536 };

/** What a member says of itself. */
export interface EtcdHealth {
  /** Empty where it is well; else what is wrong, a sentence without a full stop. */
  readonly trouble: string;
}

/** The member's health. @throws Unavailable absent where there is none, failed where it cannot be asked */
export const etcdHealth = fact({
  id: 'health.etcd',
  reads: URLS,
  limitMs: 5_000,
  read: async ({ machine, signal, get }): Promise<EtcdHealth> => {
    if (!(await get(keepsEtcd))) throw new Unavailable('absent', 'this machine keeps no etcd');
    let first: Unavailable | undefined;
    for (const url of URLS) {
      try {
        const { status, body } = await machine.probe({ url }, { ...LIMITS, signal });
        // It says 503 and {"health":"false","reason":"..."} where it has no leader or an alarm is raised.
        if (status === 200 && /"health"\s*:\s*(?:"true"|true)/.test(body)) return { trouble: '' };
        return { trouble: `etcd answers with status ${status}: ${body.slice(0, 200).trim()}` };
      } catch (error) {
        first ??= unavailable(error);
      }
    }
    throw first ?? new Unavailable('failed', 'etcd does not answer');
  },
});
