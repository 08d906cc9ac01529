/** QEMU's control socket: its commands (QMP: a JSON object a line), and what its monitor tells of a machine that stands still. */

import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A QEMU that is well answers at once. */
const ANSWER_MS = 30_000;
/** Several looks show whether a processor moves, and where. */
const LOOKS = 4;
const LOOK_MS = 1_000;
/** Registers for integers, and the line with the instruction pointer, the flags and whether the processor is halted. */
const REGISTERS = /^(CPU#|[RE](AX|SI|IP)|R8 |R12)/;
const POINTER = /^(CPU#|[RE]IP)/;
const INTERRUPTS = /^(dumping|LVTT|Timer|ISR|IRR)/;

/**
 * Gives QEMU a command, and what it answers.
 * @param path of the socket
 * @throws Error where there is no answer, or the command failed
 */
export async function control(path: string, command: string, args: object = {}): Promise<unknown> {
  const socket = connect(path);
  const silent = () => socket.destroy(new Error(`QEMU did not answer ${command} for ${ANSWER_MS / 1_000} s`));
  const timer = setTimeout(silent, ANSWER_MS);
  try {
    socket.write('{"execute": "qmp_capabilities"}\n');
    socket.write(`${JSON.stringify({ execute: command, arguments: args, id: command })}\n`);
    let text = '';
    for await (const part of socket) {
      const lines = (text + part).split('\n');
      text = lines.pop() ?? '';
      const said = lines.map((line) => JSON.parse(line)).find(({ id }) => id === command);
      if (said?.error) throw new Error(`QEMU refused ${command}: ${said.error.desc}`);
      if (said) return said.return;
    }
    throw new Error(`QEMU ended before it answered ${command}`);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** Where the processors are, a second apart, the first one's code and stack, and the interrupts. For messages. @throws Error as `control` does */
export async function processors(path: string): Promise<string> {
  const ask = async (line: string, wanted: RegExp) => {
    const text = await control(path, 'human-monitor-command', { 'command-line': line });
    const lines = String(text).split(/\r?\n/);
    return lines.map((one) => one.trim()).filter((one) => wanted.test(one));
  };
  const told = [
    ...(await ask('info registers -a', REGISTERS)),
    ...(await ask('x/12i $pc', /./)),
    ...(await ask('x/32gx $sp', /./)),
  ];
  for (let look = 1; look < LOOKS; look++) {
    await sleep(LOOK_MS);
    told.push(...(await ask('info registers -a', POINTER)));
  }
  return [...told, ...(await ask('info lapic', INTERRUPTS)), ...(await ask('info pic', /^pic|IRR/))].join(
    '\n',
  );
}
