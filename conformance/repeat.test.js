// A repeated clientMessageId: the same message, told again, asked once.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TurnView, connect } from './lib/client.js';
import { AT_ONCE, fake, newClientMessageId, newGuest, newSession, newUser, providerStats, quick } from './lib/env.js';
import { request } from './lib/http.js';

describe('a repeated clientMessageId of the same sender in the same session', AT_ONCE, () => {
  it('after the turn is over: message_saved with the first one’s id, then the turn whole, to this socket only', async (t) => {
    const ids = { sessionId: newSession(), userId: newUser() };
    const [client, tab] = [await connect(t), await connect(t)];
    await tab.join(ids);
    await client.join(ids);
    const message = { ...ids, clientMessageId: newClientMessageId(), message: 'once', modelIds: [quick('a'), fake('b', { fail: '500' })] };
    const first = await client.turn(message);
    await tab.await('all_responses_complete', { messageId: first.messageId });
    const heardByTab = tab.mark();
    const again = await client.turn(message);
    assert.deepEqual(again.of('message_saved')[0].id, first.of('message_saved')[0].id);
    assert.equal(again.messageId, first.messageId);
    assert.equal(again.names[0], 'message_saved');
    assert.equal(again.names[1], 'streaming_started');
    for (const modelId of message.modelIds) {
      assert.equal(again.answer(modelId).id, first.answer(modelId).id);
      assert.equal(again.answer(modelId).content, first.answer(modelId).content);
    }
    assert.equal(again.answer(message.modelIds[0]).chunks.at(-1).fullContent, first.answer(message.modelIds[0]).content, 'clients in the field ignore content in model_streaming_complete');
    assert.deepEqual(again.complete, first.complete);
    await tab.fence();
    assert.deepEqual(tab.names(heardByTab), ['ack:leave_session']);
    assert.equal((await client.join(ids)).history.length, 2);
  });

  it('while the turn is running: what was said so far and then the rest', async (t) => {
    const ids = { sessionId: newSession(), userId: newUser() };
    const [client, tab] = [await connect(t), await connect(t)];
    await tab.join(ids);
    await client.join(ids);
    const modelId = fake('on', { tokens: 120 });
    const message = { ...ids, clientMessageId: newClientMessageId(), message: 'once', modelIds: [modelId] };
    const first = await client.send(message);
    await client.await('message_chunk', ({ chunkIndex }) => chunkIndex > 10);
    const again = await client.send(message);
    assert.equal(again.saved.id, first.saved.id);
    assert.equal(again.messageId, first.messageId);
    await again.over();
    assert.equal(client.all('all_responses_complete').length, 1);
    assert.equal(client.all('streaming_started').length, 2);
    const firstHeardAgain = client.all('message_chunk', {}, again.from).find((chunk) => chunk.chunk === chunk.fullContent);
    assert.ok(firstHeardAgain, 'from streaming_started on');
    await tab.await('all_responses_complete');
    assert.equal(tab.all('user_message').length, 1);
    assert.equal(tab.all('streaming_started').length, 1);
    assert.equal((await client.join(ids)).history.length, 2);
  });

  it('on another socket of the same sender, running', async (t) => {
    const ids = { sessionId: newSession(), userId: newUser() };
    const modelId = fake('on', { tokens: 120 });
    const message = { ...ids, clientMessageId: newClientMessageId(), message: 'once', modelIds: [modelId] };
    const first = await connect(t);
    const sent = await first.send(message);
    await first.await('message_chunk');
    first.socket.disconnect();
    const second = await connect(t);
    const again = await second.send(message);
    await again.over();
    assert.equal(again.saved.id, sent.saved.id);
    assert.equal(again.messageId, sent.messageId);
    assert.equal(again.view.answer(modelId).completed.chunkCount, 120);
  });

  it('on another socket of the same sender, over', async (t) => {
    const ids = { sessionId: newSession(), guestId: newGuest() };
    const message = { ...ids, clientMessageId: newClientMessageId(), message: 'once', modelIds: [quick()] };
    const first = await (await connect(t)).turn(message);
    const second = await connect(t);
    const again = await second.turn(message);
    assert.equal(again.messageId, first.messageId);
    assert.deepEqual(again.complete, first.complete);
  });

  it('with other words or models is the first one still', async (t) => {
    const ids = { sessionId: newSession(), userId: newUser(), clientMessageId: newClientMessageId() };
    const client = await connect(t);
    const first = await client.turn({ ...ids, message: 'the first', modelIds: [quick('a')] });
    const again = await client.turn({ ...ids, message: 'another', modelIds: [quick('b')] });
    assert.equal(again.messageId, first.messageId);
    assert.deepEqual(again.started.models, first.started.models);
    const { history } = await client.join(ids);
    assert.deepEqual(history.map((entry) => entry.content), ['the first', '']);
  });

  it('sent twice at once makes one turn', async (t) => {
    const ids = { sessionId: newSession(), userId: newUser() };
    const message = { ...ids, clientMessageId: newClientMessageId(), message: 'once', modelIds: [quick()] };
    const sockets = [await connect(t), await connect(t), await connect(t)];
    const sent = await Promise.all(sockets.flatMap((socket) => [socket.ask('message', message), socket.ask('message', message)]));
    assert.deepEqual(new Set(sent.map((ack) => ack.id)).size, 1);
    for (const socket of sockets) await socket.await('all_responses_complete', { messageId: sent[0].messageId });
    const reader = await connect(t);
    assert.equal((await reader.join(ids)).history.length, 2);
  });

  it('asks nothing twice: the provider hears of it once', async (t) => {
    const client = await connect(t);
    // Other tests may ask the provider in the same moment, so one repetition of many must leave its counter alone.
    for (let left = 60; left > 0; left--) {
      const message = { sessionId: newSession(), userId: newUser(), clientMessageId: newClientMessageId(), message: 'once', modelIds: [quick()] };
      await client.turn(message);
      const before = await providerStats();
      await client.turn(message);
      const after = await providerStats();
      await client.succeed('leave_session', { sessionId: message.sessionId });
      if (after.requests === before.requests) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.fail('the provider was asked with every repetition');
  });
});

describe('the same clientMessageId', AT_ONCE, () => {
  it('of another sender is not a repetition', async (t) => {
    const [userId, guestId] = [newUser(), newGuest()];
    const sessionId = newSession();
    const clientMessageId = newClientMessageId();
    const guest = await connect(t);
    const first = await guest.turn({ sessionId, guestId, clientMessageId, message: 'as a guest', modelIds: [quick()] });
    const both = await connect(t);
    await both.join({ sessionId, userId, guestId });
    const user = await connect(t);
    const second = await user.turn({ sessionId, userId, clientMessageId, message: 'as a user', modelIds: [quick()] });
    assert.notEqual(second.messageId, first.messageId);
    const { history } = await user.join({ sessionId, userId });
    assert.deepEqual(history.filter(({ role }) => role === 'USER').map(({ content }) => content), ['as a guest', 'as a user']);
  });

  it('in another session is not a repetition', async (t) => {
    const client = await connect(t);
    const ids = { userId: newUser(), clientMessageId: newClientMessageId() };
    const first = await client.turn({ ...ids, sessionId: newSession() });
    const second = await client.turn({ ...ids, sessionId: newSession() });
    assert.notEqual(second.messageId, first.messageId);
  });

  it('after the message is gone is not a repetition: it counts for as long as the message exists', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser(), clientMessageId: newClientMessageId() };
    const first = await client.turn({ ...ids, message: 'before' });
    await request('DELETE', `/api/chat/sessions/${ids.sessionId}?userId=${ids.userId}`);
    await client.await('session_deleted');
    const second = await client.turn({ ...ids, message: 'after' });
    assert.notEqual(second.messageId, first.messageId);
    const { history } = await client.join(ids);
    assert.deepEqual(history.map(({ content }) => content), ['after', '']);
  });

  it('absent: the same message twice is two messages', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    await client.turn({ ...ids, message: 'same' });
    await client.turn({ ...ids, message: 'same' });
    assert.equal((await client.join(ids)).history.length, 4);
  });
});

describe('a message that was refused', AT_ONCE, () => {
  it('may be sent again with its clientMessageId', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser(), clientMessageId: newClientMessageId() };
    await client.join(ids);
    await client.refused('message', { ...ids, message: 'x'.repeat(32_001) }, 'payload_too_large');
    const turn = await client.turn({ ...ids, message: 'shorter' });
    assert.ok(new TurnView(client, turn.messageId).complete);
  });

  it('is named by its clientMessageId in the error event', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser(), clientMessageId: newClientMessageId() };
    client.emit('message', { ...ids, message: 'x'.repeat(32_001) });
    const error = await client.await('error');
    assert.equal(error.event, 'message');
    assert.equal(error.clientMessageId, ids.clientMessageId);
    assert.equal(error.sessionId, ids.sessionId);
  });
});
