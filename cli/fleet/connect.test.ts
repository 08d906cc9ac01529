import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import type { OpenChannel } from '../session.ts';
import { addressOf, connectNode } from './connect.ts';

const CONTEXT = { trust: 'root', credential: { key: 'k', chain: 'c' } };

/** What happens at an address: a failure, an answer after a while, or nothing at all until it is given up. */
type Behaviour = Failure | number | 'hangs';

/** Opens channels to made-up addresses, and remembers what was done. */
class Addresses {
  readonly tried: string[] = [];
  readonly given: string[] = [];
  readonly closed: string[] = [];
  readonly #behaviour: Record<string, Behaviour>;

  constructor(behaviour: Record<string, Behaviour>) {
    this.#behaviour = behaviour;
  }

  readonly open: OpenChannel = async ({ address }, signal) => {
    this.tried.push(address);
    const what = this.#behaviour[address];
    if (what instanceof Failure) throw what;
    await new Promise<void>((resolve, reject) => {
      const stop = () => {
        this.given.push(address);
        reject(new Failure('CANCELLED', 'given up'));
      };
      if (typeof what === 'number') setTimeout(resolve, what);
      signal?.addEventListener('abort', stop, { once: true });
    });
    return { close: () => this.closed.push(address) } as unknown as Channel;
  };

  connect(signal = new AbortController().signal): Promise<Channel> {
    const addresses = Object.keys(this.#behaviour);
    return connectNode({ name: 'web-1', addresses, labels: {} }, CONTEXT, this.open, signal);
  }
}

const refused = (address: string) => new Failure('CONNECTION_REFUSED', `nothing listens at ${address}`);

test('the first address is enough where it answers', async () => {
  const addresses = new Addresses({ 'a:1': 0, 'b:1': 0 });
  await addresses.connect();
  assert.deepEqual(addresses.tried, ['a:1']);
});

test('a failed address is followed by the next at once', async () => {
  const addresses = new Addresses({ 'a:1': refused('a:1'), 'b:1': 0 });
  assert.equal(addressOf(await addresses.connect()), 'b:1');
  assert.deepEqual(addresses.tried, ['a:1', 'b:1']);
});

test('beside an address that hangs the next is tried, and the one that hangs is given up', async () => {
  const addresses = new Addresses({ 'a:1': 'hangs', 'b:1': 10 });
  await addresses.connect();
  assert.deepEqual(addresses.tried, ['a:1', 'b:1']);
  assert.deepEqual(addresses.given, ['a:1']);
});

test('of two that answer the later one is closed', async () => {
  // The first answers once the second has won, although it was told to stop.
  const won = Promise.withResolvers<void>();
  const closed: string[] = [];
  const over = Promise.withResolvers<void>();
  const open: OpenChannel = async ({ address }) => {
    if (address === 'a:1') await won.promise;
    const close = () => {
      closed.push(address);
      over.resolve();
    };
    return { close } as unknown as Channel;
  };
  const target = { name: 'web-1', addresses: ['a:1', 'b:1'], labels: {} };
  await connectNode(target, CONTEXT, open, new AbortController().signal);
  won.resolve();
  await over.promise;
  assert.deepEqual(closed, ['a:1']);
});

test('what says most about the node is told, with what the other addresses said', async () => {
  const wrong = new Failure('WRONG_NODE', 'b:1 is answered by node "db-1"', { hint: 'has it moved?' });
  const addresses = new Addresses({ 'a:1': refused('a:1'), 'b:1': wrong, 'c:1': refused('c:1') });
  await assert.rejects(addresses.connect(), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.reason, 'WRONG_NODE');
    assert.equal(error.hint, 'has it moved?');
    assert.match(
      error.message,
      /^b:1 is answered by .*; also tried: nothing listens at a:1; nothing listens at c:1$/,
    );
    return true;
  });
});

test('a refusal that every address would repeat ends it', async () => {
  const addresses = new Addresses({ 'a:1': new Failure('CERTIFICATE_DENIED', 'you are denied'), 'b:1': 0 });
  await assert.rejects(addresses.connect(), /you are denied/);
  assert.deepEqual(addresses.tried, ['a:1']);
});

test('an interrupt ends all attempts', async () => {
  const addresses = new Addresses({ 'a:1': 'hangs', 'b:1': 'hangs' });
  const stop = new AbortController();
  const connecting = addresses.connect(stop.signal);
  const both = setInterval(() => addresses.tried.length === 2 && stop.abort(), 5);
  await assert.rejects(connecting, /given up/);
  clearInterval(both);
  assert.deepEqual(addresses.given, ['a:1', 'b:1']);
});
