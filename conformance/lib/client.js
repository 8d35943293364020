// A recording Socket.IO client: every event it hears is kept in order and checked against what must
// always hold; tests await events by name and content instead of sleeping.
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { io as latestIo } from 'socket.io-client';
import { ASKAPE_URL, PATIENCE_MS, newSession, quick, within } from './env.js';
import { Invariants } from './invariants.js';

/** Connects, and when the test ends disconnects and fails it if anything that must always hold did not. */
export async function connect(t, { io = latestIo, ...options } = {}) {
  const socket = io(ASKAPE_URL, { transports: ['websocket'], reconnection: false, forceNew: true, timeout: PATIENCE_MS, ...options });
  const client = new Client(socket);
  if (!clientsOf.has(t)) {
    clientsOf.set(t, []);
    t.after(() => finish(clientsOf.get(t)));
  }
  clientsOf.get(t).push(client);
  await client.connected();
  return client;
}

const clientsOf = new WeakMap();

/** All are gone before any is judged, for what a test leaves open keeps the whole run from ending. */
function finish(clients) {
  for (const { socket } of clients) socket.disconnect();
  for (const client of clients) client.judge();
}

/** Whether a payload has at least the given fields with the given values. */
export function matches(payload, where) {
  if (typeof where === 'function') return where(payload);
  return Object.entries(where).every(([key, value]) => isDeepStrictEqual(payload?.[key], value));
}

export class Client {
  /** Everything heard, oldest first: {event, payload}; acknowledgements as 'ack:<event>'. */
  log = [];
  invariants = new Invariants();
  /** How often the server answered each acknowledgement id. */
  ackCounts = new Map();
  #waiting = new Set();

