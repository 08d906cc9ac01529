/** A program for tests: reads the interfaces of the network namespace that it runs in, with all forms of ethtool, and prints JSON. */

import { LiveMachine } from '../../host/live-machine.ts';
import { unavailable } from '../fact.ts';
import { FactStore } from '../fact-store.ts';
import { parseCoalesce } from './ethtool/coalesce.ts';
import { parseDriver } from './ethtool/driver.ts';
import { parseEee } from './ethtool/eee.ts';
import { parseFeatures } from './ethtool/features.ts';
import { parseFec } from './ethtool/fec.ts';
import { parseModule } from './ethtool/module.ts';
import { parsePause } from './ethtool/pause.ts';
import { parsePrivateFlags } from './ethtool/private-flags.ts';
import { parseChannels, parseRings } from './ethtool/rings.ts';
import { parseSettings } from './ethtool/settings.ts';
import { parseModulePower, parsePermanentAddress, parseReceiveSpread } from './ethtool/small-forms.ts';
import { parseStatistics } from './ethtool/statistics.ts';
import { parseTimestamping } from './ethtool/timestamping.ts';
import { nicEthtool } from './ethtool-runner.ts';
import { nicInterfaces } from './interfaces.ts';

const FORMS: Readonly<Record<string, (text: string) => unknown>> = {
  ...{ '': parseSettings, '-i': parseDriver, '-S': parseStatistics, '-g': parseRings, '-l': parseChannels },
  ...{
    '-k': parseFeatures,
    '-a': parsePause,
    '-c': parseCoalesce,
    '-T': parseTimestamping,
    '-m': parseModule,
  },
  ...{ '-P': parsePermanentAddress, '-x': parseReceiveSpread, '--show-module': parseModulePower },
  ...{ '--show-fec': parseFec, '--show-eee': parseEee, '--show-priv-flags': parsePrivateFlags },
};

const { signal } = new AbortController();
const store = new FactStore(new LiveMachine(), signal);
const interfaces = await store.get(nicInterfaces);
const ethtool = await store.get(nicEthtool);
const forms: Record<string, Record<string, unknown>> = {};
for (const { name } of interfaces) {
  const own: Record<string, unknown> = {};
  for (const [option, parse] of Object.entries(FORMS)) {
    try {
      const value = parse(await ethtool.run(option, name, signal));
      own[option] = value instanceof Map ? Object.fromEntries(value) : value;
    } catch (error) {
      own[option] = `unavailable: ${unavailable(error).kind}`;
    }
  }
  forms[name] = own;
}
process.stdout.write(JSON.stringify({ interfaces, forms, problems: store.problems }));
