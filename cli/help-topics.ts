/** Pages of help that belong to no one command: `nodectl help TOPIC`. */

import { EXIT_MEANINGS } from './output/exit-codes.ts';

const TOPICS: Readonly<Record<string, () => string>> = {
  targets: () => `Which nodes a command is for

  -n web-1,db-1         by name; may be repeated
  -n web-[01-20]        ranges of numbers; leading zeros are kept
  -l rack=a             by label; also rack!=a, 'rack in (a,b)', 'rack notin (a,b)', rack, !rack;
                        several joined by commas must all hold
  -n web-[1-9] -l rack=a   those named that also have the label
  --all                 all nodes of the context

"get nodes" and "version" mean all nodes where none is named. Other commands that read take the one node of a context that
has only one. A command that changes something never means a node that was not named, chosen or covered by --all.
`,
  output: () => `Formats of reading commands: -o FORMAT

  table        for people (the default); cut to the width of a terminal, whole on a pipe
  wide         with more columns, never cut
  json         one object: {"items": [...]}; a node that failed has "error": {reason, message, hint}
  jsonl        an object a line
  yaml         as json
  name         the names alone, a line each
  jsonpath=EXPR  values picked out of the json, as in -o 'jsonpath=.items[*].kernel'

Data goes to stdout, everything else to stderr. Colour is used on terminals only; NO_COLOR, FORCE_COLOR and --color decide
otherwise. On a terminal control characters in what nodes send are made visible; on a pipe bytes pass as they are.
`,
  contexts:
    () => `The contexts file: --config FILE, or $NODECTL_CONFIG, or nodectl/config.yaml in $XDG_CONFIG_HOME or ~/.config

  current: prod
  contexts:
    prod:
      trust: prod-root.crt      # root certificates: a path relative to this file, or PEM
      credential: alice.pem     # key, certificate and intermediate in one PEM file, or PEM
      issuer: pki.example:7445  # optional: the issuer whose register "nodectl nodes sync" reads
      nodes:
        - name: web-1
          addresses: [10.0.0.7:7443]
          labels: { rack: a }

The file must be readable by you alone (mode 0600). A node's name is verified in its certificate, whatever its address.
`,
  environment: () => `Environment variables

  NODECTL_CONFIG    the contexts file                   (--config goes before it)
  NODECTL_CONTEXT   the context to use                  (--context goes before it)
  NODECTL_PKI       the folder of the PKI               (--dir goes before it)
  NO_COLOR          any value: no colour                (--color goes before it)
  FORCE_COLOR       any value but 0: colour also on a pipe
  XDG_CONFIG_HOME   where nodectl/config.yaml is, else ~/.config
  XDG_DATA_HOME     where nodectl/pki is, else ~/.local/share
`,
  'exit-codes': () =>
    `Exit statuses\n\n${EXIT_MEANINGS.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')}\n`,
};

/** The names of the topics. */
export const TOPIC_NAMES: readonly string[] = Object.keys(TOPICS);

/** The text of a topic, or undefined where there is none of that name. */
export function topicText(name: string): string | undefined {
  return Object.hasOwn(TOPICS, name) ? TOPICS[name]?.() : undefined;
}
