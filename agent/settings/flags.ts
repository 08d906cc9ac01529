/** The agent's command line. Flags override the configuration file. */

import { parseArgs } from 'node:util';
import { ADDRESS_HINT, parseAddress } from '../../proto/address.ts';
import { Failure } from '../../proto/failure.ts';
import { isLabelName, isLabelValue, LABEL_HINT } from '../../proto/labels.ts';
import { type AgentSettings, defaultSettings, LOG_LEVELS, type LogLevel } from './settings.ts';

/** What `--help` prints. */
export const HELP = `nodectl-agent serves the nodectl API on this node.

Usage:
  nodectl-agent [--config FILE] [flags]     serve until SIGTERM or SIGINT
  nodectl-agent check-config FILE           check a configuration file and say what is wrong with it
  nodectl-agent revert-config --name NAME   put back a config that was tried and not confirmed in time; for systemd
  nodectl-agent health --gate               wait until the image that runs is not on trial any more; for systemd

Flags override the file.
  --config FILE            configuration file (YAML)
  --state DIR              folder for key, certificate, denylist, audit log and history (default /var/lib/nodectl)
  --listen HOST:PORT       address to listen on, repeatable (default [::]:7443); sockets of systemd come first
  --name NAME              the node's name; refuses to start when the certificate has another
  --label NAME=VALUE       label of the node, repeatable
  --announce HOST:PORT     address under which others reach the node, repeatable; told to the register at enrolment and renewal
  --issuer HOST:PORT       the issuer's enrolment port
  --token TOKEN            enrolment token; a file or a systemd credential "nodectl.token" keeps it out of "ps"
  --token-file FILE        file with the enrolment token
  --log-file NAME=PATH     log file to offer as file/NAME, repeatable
  --journal DIR            folder of journal files in place of this machine's journal; "none" for none
  --no-history             sample nothing; the file's "history" says how much is kept otherwise
  --issuer-authority DIR   be an issuer: folder with root.crt, nodes.crt and nodes.key
  --enrolment-listen H:P   address where nodes enrol with this issuer (default [::]:7444)
  --timeout SECONDS        with health --gate: wait no longer, and end with status 1 (default: no limit)
  --log-level LEVEL        ${LOG_LEVELS.join(', ')} (default info)
  -h, --help               this text
  --version                the version

Examples:
  nodectl-agent --state /var/lib/nodectl --issuer issuer.example:7444 --token-file /run/nodectl.token
  nodectl-agent --config /etc/nodectl/agent.yaml
  nodectl-agent check-config /etc/nodectl/agent.yaml

SIGHUP reads labels and addresses of the file again; everything else needs a restart.
`;

