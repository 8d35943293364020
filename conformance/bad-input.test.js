// More than 60 kinds of bad input on every event: one error each, and the socket works as before.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect } from './lib/client.js';
import { AT_ONCE, TRANSPORTS, newGuest, newSession, newUser, quick } from './lib/env.js';
import { get } from './lib/http.js';
import { problemsOfError } from './lib/invariants.js';

const nested = (depth) => (depth === 0 ? 'x' : [nested(depth - 1)]);

/** Values that are no string at all, with what to call them. */
const NOT_A_STRING = {
  null: null, zero: 0, one: 1, 'a fraction': -1.5, 'a huge number': 1e308, true: true, false: false, 'an empty array': [], 'an array': ['x'],
  'an empty object': {}, 'an operator': { $gt: '' }, 'another operator': { $ne: null }, 'an object that says it is a string': { toString: 'x', length: 3 },
  'a nested array': nested(20), binary: Buffer.from('abc'),
};

/** Strings that are no ids. */
const NOT_AN_ID = {
  'an empty string': '', '129 characters': 'x'.repeat(129), '10,000 characters': 'x'.repeat(10_000), '500,000 characters': 'x'.repeat(500_000),
  'a space': 'a b', 'a leading space': ' a', 'a trailing space': 'a ', 'a tab': 'a\tb', 'a line feed': 'a\nb', 'a trailing line feed': 'a\n', 'NUL': 'a\u0000b',
  'a letter beyond ASCII': 'ä', 'Chinese': '日本', 'an emoji': '\u{1f600}', 'a lone surrogate': '\ud800', 'a right-to-left override': 'a\u202eb', 'a full-width letter': '\uff41',
  'a slash': 'a/b', 'a path': '../../etc/passwd', 'a backslash': 'a\\b', 'quotes': `a"b'c`, 'SQL': "' OR 1=1 --", 'a semicolon': 'a;b', 'JNDI': '${jndi:ldap://x}',
  'markup': '<script>', 'a percent code': '%00', 'a comma': 'a,b', 'an equals sign': 'a=b', 'a plus': 'a+b', 'a star': '*', 'a dollar': '$where', 'a question mark': 'a?b',
  'a hash': 'a#b', 'brackets': '[a]', 'braces': '{a}', 'a pipe': 'a|b', 'a tilde': '~a', 'a caret': 'a^b', 'an ampersand': 'a&b',
};

/** Arguments that are no object. A bare string is a payload of leave_session only. */
const NOT_AN_OBJECT = [
  ['no argument', []], ['undefined', [undefined]], ['null', [null]], ['a number', [1]], ['a negative number', [-1]], ['a boolean', [true]], ['false', [false]],
  ['an empty string', ['']], ['a string', ['hello']], ['JSON in a string', ['{"sessionId":"x"}']], ['an empty array', [[]]], ['an array of strings', [['x']]],
  ['an array of objects', [[{ sessionId: 'x' }]]], ['nested arrays', [nested(20)]], ['binary', [Buffer.from('abc')]], ['much binary', [Buffer.alloc(100_000)]],
  ['a long string', ['x'.repeat(100_000)]], ['several arguments', [1, 2, 3]], ['a lone surrogate', ['\ud800']],
];

/** Objects whose sessionId is only a seeming one. */
const NO_SESSION_ID = [
  ['an empty object', {}], ['an object of other fields', { a: 1, b: [2] }], ['the id in __proto__', JSON.parse('{"__proto__":{"sessionId":"x"}}')],
  ['the id in constructor', { constructor: { prototype: { sessionId: 'x' } } }], ['the id in another case', { sessionid: 'x', SESSIONID: 'x', session_id: 'x' }],
  ['many fields', Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`k${at}`, at]))],
];

const VALID = {
  join_session: (ids) => ({ ...ids }),
  message: (ids) => ({ ...ids, message: 'hello', modelIds: [quick()] }),
  leave_session: ({ sessionId }) => ({ sessionId }),
  fetch_history: ({ sessionId }, { userEntry }) => ({ sessionId, beforeId: userEntry }),
  stop: ({ sessionId }, { messageId }) => ({ sessionId, messageId }),
  typing_start: ({ sessionId }) => ({ sessionId }),
  typing_stop: ({ sessionId }) => ({ sessionId }),
  input_change: ({ sessionId }) => ({ sessionId, content: 'draft' }),
};

