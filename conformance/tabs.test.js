// Several sockets in one session: who hears what, typing and drafts, leaving, and that no guestId gets out.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect, inOrder } from './lib/client.js';
import { AT_ONCE, TRANSPORTS, fake, newGuest, newSession, newUser, quick } from './lib/env.js';
import { stringsIn } from './lib/invariants.js';

async function tabs(t, ids, count, options) {
  const sockets = await Promise.all(Array.from({ length: count }, () => connect(t, options)));
  for (const socket of sockets) await socket.join(ids);
  return sockets;
}

describe('several tabs', AT_ONCE, () => {
  for (const { name, transports } of TRANSPORTS) {
    it(`hear user_message and every answer; message_saved goes to the sender only, over ${name}`, async (t) => {
      const userId = newUser();
      const sessionId = newSession();
      const [sender, ...others] = await tabs(t, { sessionId, userId }, 3, { transports });
      const models = [fake('one', { tokens: 20 }), quick('two')];
      const turn = await sender.turn({ sessionId, message: 'to all tabs', modelIds: models });
      const [saved] = turn.of('message_saved');
      assert.equal(sender.all('user_message').length, 0);
      for (const tab of others) {
        await tab.await('all_responses_complete', { messageId: turn.messageId });
        assert.equal(tab.all('message_saved').length, 0);
        const [message, ...more] = tab.all('user_message');
        assert.deepEqual(more, []);
        assert.deepEqual(
          { ...message, createdAt: undefined, sender: undefined },
          { sessionId, messageId: turn.messageId, id: saved.id, role: 'USER', content: 'to all tabs', userId, createdAt: undefined, sender: undefined },
        );
        if (message.sender) assert.deepEqual(Object.keys(message.sender).sort(), ['id', 'name']);
        inOrder(tab.names(), ['user_message', 'streaming_started', 'model_streaming_start', 'message_chunk', 'model_streaming_complete', 'all_responses_complete']);
        assert.deepEqual(tab.all('all_responses_complete')[0], turn.complete);
        for (const modelId of models) assert.equal(tab.all('model_streaming_complete', { modelId })[0].content, turn.answer(modelId).content);
      }
    });
  }

  it('may all send at once: each turn is whole on every socket', async (t) => {
    const ids = { sessionId: newSession(), userId: newUser() };
    const sockets = await tabs(t, ids, 4);
    const sent = await Promise.all(sockets.map((socket, at) => socket.send({ ...ids, message: `from ${at}`, modelIds: [fake(`m${at}`, { tokens: 10 })] })));
    for (const socket of sockets) {
      for (const { messageId } of sent) await socket.await('all_responses_complete', { messageId });
      assert.equal(socket.all('user_message').length, 3);
    }
  });

  it('of a guest hear his messages without a guestId anywhere', async (t) => {
    const guestId = newGuest();
    const ids = { sessionId: newSession(), guestId };
    const [sender, other] = await tabs(t, ids, 2);
    const from = other.mark();
    sender.emit('typing_start', ids);
    sender.emit('input_change', { ...ids, content: 'draft' });
    sender.emit('typing_stop', ids);
    await sender.turn({ ...ids, modelIds: [quick(), fake('bad', { fail: '500' })] });
    await other.await('all_responses_complete');
    await other.fence();
    for (const { event, payload } of other.log.slice(from)) {
      assert.ok(!stringsIn(payload).some((text) => text.includes(guestId) || text === 'guestId'), `${event} ${JSON.stringify(payload)}`);
    }
    const { history } = await other.join({ sessionId: ids.sessionId });
    assert.ok(!JSON.stringify(history).includes(guestId));
  });

  it('with no id shown: the fresh guestId of a socket gets to no other event than session_joined', async (t) => {
    const sender = await connect(t);
    const sessionId = newSession();
    const { joined: { guestId } } = await sender.join({ sessionId });
    const [other] = await tabs(t, { sessionId, guestId }, 1);
    await sender.turn({ sessionId });
    await other.await('all_responses_complete');
    for (const { event, payload } of [...sender.log, ...other.log]) {
      if (event === 'session_joined') continue;
      assert.ok(!JSON.stringify(payload ?? null).includes(guestId), `${event} ${JSON.stringify(payload)}`);
    }
  });
});

