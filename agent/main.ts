/** `nodectl-agent`: reads its command line and configuration, serves, and stops in good order. */

import { Failure } from '../proto/failure.ts';
import { HELP, type Invocation, mergeSettings, parseFlags } from './settings/flags.ts';
import type { AgentSettings } from './settings/settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a run of the program has around it. */
export interface ProgramIo {
  readonly args: readonly string[];
  readonly env: Environment;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** The exit status that asks systemd to start another release of the agent: SuccessExitStatus= of its unit (EX_TEMPFAIL). */
const OTHER_RELEASE = 75;
/** That of an agent which no other release would help: packaging/nodectl-agent-revert.sh then stays with this one (EX_CONFIG). */
const UNUSABLE_CONFIG = 78;

/**
 * Runs the program and gives its exit status: 0 in good order, 1 failed, 2 wrong usage; and of serving 75 to be started anew as
 * another release, 78 where configuration or certificate are missing or cannot be used.
 */
export async function main(io: ProgramIo): Promise<number> {
  let serving = false;
  try {
    const invocation = parseFlags(io.args);
    serving = invocation.do === 'serve';
    if (invocation.do === 'help') io.stdout(HELP);
    else if (invocation.do === 'version') {
      const { commit, VERSION } = await import('../proto/version.ts');
      io.stdout(`nodectl-agent ${VERSION}${commit() ? ` (${commit().slice(0, 12)})` : ''}\n`);
    } else if (invocation.do === 'check') {
      const { readSettings } = await import('./settings/read-settings.ts');
      await readSettings(invocation.file);
      io.stdout(`${invocation.file} is valid\n`);
    } else if (invocation.do === 'revert') await revert(invocation, io);
    else if (invocation.do === 'gate') await gate(invocation, io);
    else return await serve(invocation, io);
    return 0;
  } catch (error) {
    const failure = Failure.from(error);
    io.stderr(`nodectl-agent: ${failure.message} [${failure.reason}]\n`);
    if (failure.hint) io.stderr(`hint: ${failure.hint}\n`);
    if (serving && (failure.reason === 'BAD_CONFIG' || failure.reason === 'NO_CERTIFICATE'))
      return UNUSABLE_CONFIG;
    return failure.reason === 'BAD_ARGUMENT' ? 2 : 1;
  }
}

async function serve(invocation: Extract<Invocation, { do: 'serve' }>, { env }: ProgramIo): Promise<number> {
  const config = await configOf(invocation);
  const [
    { createLogger },
    { startAgent },
    { handedOver },
    { enrolmentToken },
    { notifier, watchdogInterval },
    { launchedAs },
    { ownMemory },
  ] = await Promise.all([
    import('./server/logger.ts'),
    import('./server/agent.ts'),
    import('./server/listen.ts'),
    import('./server/token.ts'),
    import('./host/systemd-notify.ts'),
    import('./release/room.ts'),
    import('./host/own-memory.ts'),
  ]);
  const log = createLogger(config.logLevel);
  const notify = notifier(env, (message) => log.warn(message));
  const stopping = new AbortController();
  const stopped = signalled(['SIGTERM', 'SIGINT']).then((name) => {
    log.info({ signal: name }, 'stopping');
    stopping.abort();
    return 0;
  });
  const replaced = Promise.withResolvers<number>();
  const launched = launchedAs(env, () => replaced.resolve(OTHER_RELEASE));
  const agent = await startAgent(config, {
    ...{ log, signal: stopping.signal, sockets: handedOver(env, process.pid), launched },
    token: () => enrolmentToken(config.enrolment, env),
    memory: env.NODECTL_GIVE_BACK === '1' ? ownMemory : undefined,
  });
  const reload = () => {
    configOf(invocation).then(
      (next) => {
        agent.reconfigure(next);
        log.info('labels and addresses were read again; other changes need a restart');
      },
      (err: unknown) => log.error({ err }, 'the configuration was not read again'),
    );
  };
  process.on('SIGHUP', reload);
  const intervalMs = watchdogInterval(env, process.pid);
  const stopWatchdog = intervalMs ? await feed(agent, intervalMs, notify, log) : undefined;
  await notify('READY=1', `STATUS=Serving ${agent.node} on ${agent.addresses.join(', ')}`);
  const status = await Promise.race([stopped, replaced.promise]);
  process.off('SIGHUP', reload);
  stopWatchdog?.();
  await Promise.all([notify('STOPPING=1'), agent.stop()]);
  log.info('stopped');
  return status;
}

async function revert({ state, node }: Extract<Invocation, { do: 'revert' }>, io: ProgramIo): Promise<void> {
  const [{ createLogger }, { revertConfig }] = await Promise.all([
    import('./server/logger.ts'),
    import('./config/revert.ts'),
  ]);
  io.stdout(`${await revertConfig(state, node, createLogger('info'))}\n`);
}

async function gate(
  { state, timeoutSeconds }: Extract<Invocation, { do: 'gate' }>,
  io: ProgramIo,
): Promise<void> {
  const [{ waitForVerdict }, { LiveMachine }] = await Promise.all([
    import('./upgrade/health/wait.ts'),
    import('./host/live-machine.ts'),
  ]);
  const signal =
    timeoutSeconds === undefined ? new AbortController().signal : AbortSignal.timeout(timeoutSeconds * 1_000);
  io.stdout(`${await waitForVerdict(state, new LiveMachine('/'), signal)}\n`);
}

async function feed(
  agent: Awaited<ReturnType<typeof import('./server/agent.ts').startAgent>>,
  intervalMs: number,
  notify: (...assignments: string[]) => Promise<void>,
  log: { warn: (fields: object, message: string) => void },
): Promise<() => void> {
  const { startWatchdog } = await import('./server/watchdog.ts');
  const { node, certificate } = agent;
  return startWatchdog({
    ...{ intervalMs, node, notify, address: agent.addresses[0] ?? '' },
    credential: () => certificate,
    warn: (fields, message) => log.warn(fields, message),
  });
}

/** The configuration in force. The reader of files is loaded only where there is one. */
async function configOf({ file, overrides }: Extract<Invocation, { do: 'serve' }>): Promise<AgentSettings> {
  if (file === undefined) return mergeSettings({}, overrides);
  const { readSettings } = await import('./settings/read-settings.ts');
  return mergeSettings(await readSettings(file), overrides);
}

/** Resolves with the first of some signals. The next one ends the process at once, as it does without a handler. */
function signalled(names: NodeJS.Signals[]): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const heard = (name: NodeJS.Signals) => {
      for (const one of names) process.off(one, heard);
      resolve(name);
    };
    for (const one of names) process.on(one, heard);
  });
}

if (import.meta.main)
  process.exitCode = await main({
    args: process.argv.slice(2),
    env: process.env,
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
  });