const withoutNull = ({ null: _, ...rest }) => rest;
// An optional field that is null is neither written of nor is it clear; it is left out here.
const OPTIONAL_ID = { ...withoutNull(NOT_A_STRING), ...NOT_AN_ID };
const ABSENT = { absent: undefined };

/** Further fields of events and values that they must not have. */
const FIELDS = {
  join_session: {
    userId: OPTIONAL_ID,
    guestId: OPTIONAL_ID,
    stream: { ...withoutNull(NOT_A_STRING), 'another word': 'fast', 'another case': 'Full', 'an empty string': '' },
    cursors: { 'a string': 'x', 'a number': 1, 'a boolean': true, 'an array': [1] },
  },
  message: {
    userId: OPTIONAL_ID,
    guestId: OPTIONAL_ID,
    clientMessageId: OPTIONAL_ID,
    message: { ...ABSENT, ...NOT_A_STRING },
    modelIds: {
      'a string': quick(), 'a number': 1, true: true, 'an object': { 0: quick() }, 'an empty id': [''], 'a number in it': [1], 'null in it': [null], 'an array in it': [[quick()]],
      'an object in it': [{ $gt: '' }], 'binary in it': [Buffer.from('x')], '257 characters': [`fake-${'x'.repeat(252)}`], '100,000 characters': ['x'.repeat(100_000)], NUL: ['fake-\u0000'],
      'a line feed': ['fake-a\nb'], 'an escape character': ['fake-\u001b[31m'], '9 models': Array.from({ length: 9 }, (_, at) => quick(`m${at}`)),
      '10,000 models': Array.from({ length: 10_000 }, (_, at) => `fake-${at}`), 'one bad among good': [quick(), '', quick('b')],
    },
    context: { ...withoutNull(NOT_A_STRING), 'another word': 'all', 'an empty string': '' },
  },
  fetch_history: {
    beforeId: { ...ABSENT, ...NOT_A_STRING },
    limit: { 'a word': 'x', true: true, 'an array': [], 'an object': {}, 'an operator': { $gt: 0 }, binary: Buffer.from('1') },
  },
  stop: {
    messageId: { ...ABSENT, ...NOT_A_STRING },
    modelId: { ...withoutNull(NOT_A_STRING), 'an empty string': '', '257 characters': 'x'.repeat(257), NUL: 'fake-\u0000' },
  },
  input_change: { content: { ...ABSENT, ...NOT_A_STRING } },
};

/** All cases of one event: {what, args(ids, turn), field?}. */
function casesOf(event) {
  const valid = VALID[event];
  const cases = [];
  for (const [what, args] of NOT_AN_OBJECT) cases.push({ what, args: () => args });
  for (const [what, payload] of NO_SESSION_ID) cases.push({ what, args: () => [payload], field: 'sessionId' });
  for (const [what, sessionId] of Object.entries({ ...NOT_A_STRING, ...NOT_AN_ID })) {
    cases.push({ what: `sessionId: ${what}`, args: (...known) => [{ ...valid(...known), sessionId }], field: 'sessionId' });
  }
  for (const [field, values] of Object.entries(FIELDS[event] ?? {})) {
    for (const [what, value] of Object.entries(values)) {
      cases.push({ what: `${field}: ${what}`, args: (...known) => [{ ...valid(...known), [field]: value }], field });
    }
  }
  return cases;
}

const sockets = (cases, size = 40) => Array.from({ length: Math.ceil(cases.length / size) }, (_, at) => cases.slice(at * size, (at + 1) * size));