describe('typing_start, typing_stop and input_change', AT_ONCE, () => {
  for (const { name, transports } of TRANSPORTS) {
    it(`go to the others in the session, as typing_started, input_changed, typing_stopped, over ${name}`, async (t) => {
      const userId = newUser();
      const sessionId = newSession();
      const [writer, ...others] = await tabs(t, { sessionId, userId }, 3, { transports });
      await writer.succeed('typing_start', { sessionId });
      await writer.succeed('input_change', { sessionId, content: 'half a sen' });
      await writer.succeed('typing_stop', { sessionId });
      for (const other of others) {
        const started = await other.await('typing_started');
        const changed = await other.await('input_changed');
        const stopped = await other.await('typing_stopped');
        assert.equal(started.user.id, userId);
        assert.deepEqual(started, { sessionId, user: { id: userId, name: started.user.name } });
        assert.deepEqual(changed, { sessionId, content: 'half a sen', user: started.user });
        assert.deepEqual(stopped, { sessionId, user: started.user });
      }
      await writer.fence();
      for (const event of ['typing_started', 'typing_stopped', 'input_changed']) assert.equal(writer.all(event).length, 0);
    });
  }

  it('name the user of the socket, never that of the payload', async (t) => {
    const userId = newUser();
    const sessionId = newSession();
    const [writer, other] = await tabs(t, { sessionId, userId }, 2);
    const forged = { sessionId, userId: newUser(), user: { id: 'somebody', name: 'Somebody' }, name: 'Somebody' };
    writer.emit('typing_start', forged);
    writer.emit('input_change', { ...forged, content: 'x' });
    writer.emit('typing_stop', forged);
    for (const event of ['typing_started', 'input_changed', 'typing_stopped']) {
      const payload = await other.await(event);
      assert.equal(payload.user.id, userId);
      assert.ok(!JSON.stringify(payload).includes('omebody'));
      assert.ok(!JSON.stringify(payload).includes(forged.userId));
    }
  });

  it('carry the content exactly, the empty one too', async (t) => {
    const ids = { sessionId: newSession(), userId: newUser() };
    const [writer, other] = await tabs(t, ids, 2);
    for (const content of ['', '  a\u0000b 👩‍👩‍👧‍👦\n', '<b>']) {
      const from = other.mark();
      await writer.succeed('input_change', { ...ids, content });
      assert.equal((await other.await('input_changed', {}, { from })).content, content);
    }
  });

  it('go to nobody outside the session', async (t) => {
    const userId = newUser();
    const sessionId = newSession();
    const [writer, other] = await tabs(t, { sessionId, userId }, 2);
    const elsewhere = await connect(t);
    await elsewhere.join({ sessionId: newSession(), userId });
    await writer.succeed('typing_start', { sessionId });
    await other.await('typing_started');
    await elsewhere.fence();
    assert.equal(elsewhere.all('typing_started').length, 0);
  });
});

describe('leave_session', AT_ONCE, () => {
  for (const [what, payload] of [['{sessionId}', (sessionId) => ({ sessionId })], ['the bare string', (sessionId) => sessionId]]) {
    it(`with ${what} ends what the socket hears of the session, in mid-stream too`, async (t) => {
      const ids = { sessionId: newSession(), userId: newUser() };
      const [stays, leaves] = await tabs(t, ids, 2);
      const sent = await stays.send({ ...ids, modelIds: [fake('on', { tokens: 100 })] });
      await leaves.await('message_chunk');
      await leaves.succeed('leave_session', payload(ids.sessionId));
      const from = leaves.mark();
      await sent.over();
      await stays.succeed('typing_start', ids);
      await stays.turn(ids);
      await leaves.fence();
      assert.deepEqual(leaves.names(from), ['ack:leave_session']);
      const { history } = await leaves.join(ids);
      assert.equal(history.length, 4, 'and he may join again');
    });
  }

  it('leaves the turns of the session running', async (t) => {
    const ids = { sessionId: newSession(), userId: newUser() };
    const [client] = await tabs(t, ids, 1);
    const sent = await client.send({ ...ids, modelIds: [fake('on', { tokens: 100 })] });
    await client.await('message_chunk');
    await client.succeed('leave_session', { sessionId: ids.sessionId });
    const { joined } = await client.join({ sessionId: ids.sessionId });
    assert.equal(joined.running, 1);
    await client.await('all_responses_complete', { messageId: sent.messageId });
  });

  it('never fails: not joined, gone or foreign, nothing happens', async (t) => {
    const owner = await connect(t);
    const foreign = newSession();
    await owner.join({ sessionId: foreign, userId: newUser() });
    await owner.turn({ sessionId: foreign });
    const client = await connect(t);
    const sessionId = newSession();
    await client.join({ sessionId, userId: newUser() });
    await client.succeed('leave_session', { sessionId });
    const from = client.mark();
    for (const id of [foreign, newSession(), sessionId]) {
      await client.succeed('leave_session', { sessionId: id });
      await client.succeed('leave_session', id);
      client.emit('leave_session', { sessionId: id });
      client.emit('leave_session', id);
    }
    await client.fence();
    assert.deepEqual([...new Set(client.names(from))], ['ack:leave_session']);
  });

  it('leaves one session and not the others', async (t) => {
    const userId = newUser();
    const client = await connect(t);
    const [left, kept] = [newSession(), newSession()];
    await client.join({ sessionId: left, userId });
    await client.join({ sessionId: kept, userId });
    await client.succeed('leave_session', { sessionId: left });
    const other = await connect(t);
    await other.join({ sessionId: left, userId });
    await other.turn({ sessionId: left, message: 'left' });
    await other.turn({ sessionId: kept, userId, message: 'kept' });
    await client.await('user_message', { sessionId: kept });
    assert.equal(client.all('user_message', { sessionId: left }).length, 0);
  });
});
