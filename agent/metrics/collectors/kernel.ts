/** The kernel: what it is, since when it runs, its load, and what it has counted of processors, tasks and handles. */

import { kernelIdentity } from '../../diagnostics/kernel/identity.ts';
import { taint } from '../../diagnostics/kernel/taint.ts';
import { line } from '../../host/machine.ts';
import { CHEAP_MS, type Collector } from '../collector.ts';
import { counter, type Family, gauge, info } from '../family.ts';

/** Times of /proc/stat are in hundredths of a second on every architecture (USER_HZ of the kernel's interface). */
const USER_HZ = 100;
/** The columns of a processor's row, in order (proc_stat(5)); time of guests is in user and nice already. */
const MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;
const MAX_PROCESSORS = 4_096;

/** The numbers of /proc/stat. */
function statFamilies(text: string): Family[] {
  const times: [{ cpu: string; mode: string }, number][] = [];
  const single = new Map<string, number>();
  for (const row of text.split('\n')) {
    const [name = '', ...values] = row.split(' ');
    const cpu = /^cpu(\d+)$/.exec(name)?.[1];
    if (cpu === undefined) single.set(name, Number(values[0]));
    else if (times.length < MAX_PROCESSORS * MODES.length)
      for (const [at, mode] of MODES.entries()) {
        const ticks = Number(values[at]);
        if (Number.isFinite(ticks)) times.push([{ cpu, mode }, ticks / USER_HZ]);
      }
  }
  const of = (name: string) => (Number.isFinite(single.get(name)) ? single.get(name) : undefined);
  return [
    counter('node_cpu_seconds', 'Time that processors spent in each mode.', times),
    gauge('node_boot_time_seconds', 'When the machine booted, in seconds since the epoch.', of('btime')),
    counter('node_context_switches', 'Context switches since boot.', of('ctxt')),
    counter('node_intr', 'Interrupts served since boot.', of('intr')),
    counter('node_forks', 'Tasks made since boot.', of('processes')),
    gauge('node_procs_running', 'Tasks that run or could.', of('procs_running')),
    gauge('node_procs_blocked', 'Tasks that wait for I/O.', of('procs_blocked')),
  ];
}

/** /proc/stat, /proc/loadavg, the count of open files, the release and the taint. */
export const kernelCollector: Collector = {
  id: 'kernel',
  freshMs: CHEAP_MS,
  collect: async (reading) => {
    const { machine } = reading;
    const families = statFamilies(machine.text('proc/stat') ?? '');
    const loads = (line(machine, 'proc/loadavg') ?? '').split(' ').map(Number);
    const files = (line(machine, 'proc/sys/fs/file-nr') ?? '').split(/\s+/).map(Number);
    const kernel = await reading.part('kernel.identity', () => reading.get(kernelIdentity));
    const tainted = await reading.part('kernel.taint', () => reading.get(taint));
    const number = (value: number | undefined) => (Number.isFinite(value) ? value : undefined);
    const uname = (name: string) => line(machine, `proc/sys/kernel/${name}`) ?? '';
    return [
      ...families,
      gauge('node_load1', 'Tasks that run or wait, over the last minute.', number(loads[0])),
      gauge('node_load5', 'Tasks that run or wait, over the last 5 minutes.', number(loads[1])),
      gauge('node_load15', 'Tasks that run or wait, over the last 15 minutes.', number(loads[2])),
      gauge('node_filefd_allocated', 'Open files of the whole machine.', number(files[0])),
      gauge('node_filefd_maximum', 'Most open files that the kernel allows.', number(files[2])),
      gauge('node_time_seconds', 'The machine’s clock, in seconds since the epoch.', machine.now() / 1_000),
      gauge(
        'nodectl_kernel_taint',
        'Bits of the kernel’s taint.',
        tainted === undefined ? undefined : Number(tainted),
      ),
      ...(kernel
        ? [
            info('node_uname', 'What uname(2) tells.', [
              {
                ...{ sysname: 'Linux', release: kernel.release, version: kernel.build },
                ...{ nodename: uname('hostname'), domainname: uname('domainname'), machine: uname('arch') },
              },
            ]),
            info('node_os', 'What os-release(5) tells.', [
              {
                ...{ id: kernel.os.id, version_id: kernel.os.version, pretty_name: kernel.os.name },
                ...{ image_id: kernel.os.imageId, image_version: kernel.os.imageVersion },
              },
            ]),
          ]
        : []),
    ];
  },
};