const OPTIONS = {
  config: { type: 'string' },
  state: { type: 'string' },
  listen: { type: 'string', multiple: true },
  name: { type: 'string' },
  label: { type: 'string', multiple: true },
  announce: { type: 'string', multiple: true },
  issuer: { type: 'string' },
  token: { type: 'string' },
  'token-file': { type: 'string' },
  'log-file': { type: 'string', multiple: true },
  journal: { type: 'string' },
  'no-history': { type: 'boolean' },
  'issuer-authority': { type: 'string' },
  'enrolment-listen': { type: 'string' },
  'log-level': { type: 'string' },
  gate: { type: 'boolean' },
  timeout: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

const MOST_SECONDS = 86_400;
const DEFAULT_ENROLMENT_LISTEN = '[::]:7444';

/** What the command line asks for. */
export type Invocation =
  | { do: 'help' }
  | { do: 'version' }
  | { do: 'check'; file: string }
  | { do: 'revert'; state: string; node: string }
  | { do: 'gate'; state: string; timeoutSeconds: number | undefined }
  | { do: 'serve'; file?: string; overrides: Overrides };

/** What flags say of the configuration. */
export type Overrides = Partial<AgentSettings>;

/** Reads the command line. Throws BAD_ARGUMENT. */
export function parseFlags(args: readonly string[]): Invocation {
  const { values, positionals } = parsed(args);
  if (values.help) return { do: 'help' };
  if (values.version) return { do: 'version' };
  const [verb, ...rest] = positionals;
  if (verb === 'check-config') {
    const [file = values.config] = rest;
    if (!file || rest.length > 1) throw usage('check-config takes one file');
    return { do: 'check', file };
  }
  if (verb === 'revert-config') {
    if (rest.length > 0 || !values.name) throw usage('revert-config takes --state DIR and --name NAME');
    return { do: 'revert', state: values.state ?? defaultSettings().state, node: values.name };
  }
  if (verb === 'health') {
    if (rest.length > 0 || !values.gate) throw usage('health takes --gate, and --timeout SECONDS');
    const timeoutSeconds = values.timeout === undefined ? undefined : Number(values.timeout);
    if (timeoutSeconds !== undefined && !(timeoutSeconds > 0 && timeoutSeconds <= MOST_SECONDS))
      throw usage(`--timeout takes seconds, at most ${MOST_SECONDS}`);
    return { do: 'gate', state: values.state ?? defaultSettings().state, timeoutSeconds };
  }
  if (values.gate || values.timeout !== undefined) throw usage('--gate and --timeout belong to health');
  if (verb !== undefined) throw usage(`"${verb}" is not a command`);
  const level = values['log-level'];
  if (level !== undefined && !(LOG_LEVELS as readonly string[]).includes(level))
    throw usage(`"${level}" is not a log level`);
  const token = values.token;
  const tokenFile = values['token-file'];
  const overrides: Overrides = {
    ...(values.name ? { name: values.name } : {}),
    ...(values.state ? { state: values.state } : {}),
    ...(values.listen ? { listen: values.listen } : {}),
    ...(values.label ? { labels: Object.fromEntries(values.label.map(label)) } : {}),
    ...(values.announce ? { addresses: values.announce.map((one) => address(one, 'announce')) } : {}),
    ...(values.issuer || token || tokenFile
      ? {
          enrolment: {
            ...(values.issuer ? { issuer: address(values.issuer, 'issuer') } : {}),
            ...(token ? { token } : {}),
            ...(tokenFile ? { tokenFile } : {}),
          },
        }
      : {}),
    ...logs(values),
    ...(values['no-history'] ? { history: { ...defaultSettings().history, enabled: false } } : {}),
    ...(values['issuer-authority']
      ? {
          issuer: {
            authority: values['issuer-authority'],
            listen: values['enrolment-listen'] ?? DEFAULT_ENROLMENT_LISTEN,
          },
        }
      : {}),
    ...(level ? { logLevel: level as LogLevel } : {}),
  };
  return { do: 'serve', ...(values.config ? { file: values.config } : {}), overrides };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const [unknown] = /'-[^']*'/.exec(message) ?? [];
    // Node goes on to explain how arguments that begin with a dash are written, which no flag here needs.
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && unknown)
      throw usage(`unknown flag "${unknown.slice(1, -1)}"`, cause);
    throw usage(message.split('\n')[0] ?? '', cause);
  }
}

function logs(values: { 'log-file'?: string[]; journal?: string }): Overrides {
  const files = (values['log-file'] ?? []).map((one) => {
    const [name, path] = pair(one, 'log-file', 'NAME=PATH');
    return { name, path };
  });
  if (files.length === 0 && values.journal === undefined) return {};
  return {
    logs: {
      files,
      ...(values.journal === undefined
        ? {}
        : { journal: values.journal === 'none' ? (false as const) : { directory: values.journal } }),
    },
  };
}

function pair(text: string, flag: string, form: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw usage(`--${flag} takes ${form}, not "${text}"`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function label(text: string): [string, string] {
  const [name, value] = pair(text, 'label', 'NAME=VALUE');
  if (isLabelName(name) && isLabelValue(value)) return [name, value];
  throw new Failure('BAD_ARGUMENT', `"${text.slice(0, 140)}" is not a label`, { hint: LABEL_HINT });
}

function address(text: string, flag: string): string {
  if (parseAddress(text)) return text;
  throw new Failure('BAD_ARGUMENT', `--${flag} ${text.slice(0, 100)} is not an address`, {
    hint: ADDRESS_HINT,
  });
}

function usage(message: string, cause?: unknown): Failure {
  return new Failure('BAD_ARGUMENT', message, { hint: 'nodectl-agent --help', cause });
}

/** The configuration in force: defaults, overlaid by the file, overlaid by flags. Parts of parts are overlaid too. */
export function mergeSettings(file: Partial<AgentSettings>, flags: Overrides): AgentSettings {
  const base = defaultSettings();
  return {
    ...base,
    ...file,
    ...flags,
    labels: { ...file.labels, ...flags.labels },
    logs: { ...base.logs, ...file.logs, ...flags.logs },
    diagnostics: { ...base.diagnostics, ...file.diagnostics },
    history: { ...base.history, ...file.history, ...flags.history },
    enrolment: { ...file.enrolment, ...flags.enrolment },
  };
}
