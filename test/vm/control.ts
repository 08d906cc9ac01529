/** QEMU's control sockets (QMP: a JSON object a line): commands, why it ended, and what its monitor tells of a machine that stands still. */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A QEMU that is well answers at once. */
const ANSWER_MS = 30_000;
/** Several looks show whether a processor moves, and where. */
const LOOKS = 4;
const LOOK_MS = 1_000;
/** From one attempt to reach a QEMU that is starting to the next. */
const CONNECT_MS = 100;
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
    for await (const said of messages(socket)) {
      if (said.id !== command) continue;
      if (said.error) throw new Error(`QEMU refused ${command}: ${said.error.desc}`);
      return said.return;
    }
    throw new Error(`QEMU ended before it answered ${command}`);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** What a QEMU says, as its end of the protocol has it. @throws Error where the connection breaks */
async function* messages(socket: Socket) {
  let text = '';
  for await (const part of socket) {
    const lines = (text + part).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line);
  }
}

/**
 * Waits for the end of a QEMU, and gives why it ended, as QMP names it (`guest-shutdown`, `guest-reset`, ...); undefined where it did not
 * say so, as when it was killed or never came up. Never rejects.
 * @param path of a control socket that nobody else uses
 */
export async function endOf(qemu: ChildProcess, path: string): Promise<string | undefined> {
  const over = () => qemu.pid === undefined || qemu.exitCode !== null || qemu.signalCode !== null;
  const ended = over() ? Promise.resolve() : once(qemu, 'exit').catch(() => undefined);
  let why: string | undefined;
  while (!over() && why === undefined) {
    const socket = connect(path);
    try {
      await once(socket, 'connect');
      socket.write('{"execute": "qmp_capabilities"}\n');
      for await (const { event, data } of messages(socket)) if (event === 'SHUTDOWN') why ??= data.reason;
    } catch {
      // It has made no socket yet, or was killed.
      await sleep(CONNECT_MS);
    }
    socket.destroy();
  }
  await ended;
  return why;
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
