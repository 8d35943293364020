// The ways in: clients of another version, the upgrade, the handshake, and how connections end.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { io as io3 } from 'socket.io-client-3';
import { connect, inOrder } from './lib/client.js';
import { AT_ONCE, TRANSPORTS, fake, newSession, newUser, quick, within } from './lib/env.js';
import { Polling, get, request } from './lib/http.js';

describe('socket.io-client 3.1', AT_ONCE, () => {
  for (const { name, transports } of TRANSPORTS) {
    it(`joins, asks two models and hears their answers over ${name}`, async (t) => {
      const client = await connect(t, { io: io3, transports });
      const ids = { sessionId: newSession(), userId: newUser() };
      const { history } = await client.join(ids);
      assert.deepEqual(history, []);
      const turn = await client.turn({ ...ids, modelIds: [fake('x', { tokens: 20 }), quick()] });
      assert.equal(turn.complete.modelsCompleted, 2);
    });
  }
});

/** Waits until a client that began with polling is on its WebSocket. */
async function upgraded({ socket: { io: { engine } } }) {
  if (engine.transport.name !== 'websocket') await within(new Promise((resolve) => engine.once('upgrade', resolve)), 'the upgrade');
  assert.equal(engine.transport.name, 'websocket');
}

describe('the upgrade', AT_ONCE, () => {
  it('in mid-stream loses nothing and doubles nothing', async (t) => {
    const client = await connect(t, { transports: ['polling', 'websocket'] });
    const modelId = fake('across', { tokens: 80, rate: 100, first: 0 });
    const sent = client.turn({ sessionId: newSession(), userId: newUser(), modelIds: [modelId] });
    await upgraded(client);
    const turn = await sent;
    assert.equal(turn.answer(modelId).completed.chunkCount, 80);
  });

  it('done, everything works as before', async (t) => {
    const client = await connect(t, { transports: ['polling', 'websocket'] });
    await upgraded(client);
    const ids = { sessionId: newSession(), userId: newUser() };
    await client.join(ids);
    await client.turn(ids);
    await client.refused('message', { ...ids, message: 1 }, 'bad_request');
  });
});

describe('the handshake', AT_ONCE, () => {
  it('is at the default path /socket.io/ and offers the upgrade', async () => {
    const { status, text } = await get('/socket.io/?EIO=4&transport=polling');
    assert.equal(status, 200);
    assert.equal(text[0], '0');
    const { sid, upgrades, pingInterval, pingTimeout, maxPayload } = JSON.parse(text.slice(1));
    assert.ok(sid.length >= 16);
    assert.deepEqual(upgrades, ['websocket']);
    assert.ok(pingInterval > 0 && pingTimeout > 0 && maxPayload > 0);
  });

  it('gives every connection an id of its own', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => get('/socket.io/?EIO=4&transport=polling').then(({ text }) => JSON.parse(text.slice(1)).sid)));
    assert.equal(new Set(ids).size, 20);
  });

  it('of what is no Engine.IO v4 is 400', async () => {
    for (const query of ['', 'EIO=3&transport=polling', 'EIO=4', 'EIO=4&transport=carrier-pigeon', 'EIO=4&transport=polling&sid=nobody', 'transport=polling']) {
      assert.equal((await get(`/socket.io/?${query}`)).status, 400, query);
    }
    assert.equal((await request('POST', '/socket.io/?EIO=4&transport=polling', { body: '40' })).status, 400);
    assert.equal((await get('/api/health')).status, 200);
  });

  it('of a client that asks for another namespace is connect_error', async (t) => {
    const polling = await Polling.open();
    await polling.post('40/admin,');
    const [packet] = (await polling.read()).filter(({ event }) => event === '(packet)');
    assert.match(packet.payload, /^44\/admin,\{"message":/);
    await polling.emit(['join_session', { sessionId: newSession(), userId: newUser() }]);
    await polling.readUntil('session_history');
    await polling.close();
    const client = await connect(t);
    await client.join({ sessionId: newSession(), userId: newUser() });
  });
});

describe('a client in the field', AT_ONCE, () => {
  it('that sends both ids, a token, and join_session and message back to back without callbacks is served', async (t) => {
    const client = await connect(t, { transports: ['websocket', 'polling'], auth: { token: 'x' } });
    const userId = newUser();
    const ids = { sessionId: `${Date.now()}`.concat(Math.random().toString().slice(2, 10)), userId, guestId: `guest_${Date.now()}`, token: 'x' };
    client.emit('join_session', ids);
    client.emit('message', { ...ids, message: 'hello', modelIds: ['fake-a', 'fake-b'] });
    const { modelsCompleted } = await client.await('all_responses_complete');
    assert.equal(modelsCompleted, 2);
    inOrder(client.names(), ['session_joined', 'session_history', 'streaming_started', 'model_streaming_start', 'message_chunk', 'model_streaming_complete', 'all_responses_complete']);
    assert.equal(client.all('error').length, 0);
    for (const modelId of ['fake-a', 'fake-b']) {
      const text = client.all('message_chunk', { modelId }).map(({ chunk }) => chunk).join('');
      assert.equal(text, client.all('model_streaming_complete', { modelId })[0].content);
    }
  });

  it('that reconnects and sends without joining again hears its answers', async (t) => {
    const ids = { sessionId: newSession(), userId: newUser() };
    const first = await connect(t);
    await first.join(ids);
    await first.turn(ids);
    first.socket.disconnect();
    const second = await connect(t);
    second.emit('message', { ...ids, message: 'still here', modelIds: [quick()] });
    await second.await('all_responses_complete');
    assert.equal(second.names()[0], 'message_saved');
    assert.equal((await second.join(ids)).history.length, 4);
  });
});
