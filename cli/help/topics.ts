/** Pages of help that belong to no one command: `nodectl help TOPIC`. */

import { EXIT_MEANINGS } from '../output/exit-codes.ts';
import { wrap } from './wrap.ts';

/** A page: paragraphs, and between them lines that stay as they are, which are indented and at most 78 columns wide. */
interface Topic {
  /** What it is about, in one line. */
  title: string;
  parts: readonly (string | readonly string[])[];
}

const TOPICS: Readonly<Record<string, Topic>> = {
  targets: {
    title: 'Which nodes a command is for',
    parts: [
      [
        '  -n web-1,db-1            by name; may be repeated',
        '  -n web-[01-20]           ranges of numbers; leading zeros are kept',
        "  -l rack=a                by label; also rack!=a, 'rack in (a,b)',",
        "                           'rack notin (a,b)', rack, !rack; several, joined by",
        '                           commas or repeated, must all hold',
        '  -n web-[1-9] -l rack=a   those named that also have the label',
        '  --all                    all nodes of the context',
      ],
      'Some commands that read, such as "get nodes" and "version", mean all nodes where none is named. Others take the one ' +
        'node of a context that has only one, or those of $NODECTL_NODES. A command that changes something never means a node ' +
        'that was not named, chosen by label or covered by --all on its own command line, and asks first where it changes nodes; where ' +
        'nobody can be asked it needs --yes. --dry-run has the nodes check the request and say what would be done.',
      'Up to 32 nodes are called at once (--parallel), each within --timeout. One that fails stops no other: it is reported, ' +
        'and the exit status is 3 where others succeeded.',
    ],
  },
  output: {
    title: 'Formats of reading commands: -o FORMAT',
    parts: [
      [
        '  table          for people (the default); made to fit the width of a',
        '                 terminal, whole on a pipe',
        '  wide           with more columns, never cut',
        '  json           one object, {"items": [...]}; a node that failed has',
        '                 "error": {"reason", "message", "hint"}',
        '  jsonl          an object a line, as soon as it and those before it are there',
        '  yaml           as json',
        '  name           the names alone, a line each',
        '  jsonpath=EXPR  values picked out of the json',
      ],
      'JSONPath knows .name, [\'any name\'], [0], [-1], [1:3], [*], .*, ..name, and filters [?(@.rack)] and [?(@.rack=="a")] ' +
        'with == != < <= > >=. A bare expression prints a value a line; one in braces is a template, in which {"\\n"} is a ' +
        'newline and values of one expression are joined by a space:',
      [
        "  -o 'jsonpath=.items[*].kernel'",
        "  -o 'jsonpath=.items[?(@.error)].node'",
        `  -o 'jsonpath={.items[0].node} runs {.items[0].kernel}{"\\n"}'`,
      ],
      'Data goes to stdout, everything else to stderr; with json and jsonl an error that ends the whole command is JSON there ' +
        'too. Colour is used on terminals only; NO_COLOR, FORCE_COLOR and --color decide otherwise. On a terminal control ' +
        'characters in what nodes send are made visible; on a pipe bytes pass as they are. Names of keys are stable: they are ' +
        'added to, never renamed.',
    ],
  },
  contexts: {
    title: 'The contexts file: which fleets there are, whom to trust there, as whom to call',
    parts: [
      'It is --config FILE, or $NODECTL_CONFIG, or nodectl/config.yaml in $XDG_CONFIG_HOME or ~/.config:',
      [
        '  current: prod',
        '  contexts:',
        '    prod:',
        '      trust: prod-root.crt      # root certificates: a path relative to this',
        '                                # file, or PEM',
        '      credential: alice.pem     # key, certificate and intermediate in one PEM',
        '                                # file, or PEM',
        '      issuer: pki.example:7445  # optional: the issuer whose register',
        '                                # "nodectl nodes sync" reads',
        '      nodes:',
        '        - name: web-1',
        '          addresses: [10.0.0.7:7443]',
        '          labels: { rack: a }',
      ],
      'The file must be readable by you alone (mode 0600). A node’s name is verified in its certificate, whatever its ' +
        'address. Of several addresses the first that answers as that node is used. The context is --context, or ' +
        '$NODECTL_CONTEXT, or the file’s current one. "nodectl context" and "nodectl nodes" change the file and keep its ' +
        'comments.',
    ],
  },
  environment: {
    title: 'Environment variables',
    parts: [
      [
        '  NODECTL_CONFIG    the contexts file; --config goes before it',
        '  NODECTL_CONTEXT   the context to use; --context goes before it',
        '  NODECTL_NODES     the nodes of commands that read; -n, -l and --all go before it',
        '  NODECTL_OUTPUT    the format of commands that know it; -o goes before it',
        '  NODECTL_TIMEOUT   how long a node may take, as in 30s; --timeout goes before it',
        '  NODECTL_PKI       the folder of the PKI; --dir goes before it',
        '  NODECTL_DEBUG     any value: stack traces of defects',
        '  NO_COLOR          any value: no colour; --color goes before it',
        '  FORCE_COLOR       any value but 0: colour also on a pipe',
        '  XDG_CONFIG_HOME   where nodectl/config.yaml is, else ~/.config',
        '  XDG_DATA_HOME     where nodectl/pki is, else ~/.local/share',
      ],
    ],
  },
  'exit-codes': {
    title: 'Exit statuses',
    parts: [
      EXIT_MEANINGS.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`),
      'Over several nodes: 0 where all succeeded, 3 where some did, and where none did the status that all have in common, ' +
        'or 1. The reason codes in errors are finer: docs/reasons.md lists them with their status.',
      'Of "diag": 11 where there is a critical, whether or not all nodes answered; else as above where nodes did not, since what ' +
        'they have is not known; else 10 where there is a warning. Checks that could not run change no status: they are told.',
    ],
  },
};

/** The names of the topics. */
export const TOPIC_NAMES: readonly string[] = Object.keys(TOPICS);

/** A topic, or undefined where there is none of that name. */
export function topic(name: string): Topic | undefined {
  return Object.hasOwn(TOPICS, name) ? TOPICS[name] : undefined;
}

/** The text below a topic's title, in lines of a width. */
export function topicText({ parts }: Topic, width: number): string {
  const blocks = parts.map((part) => (typeof part === 'string' ? wrap(part, width) : part.join('\n')));
  return `${blocks.join('\n\n')}\n`;
}