  constructor(socket) {
    this.socket = socket;
    socket.onAny((event, payload) => this.#record(event, payload));
    socket.on('disconnect', (reason) => this.#record('(disconnect)', reason));
    socket.io.engine?.on('packet', ({ type, data }) => {
      const ack = type === 'message' && typeof data === 'string' && /^43(\d+)/.exec(data);
      if (ack) this.ackCounts.set(Number(ack[1]), (this.ackCounts.get(Number(ack[1])) ?? 0) + 1);
    });
  }

  connected() {
    return within(
      new Promise((resolve, reject) => {
        this.socket.once('connect', resolve);
        this.socket.once('connect_error', reject);
      }),
      'the connection',
    );
  }

  #record(event, payload) {
    this.log.push({ event, payload });
    if (!event.startsWith('ack:') && !event.startsWith('(')) this.invariants.observe(event, payload);
    for (const waiter of [...this.#waiting]) waiter(event, payload);
  }

  /** A place in the log, to await only what comes after it. */
  mark() {
    return this.log.length;
  }

  /** The payload of the first event of that name, from a mark on, that matches; waits for it. */
  async await(event, where = {}, { from = 0, timeout = PATIENCE_MS } = {}) {
    const heard = this.log.slice(from).find((entry) => entry.event === event && matches(entry.payload, where));
    if (heard) return heard.payload;
    let waiter;
    const coming = new Promise((resolve, reject) => {
      waiter = (name, payload) => {
        if (name === event && matches(payload, where)) resolve(payload);
        else if (name === '(disconnect)') reject(new Error(`disconnected (${payload}) while waiting for ${event}\n${this.summary(from)}`));
      };
      this.#waiting.add(waiter);
    });
    const what = () => `${event} ${typeof where === 'function' ? where : JSON.stringify(where)}\n${this.summary(from)}`;
    return within(coming, what, timeout).finally(() => this.#waiting.delete(waiter));
  }

  /** Payloads of the events of that name heard so far. */
  all(event, where = {}, from = 0) {
    return this.log.slice(from).filter((entry) => entry.event === event && matches(entry.payload, where)).map((entry) => entry.payload);
  }

  /** Names of the events heard so far, in order. */
  names(from = 0, where = () => true) {
    return this.log.slice(from).filter(where).map((entry) => entry.event);
  }

  summary(from = 0) {
    const lines = this.log.slice(from).map(({ event, payload }) => `  ${event} ${JSON.stringify(payload)?.slice(0, 200)}`);
    const shown = lines.length > 24 ? [...lines.slice(0, 12), `  … ${lines.length - 24} more …`, ...lines.slice(-12)] : lines;
    return `heard since: ${lines.length} events\n${shown.join('\n')}`;
  }

  emit(event, ...args) {
    this.socket.emit(event, ...args);
  }

  /** Emits with an acknowledgement callback and gives what it was called with. */
  async ask(event, ...args) {
    const from = this.mark();
    let gone;
    const answer = new Promise((resolve, reject) => {
      gone = (name, payload) => name === '(disconnect)' && reject(new Error(`disconnected (${payload}) while waiting for the ack of ${event}`));
      this.#waiting.add(gone);
      this.socket.emit(event, ...args, (reply, ...more) => {
        this.#record(`ack:${event}`, reply);
        if (more.length > 0) reject(new Error('an acknowledgement has one argument'));
        else resolve(reply);
      });
    });
    return within(answer, () => `the ack of ${event}\n${this.summary(from)}`).finally(() => this.#waiting.delete(gone));
  }

  /** Asks, expecting {ok: true}. */
  async succeed(event, ...args) {
    const reply = await this.ask(event, ...args);
    assert.equal(reply?.ok, true, `${event} is acknowledged with ok: true, not ${JSON.stringify(reply)}`);
    return reply;
  }

  /** Asks, expecting {ok: false} with that type of error and no error event besides. */
  async refused(event, payload, type) {
    const from = this.mark();
    const reply = await this.ask(event, payload);
    assert.equal(reply?.ok, false, `${event} is acknowledged with ok: false, not ${JSON.stringify(reply)?.slice(0, 300)}`);
    assert.equal(reply.error?.type, type, JSON.stringify(reply));
    await this.fence();
    assert.deepEqual(this.all('error', {}, from), [], 'a failure goes to the callback where there is one, else to an error event');
    return reply.error;
  }

  /** Everything that this socket was sent before now has been handled and heard. */
  async fence() {
    return this.ask('leave_session', { sessionId: newSession() });
  }

  /** Joins and gives session_joined, session_history and the ack. */
  async join(payload) {
    const from = this.mark();
    const ack = await this.succeed('join_session', payload);
    const joined = await this.await('session_joined', { sessionId: payload.sessionId }, { from });
    const history = await this.await('session_history', {}, { from });
    return { joined, history, ack, from };
  }

  /** Sends a message without waiting for the answers; gives {saved, messageId, from, view, over()}. */
  async send(payload) {
    const from = this.mark();
    const message = { message: 'hello', modelIds: [quick()], ...payload };
    const ack = await this.succeed('message', message);
    const saved = await this.await('message_saved', { id: ack.id }, { from });
    const view = new TurnView(this, saved.messageId, from);
    const over = async () => {
      const complete = await this.await('all_responses_complete', { messageId: saved.messageId }, { from });
      view.to ??= 1 + this.log.findIndex(({ payload }, at) => at >= from && payload === complete);
      return complete;
    };
    return { ack, saved, from, view, messageId: saved.messageId, over };
  }

  /** Sends a message and waits until all its answers are over; gives the turn as this socket heard it. */
  async turn(payload) {
    const sent = await this.send(payload);
    await sent.over();
    return sent.view;
  }

  /** Stops whatever still runs of a turn, so that the provider is not kept busy. */
  async stop(sessionId, messageId) {
    return this.ask('stop', { sessionId, messageId });
  }

  judge() {
    assert.deepEqual(this.invariants.violations, [], 'what must hold for every socket');
    for (const [id, count] of this.ackCounts) assert.equal(count, 1, `acknowledgement ${id} is called once`);
  }
}

/** One turn as one socket heard it: from a mark on, to its end where that was awaited. */
export class TurnView {
  constructor(client, messageId, from = 0) {
    this.client = client;
    this.messageId = messageId;
    this.from = from;
  }

  get events() {
    const answers = new Set();
    return this.client.log.slice(this.from, this.to).filter(({ event, payload }) => {
      if (event.startsWith('ack:') || event === 'session_history' || event === 'history_chunk') return false;
      if (event === 'model_streaming_start' && payload.messageId === this.messageId) answers.add(payload.id);
      return payload?.messageId === this.messageId || (event === 'message_chunk' && answers.has(payload.id));
    });
  }

  get names() {
    return this.events.map(({ event }) => event);
  }

  of(event, where = {}) {
    return this.events.filter((entry) => entry.event === event && matches(entry.payload, where)).map((entry) => entry.payload);
  }

  get started() {
    return this.of('streaming_started')[0];
  }

  get complete() {
    return this.of('all_responses_complete')[0];
  }

  /** What was heard of one model's answer: {id, start, chunks, thinking, terminal, error, content, names}. */
  answer(modelId) {
    const start = this.of('model_streaming_start', { modelId })[0];
    const completed = this.of('model_streaming_complete', { modelId });
    const failed = this.of('model_error', { modelId });
    const id = start?.id ?? completed[0]?.id ?? failed[0]?.id;
    assert.ok(completed.length + failed.length <= 1, 'exactly one of model_streaming_complete | model_error');
    return {
      id,
      start,
      chunks: this.of('message_chunk', { id }),
      thinking: this.of('model_thinking', { id }),
      terminal: completed[0] ?? failed[0],
      completed: completed[0],
      error: failed[0],
      content: (completed[0] ?? failed[0])?.content,
      names: this.events.filter(({ payload }) => payload.id === id).map(({ event }) => event),
    };
  }
}

/** Whether a list of event names is in the order given, each at least where it stands, others between them. */
export function inOrder(names, expected) {
  let at = 0;
  for (const name of names) if (name === expected[at]) at += 1;
  assert.equal(at, expected.length, `expected ${expected.join(' → ')} within ${names.join(' → ')}`);
}