/** Runs cases one after another on one socket, each followed by a join that must work, and collects what is wrong. */
async function run(t, event, cases, { acknowledged, transports }) {
  const client = await connect(t, { transports });
  const ids = { sessionId: newSession(), userId: newUser() };
  const turn = await client.turn(ids);
  const known = [ids, { messageId: turn.messageId, userEntry: turn.of('message_saved')[0].id }];
  const wrong = [];
  const neverFails = event === 'leave_session';
  for (const { what, args, field } of cases) {
    if (!client.socket.connected) {
      wrong.push('and the rest could not be tried: the socket was closed');
      break;
    }
    const from = client.mark();
    await one(what, args, field, from).catch((error) => wrong.push(`${what}: ${error.message}`));
  }
  if (client.socket.connected) {
    const { history } = await client.join(ids);
    if (history.length !== 2) wrong.push(`the session has ${history.length} entries`);
  }
  assert.deepEqual(wrong, []);

  async function one(what, args, field, from) {
    let failure;
    if (acknowledged) {
      const reply = await client.ask(event, ...args(...known));
      failure = reply?.ok === false ? reply.error : undefined;
      if (reply?.ok !== false && !neverFails) wrong.push(`${what}: acknowledged with ${JSON.stringify(reply)?.slice(0, 200)}`);
    } else {
      client.emit(event, ...args(...known));
    }
    await client.succeed('join_session', { sessionId: ids.sessionId });
    const errors = client.all('error', {}, from);
    if (acknowledged) {
      if (errors.length > 0) wrong.push(`${what}: ${errors.length} error events besides the acknowledgement`);
    } else {
      if (errors.length > 1 || (errors.length === 0 && !neverFails)) wrong.push(`${what}: ${errors.length} errors`);
      [failure] = errors;
      if (failure && failure.event !== event) wrong.push(`${what}: the error names the event ${failure.event}`);
    }
    const others = client.names(from).filter((name) => !['error', 'session_joined', 'session_history', 'ack:join_session', `ack:${event}`].includes(name));
    if (others.length > 0) wrong.push(`${what}: caused ${others}`);
    if (client.all('session_joined', {}, from).length !== 1) wrong.push(`${what}: joined`);
    if (!failure) return;
    if (failure.type !== 'bad_request') wrong.push(`${what}: ${failure.type}`);
    if (field && failure.field !== undefined && !failure.field.startsWith(field)) wrong.push(`${what}: names the field ${failure.field}`);
    if (field && !acknowledged && failure.field === undefined) wrong.push(`${what}: names no field`);
    wrong.push(...problemsOfError(failure).map((problem) => `${what}: ${problem}`));
  }
}

for (const event of Object.keys(VALID)) {
  describe(`${event} with bad input`, AT_ONCE, () => {
    const cases = casesOf(event);
    assert.ok(cases.length >= 60, `${cases.length} kinds`);
    sockets(cases).forEach((part, at) => {
      const which = `${part.length} kinds, from “${part[0].what}”`;
      it(`is one error {type: "bad_request"} naming event and field, and the socket works on: ${which}`, (t) =>
        run(t, event, part, { acknowledged: false, transports: TRANSPORTS[at % TRANSPORTS.length].transports }));
      it(`is one acknowledgement {ok: false, error} and no error event: ${which}`, (t) =>
        run(t, event, part, { acknowledged: true, transports: TRANSPORTS[(at + 1) % TRANSPORTS.length].transports }));
    });
  });
}

