/** A program for tests, run in a network namespace: judges the interfaces that are there, and prints what came of it as JSON. */

import { LiveMachine } from '../../host/live-machine.ts';
import { diagnose } from '../diagnose.ts';
import { FactStore } from '../fact-store.ts';
import { NIC_CHECKS } from './checks.ts';
import { nicInterfaces } from './interfaces.ts';

const machine = new LiveMachine();
const { signal } = new AbortController();
const { checks, problems } = await diagnose({ machine, signal, checks: NIC_CHECKS, traits: [] });
const statuses: Record<string, number> = {};
for (const { status } of checks) statuses[status] = (statuses[status] ?? 0) + 1;
const interfaces = (await new FactStore(machine, signal).get(nicInterfaces)).length;
process.stdout.write(JSON.stringify({ interfaces, statuses, problems }));
