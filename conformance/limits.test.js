// The limits at their defaults, each with what is over it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { connect } from './lib/client.js';
import { ASKAPE_URL, AT_ONCE, PATIENCE_MS, TRANSPORTS, endless, newSession, newUser, quick, within } from './lib/env.js';
import { get, request } from './lib/http.js';

const WEBSOCKET_URL = `${ASKAPE_URL.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;

function rawWebSocket(t) {
  const socket = new WebSocket(WEBSOCKET_URL);
  t.after(() => socket.terminate());
  socket.on('error', () => {});
  const heard = [];
  socket.on('message', (data) => heard.push(data.toString()));
  return { socket, heard, opened: () => within(new Promise((resolve) => socket.once('message', resolve)), 'the open packet') };
}

const closed = (socket) => within(new Promise((resolve) => socket.once('close', resolve)), 'the connection to be closed', PATIENCE_MS * 2);

describe('limits', AT_ONCE, () => {
  it('a message of 32,000 characters is taken, one of 32,001 is payload_too_large', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const longest = 'x'.repeat(32_000);
    await client.turn({ ...ids, message: longest });
    const error = await client.refused('message', { ...ids, message: `${longest}x` }, 'payload_too_large');
    assert.ok(!error.message.includes('xxxx'));
    const { history } = await client.join(ids);
    assert.equal(history.length, 2, 'no turn then');
    assert.equal(history[0].content, longest);
  });

  it('8 models in a turn are asked, 9 are bad_request', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const models = Array.from({ length: 9 }, (_, at) => quick(`m${at}`));
    assert.equal((await client.turn({ ...ids, modelIds: models.slice(0, 8) })).complete.modelsCompleted, 8);
    await client.refused('message', { ...ids, message: 'x', modelIds: models }, 'bad_request');
  });

  it('4 turns at once in a session, then busy, until one is over', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const turns = [];
    for (let turn = 0; turn < 4; turn++) turns.push(await client.send({ ...ids, modelIds: [endless(`t${turn}`)] }));
    await client.refused('message', { ...ids, message: 'one too many', modelIds: [quick()] }, 'busy');
    assert.equal(client.all('message_saved').length, 4, 'no turn then');
    await client.stop(ids.sessionId, turns[0].messageId);
    await turns[0].over();
    await client.turn(ids);
    for (const { messageId } of turns) await client.stop(ids.sessionId, messageId);
  });

  it('8 turns at once of an identity, then busy; others are not concerned', async (t) => {
    const client = await connect(t);
    const userId = newUser();
    const turns = [];
    for (const sessionId of [newSession(), newSession()]) {
      for (let turn = 0; turn < 4; turn++) turns.push([sessionId, await client.send({ sessionId, userId, modelIds: [endless(`t${turn}`)] })]);
    }
    await client.refused('message', { sessionId: newSession(), userId, message: 'one too many' }, 'busy');
    const other = await connect(t);
    await other.turn({ sessionId: newSession(), userId: newUser() });
    for (const [sessionId, { messageId }] of turns) await client.stop(sessionId, messageId);
  });

  it('32 sessions joined by a socket, then bad_request, until one is left', async (t) => {
    const client = await connect(t);
    const userId = newUser();
    const sessions = Array.from({ length: 33 }, newSession);
    await Promise.all(sessions.slice(0, 32).map((sessionId) => client.succeed('join_session', { sessionId, userId })));
    await client.refused('join_session', { sessionId: sessions[32], userId }, 'bad_request');
    await client.succeed('join_session', { sessionId: sessions[3], userId });
    await client.succeed('leave_session', { sessionId: sessions[0] });
    await client.succeed('join_session', { sessionId: sessions[32], userId });
  });

  for (const { name, transports } of TRANSPORTS.slice(0, 2)) {
    it(`more than 50 events a second after a burst of 100 are rate_limited with retryAfterMs, then the socket is closed, over ${name}`, async (t) => {
      const flooding = await connect(t, { transports });
      await flooding.join({ sessionId: newSession(), userId: newUser() });
      const gone = flooding.await('(disconnect)');
      for (let event = 0; event < 300; event++) flooding.emit('leave_session', { sessionId: newSession() });
      await gone;
      const errors = flooding.all('error');
      assert.ok(errors.length >= 1, 'an error before the end');
      assert.deepEqual([...new Set(errors.map(({ type }) => type))], ['rate_limited']);
      assert.ok(errors[0].retryAfterMs > 0);
    });
  }

  it('a flood of thousands of events ends its socket; others of the same one are not concerned', async (t) => {
    const ids = { sessionId: newSession(), userId: newUser() };
    const [flooding, tab] = [await connect(t), await connect(t)];
    await flooding.join(ids);
    await tab.join(ids);
    const gone = flooding.await('(disconnect)');
    for (let event = 0; event < 5000; event++) flooding.emit('typing_start', ids);
    await gone;
    await tab.turn(ids);
    assert.ok(tab.all('typing_started').length <= 400);
    const again = await connect(t);
    await again.join(ids);
  });

  it('100 events at once are let through', async (t) => {
    const client = await connect(t);
    const acks = await Promise.all(Array.from({ length: 95 }, () => client.ask('leave_session', { sessionId: newSession() })));
    assert.ok(acks.every(({ ok }) => ok));
  });

  it('a WebSocket message over 1 MB closes that connection only', async (t) => {
    const ids = { sessionId: newSession(), userId: newUser() };
    const [client, tab] = [await connect(t), await connect(t)];
    await client.join(ids);
    await tab.join(ids);
    const gone = client.await('(disconnect)');
    client.emit('message', { ...ids, message: 'x'.repeat(1_200_000) });
    await gone;
    assert.equal(client.all('message_saved').length, 0);
    await tab.turn(ids);
  });

  it('a WebSocket message just under 1 MB is read', async (t) => {
    const client = await connect(t);
    await client.refused('message', { sessionId: newSession(), userId: newUser(), message: 'x'.repeat(990_000) }, 'payload_too_large');
  });

  it('a polling request over 1 MB is refused and the server stays', async () => {
    const { text } = await get('/socket.io/?EIO=4&transport=polling');
    const { sid, maxPayload } = JSON.parse(text.slice(1));
    assert.ok(maxPayload >= 1_000_000 && maxPayload <= 1_048_576, `maxPayload ${maxPayload}`);
    const answer = await request('POST', `/socket.io/?EIO=4&transport=polling&sid=${sid}`, { body: 'x'.repeat(1_200_000) }).catch((error) => ({ status: 400, error }));
    assert.ok(answer.status >= 400, `${answer.status}`);
    assert.equal((await get('/api/health')).status, 200);
  });

  it('JSON deeper than 32 closes that connection only', async (t) => {
    const tab = await connect(t);
    for (const depth of [40, 1000, 100_000]) {
      const { socket, opened } = rawWebSocket(t);
      await opened();
      socket.send('40');
      const gone = closed(socket);
      socket.send(`42["join_session",${'['.repeat(depth)}${']'.repeat(depth)}]`);
      await gone;
    }
    await tab.join({ sessionId: newSession(), userId: newUser() });
  });

  it('a connection without CONNECT is closed after 10 s', async (t) => {
    const { socket, heard, opened } = rawWebSocket(t);
    await opened();
    const begun = performance.now();
    assert.match(heard[0], /^0\{/);
    await closed(socket);
    assert.ok(performance.now() - begun > 5000, 'not at once');
  });

  it('many connections from loopback are taken', async (t) => {
    const clients = await Promise.all(Array.from({ length: 150 }, () => connect(t)));
    await Promise.all(clients.map((client) => client.join({ sessionId: newSession(), userId: newUser() })));
  });
});

describe('what is no Socket.IO packet', AT_ONCE, () => {
  const PACKETS = [
    '42', '42{', '42[', '42[]', '42[1]', '42[null]', '42{"a":1}', '42"join_session"', '42["join_session"', '42["a",]', '4', '49', '4x', '9', 'x', '',
    '43', '43[]', '43999["x"]', '451-["x"]', '451-["x",{"_placeholder":true,"num":0}]', '45999999999-["x"]', '46', '42/unknown,["x"]', '40/unknown,',
    '42["join_session",{"_placeholder":true,"num":0}]', '4299999999999999999999["x"]', '42["\ud800"]', '2probe', '5', '6', '3', '41x', '44{}', '42[{"a":1},2]', `42["${'x'.repeat(20_000)}"]`,
  ];

  it('closes that connection at most: the server and the others stay', async (t) => {
    const tab = await connect(t);
    for (const packet of [...PACKETS, Buffer.from([1, 2, 3]), Buffer.alloc(0)]) {
      const { socket, opened } = rawWebSocket(t);
      await opened();
      socket.send('40');
      socket.send(packet);
      socket.send('40');
    }
    await tab.join({ sessionId: newSession(), userId: newUser() });
    await tab.turn({ sessionId: newSession() });
    assert.equal((await get('/api/health')).status, 200);
  });

  it('of a name that the official client keeps for itself is one error or the end of that connection', async (t) => {
    for (const name of ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']) {
      const { socket, heard, opened } = rawWebSocket(t);
      await opened();
      socket.send('40');
      socket.send(`42["${name}",{}]`);
      socket.send('421["leave_session",{"sessionId":"x"}]');
      const ended = new Promise((resolve) => socket.once('close', () => resolve('closed')));
      const acked = new Promise((resolve) => socket.on('message', (data) => data.toString().startsWith('431') && resolve('acked')));
      const how = await within(Promise.race([ended, acked]), `an end of ${name}`);
      const errors = heard.filter((packet) => packet.startsWith('42["error"'));
      assert.equal(errors.length, how === 'acked' ? 1 : errors.length, `${name}: ${heard}`);
    }
  });
});