describe('an unknown event', AT_ONCE, () => {
  const NAMES = [
    'no_such_event', '', ' ', 'Message', 'join-session', 'session_joined', 'message_saved', 'message_chunk', 'user_message', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf',
    'error', 'a\u0000b', '\ud800', '\u{1f600}', 'x'.repeat(10_000), '*', '$where', '../message', 'message ', 'ping', 'pong', 'retry_', 'close', 'open', 'data', 'end', 'null', 'undefined', '0',
  ];
  for (const acknowledged of [false, true]) {
    it(`is one error, the socket stays connected${acknowledged ? ' (acknowledged)' : ''}`, async (t) => {
      const client = await connect(t);
      const sessionId = newSession();
      const wrong = [];
      for (const name of NAMES) {
        const from = client.mark();
        let failure;
        if (acknowledged) failure = (await client.ask(name, { sessionId })).error;
        else client.emit(name, { sessionId });
        await client.fence();
        const errors = client.all('error', {}, from);
        failure ??= errors[0];
        if (errors.length !== (acknowledged ? 0 : 1)) wrong.push(`${name.slice(0, 30)}: ${errors.length} errors`);
        if (!['bad_request', 'not_found'].includes(failure?.type)) wrong.push(`${name.slice(0, 30)}: ${failure?.type}`);
        if (!acknowledged && name.length < 100 && errors[0]?.event !== name.toWellFormed()) wrong.push(`${name}: names the event ${errors[0]?.event}`);
      }
      await client.join({ sessionId, userId: newUser() });
      assert.deepEqual(wrong, []);
    });
  }

  it('may be of any arguments', async (t) => {
    const client = await connect(t);
    for (const [, args] of NOT_AN_OBJECT) {
      const from = client.mark();
      client.emit('no_such_event', ...args);
      await client.fence();
      assert.equal(client.all('error', {}, from).length, 1);
    }
  });
});

describe('input that is unusual but not bad', AT_ONCE, () => {
  it('has fields that nobody knows: they are ignored', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const extra = { token: 'x', foo: { bar: nested(20) }, role: 'admin', isAdmin: true, ownerId: 'x', constructor: 1, id: 'x', messageId: 'x', stored: 'failed' };
    await client.join({ ...ids, ...extra });
    await client.turn({ ...ids, ...extra });
    await client.succeed('typing_start', { ...ids, ...extra });
    assert.ok(!JSON.stringify((await client.join(ids)).history).includes('"x"'));
  });

  it('has a limit that is a fraction or very large: it is clamped or refused, one or the other', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), guestId: newGuest() };
    const turn = await client.turn(ids);
    for (const limit of [1.5, 1e308, -1e308, 2 ** 53, 2 ** 31, 2 ** 63]) {
      const reply = await client.ask('fetch_history', { sessionId: ids.sessionId, beforeId: turn.of('message_saved')[0].id, limit });
      assert.ok(reply.ok ? reply.messages.length === 0 : reply.error.type === 'bad_request', `${limit}: ${JSON.stringify(reply)}`);
    }
  });

  it('has an empty message or cursors of any kind, or null for what is optional: one outcome or the other', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    await client.turn(ids);
    const tries = [
      ['message', { ...ids, message: '', modelIds: [quick()] }],
      ['message', { ...ids, message: ' \n', modelIds: [quick()] }],
      ['message', { ...ids, message: 'x', modelIds: null }],
      ['message', { ...ids, message: 'x', modelIds: [quick()], clientMessageId: null, context: null }],
      ['message', { ...ids, message: 'x', modelIds: [quick()], guestId: null }],
      ['message', { ...ids, message: 'x', modelIds: ['fake-\ud800'] }],
      ['join_session', { ...ids, stream: null, cursors: null }],
      ...[-1, 1.5, 'x', null, true, {}, [], 1e308].map((cursor) => ['join_session', { ...ids, stream: 'delta', cursors: { x: cursor } }]),
      ['join_session', { ...ids, stream: 'delta', cursors: Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`c${at}`, at])) }],
    ];
    for (const [event, payload] of tries) {
      const from = client.mark();
      const reply = await client.ask(event, payload);
      if (reply.ok && event === 'message') await client.await('all_responses_complete', { messageId: reply.messageId }, { from });
      assert.ok(reply.ok || reply.error.type === 'bad_request', `${event} ${JSON.stringify(payload).slice(0, 200)}: ${JSON.stringify(reply)}`);
      assert.equal(client.all('error', {}, from).length, 0);
    }
    await client.join(ids);
  });

  it('leaves the process as it was: others are served as before', async (t) => {
    const client = await connect(t);
    const turn = await client.turn({ sessionId: newSession(), userId: newUser(), modelIds: ['fake-a'] });
    assert.equal(turn.complete.modelsCompleted, 1);
    assert.equal((await get('/api/health')).json.status, 'healthy');
  });
});
