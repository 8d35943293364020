// One message, several models: the events of a turn, their order and their fields.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect, inOrder } from './lib/client.js';
import { AT_ONCE, TRANSPORTS, fake, newGuest, newSession, newUser, quick } from './lib/env.js';

/** The models of streaming_started without what may have been added to the contract's fields. */
const named = (models) => models.map(({ id, name }) => ({ id, name }));

describe('a turn', AT_ONCE, () => {
  for (const { name, transports } of TRANSPORTS) {
    describe(`over ${name}`, AT_ONCE, () => {
      it('gives message_saved → streaming_started → per answer model_streaming_start → message_chunk* → one terminal event → one all_responses_complete', async (t) => {
        const client = await connect(t, { transports });
        const sessionId = newSession();
        const models = [fake('one', { tokens: 30 }), fake('two', { tokens: 20, first: 200 }), fake('bad', { fail: '500' })];
        await client.join({ sessionId, userId: newUser() });
        const from = client.mark();
        client.emit('message', { sessionId, message: 'to three', modelIds: models });
        const { messageId } = await client.await('all_responses_complete', { sessionId });
        const names = client.names(from);
        assert.deepEqual(names.slice(0, 2), ['message_saved', 'streaming_started']);
        assert.equal(names.at(-1), 'all_responses_complete');
        for (const once of ['message_saved', 'streaming_started', 'all_responses_complete']) {
          assert.equal(names.filter((heard) => heard === once).length, 1, once);
        }
        for (const modelId of models.slice(0, 2)) {
          const heard = client.log.slice(from).filter(({ payload }) => payload.modelId === modelId).map(({ event }) => event);
          assert.equal(heard[0], 'model_streaming_start');
          assert.equal(heard.at(-1), 'model_streaming_complete');
          assert.ok(heard.length > 3 && heard.slice(1, -1).every((event) => event === 'message_chunk'), heard.join());
        }
        const failed = client.log.slice(from).filter(({ payload }) => payload.modelId === models[2]);
        assert.deepEqual(failed.map(({ event }) => event), ['model_streaming_start', 'model_error'], 'also for one that then fails');
        assert.ok(client.log.slice(from).every(({ payload }) => payload.sessionId === sessionId && payload.messageId === messageId), 'every event of a turn carries sessionId and messageId');
        assert.equal(client.all('user_message').length, 0, 'the sender gets no user_message');
      });

      it('streams several answers interleaved', async (t) => {
        const client = await connect(t, { transports });
        const models = [fake('left', { tokens: 40 }), fake('right', { tokens: 40 })];
        const turn = await client.turn({ sessionId: newSession(), userId: newUser(), modelIds: models });
        const speakers = turn.of('message_chunk').map((chunk) => chunk.modelId);
        const changes = speakers.filter((speaker, at) => at > 0 && speaker !== speakers[at - 1]).length;
        assert.ok(changes >= 2, `the speaker changes ${changes} times`);
      });
    });
  }

  it('has in every event the fields of the contract and the additions', async (t) => {
    const client = await connect(t);
    const sessionId = newSession();
    const modelId = fake('fields', { tokens: 30, first: 300, usage: 1 });
    const { joined } = await client.join({ sessionId, guestId: newGuest() });
    assert.ok(joined);
    const turn = await client.turn({ sessionId, modelIds: [modelId] });
    const { started, messageId } = turn;
    const answer = turn.answer(modelId);
    assert.deepEqual(named(started.models), [{ id: modelId, name: modelId }]);
    for (const event of [answer.start, ...answer.chunks, answer.terminal]) {
      assert.deepEqual(
        { sessionId: event.sessionId, messageId: event.messageId, modelId: event.modelId, modelName: event.modelName, id: event.id },
        { sessionId, messageId, modelId, modelName: modelId, id: answer.id },
      );
    }
    assert.equal(answer.chunks.at(-1).fullContent, answer.content, 'the last chunk before the terminal event is never dropped');
    const { finishReason, chunkCount, tokensUsed, usage, firstTokenMs, durationMs } = answer.completed;
    assert.equal(finishReason, 'stop');
    assert.equal(chunkCount, 30, 'chunkCount is the total of the fragments of the model');
    assert.equal(usage.estimated, false);
    assert.equal(tokensUsed, usage.completionTokens);
    assert.ok(usage.completionTokens > 0 && usage.promptTokens > 0);
    assert.ok(firstTokenMs >= 250, `firstTokenMs ${firstTokenMs} is at least what the model waited`);
    assert.ok(durationMs >= firstTokenMs, `durationMs ${durationMs}`);
    assert.deepEqual(turn.complete, {
      ...turn.complete,
      sessionId,
      messageId,
      modelsCompleted: 1,
      outcomes: [{ modelId, id: answer.id, state: 'completed' }],
    });
  });

  it('estimates tokensUsed when the provider tells no usage', async (t) => {
    const client = await connect(t);
    const sessionId = newSession();
    const modelId = fake('unmeasured', { tokens: 40, first: 0, rate: 0, usage: 0 });
    const turn = await client.turn({ sessionId, userId: newUser(), modelIds: [modelId] });
    const { usage, tokensUsed } = turn.answer(modelId).completed;
    assert.equal(usage.estimated, true);
    assert.equal(tokensUsed, usage.completionTokens);
    assert.ok(tokensUsed > 0);
  });

  it('counts in modelsCompleted the answers that completed, and lists all in outcomes', async (t) => {
    const client = await connect(t);
    const models = [quick('fine'), fake('broken', { fail: '500' }), quick('good')];
    const turn = await client.turn({ sessionId: newSession(), userId: newUser(), modelIds: models });
    assert.equal(turn.complete.modelsCompleted, 2);
    const states = Object.fromEntries(turn.complete.outcomes.map(({ modelId, state }) => [modelId, state]));
    assert.deepEqual(states, { [models[0]]: 'completed', [models[1]]: 'failed', [models[2]]: 'completed' });
  });

  it('acknowledges a message when it is saved, with id, stored and messageId, after message_saved', async (t) => {
    const client = await connect(t);
    const sessionId = newSession();
    await client.join({ sessionId, userId: newUser() });
    const sent = await client.send({ sessionId });
    assert.equal(sent.ack.id, sent.saved.id);
    assert.equal(sent.ack.stored, 'memory');
    assert.equal(sent.ack.messageId, sent.saved.messageId);
    assert.notEqual(sent.ack.id, sent.ack.messageId);
    inOrder(client.names(sent.from), ['message_saved', 'ack:message']);
    await sent.over();
  });

  it('says stored: "memory" and durable: true for the embedded store on disk', async (t) => {
    const client = await connect(t);
    const turn = await client.turn({ sessionId: newSession(), userId: newUser() });
    const [saved] = turn.of('message_saved');
    assert.equal(saved.stored, 'memory');
    assert.equal(saved.durable, true);
  });

  for (const [what, modelIds] of [['no modelIds', undefined], ['modelIds []', []]]) {
    it(`asks the default models for ${what}`, async (t) => {
      const client = await connect(t);
      const sessionId = newSession();
      const sent = await client.send({ sessionId, userId: newUser(), modelIds });
      const { models } = await client.await('streaming_started', { sessionId });
      assert.deepEqual(named(models), [{ id: 'fake-a', name: 'Fake A' }, { id: 'fake-b', name: 'Fake B' }]);
      await sent.over();
      assert.equal(sent.view.complete.modelsCompleted, 2);
      assert.equal(sent.view.answer('fake-a').start.modelName, 'Fake A');
    });
  }

  it('counts repeated modelIds once', async (t) => {
    const client = await connect(t);
    const models = Array.from({ length: 8 }, (_, at) => quick(`n${at}`));
    const turn = await client.turn({ sessionId: newSession(), userId: newUser(), modelIds: [...models, ...models, models[0]] });
    assert.deepEqual(turn.started.models.map(({ id }) => id), models);
    assert.equal(turn.complete.modelsCompleted, 8);
  });

  it('calls a model without a configured name what follows the last / of its id', async (t) => {
    const client = await connect(t);
    const turn = await client.turn({ sessionId: newSession(), userId: newUser(), modelIds: ['some-owner/sub/Some-Model'] });
    assert.deepEqual(named(turn.started.models), [{ id: 'some-owner/sub/Some-Model', name: 'Some-Model' }]);
  });

  it('takes modelIds of 256 printable characters', async (t) => {
    const client = await connect(t);
    const modelId = `no such model ${'é'.repeat(256)}`.slice(0, 256);
    const turn = await client.turn({ sessionId: newSession(), userId: newUser(), modelIds: [modelId] });
    assert.equal(turn.answer(modelId).error.type, 'unknown_model');
  });

  it('goes on when nobody listens: after a reconnect a client joins again and the answer is whole', async (t) => {
    const client = await connect(t);
    const sessionId = newSession();
    const userId = newUser();
    const modelId = fake('alone', { tokens: 60 });
    const { messageId } = await client.send({ sessionId, userId, modelIds: [modelId] });
    await client.await('message_chunk');
    client.socket.disconnect();
    const again = await connect(t);
    const { joined } = await again.join({ sessionId, userId });
    if (joined.running > 0) await again.await('all_responses_complete', { messageId });
    const { history } = await again.join({ sessionId, userId });
    const [{ state, content, tokensUsed }] = history[1].aiResponses;
    assert.equal(state, 'completed');
    assert.equal(content.trim().split(' ').length, 60);
    assert.ok(tokensUsed > 0);
  });

  it('comes to its terminal event after the answer is stored', async (t) => {
    const client = await connect(t);
    const reader = await connect(t);
    const userId = newUser();
    for (let round = 0; round < 5; round++) {
      const sessionId = newSession();
      const sent = await client.send({ sessionId, userId });
      const { content } = await client.await('model_streaming_complete', { messageId: sent.messageId });
      const { history } = await reader.join({ sessionId, userId });
      assert.deepEqual(history[1].aiResponses.map((answer) => [answer.state, answer.content]), [['completed', content]]);
      await sent.over();
    }
  });

  describe('begun by a message to a session that the socket has not joined', AT_ONCE, () => {
    it('joins it without session_joined and session_history', async (t) => {
      const client = await connect(t);
      const sessionId = newSession();
      const userId = newUser();
      await client.turn({ sessionId, userId });
      assert.equal(client.all('session_joined').length, 0);
      assert.equal(client.all('session_history').length, 0);
      const tab = await connect(t);
      const turn = await tab.turn({ sessionId, userId, message: 'from another tab' });
      await client.await('user_message', { content: 'from another tab' });
      await client.await('all_responses_complete', { messageId: turn.messageId });
    });

    it('gives session_joined first to who has shown no id at all', async (t) => {
      const client = await connect(t);
      const sessionId = newSession();
      client.emit('message', { sessionId, message: 'hello', modelIds: [quick()] });
      await client.await('all_responses_complete');
      assert.deepEqual(client.names().slice(0, 3), ['session_joined', 'message_saved', 'streaming_started']);
      const [joined] = client.all('session_joined');
      assert.match(joined.guestId, /^guest_/);
      assert.equal(joined.sessionId, sessionId);
      assert.equal(client.all('session_history').length, 0);
      const tab = await connect(t);
      const { history } = await tab.join({ sessionId, guestId: joined.guestId });
      assert.equal(history.length, 2, 'the session is that guest’s');
    });

    it('gives no session_joined to who has shown an id for another session', async (t) => {
      const client = await connect(t);
      const userId = newUser();
      await client.join({ sessionId: newSession(), userId });
      const from = client.mark();
      const sessionId = newSession();
      await client.turn({ sessionId });
      assert.deepEqual(client.all('session_joined', {}, from), []);
      const tab = await connect(t);
      assert.equal((await tab.join({ sessionId, userId })).history.length, 2, 'the message was by the same one');
    });
  });

  describe('is stored and sent exactly as received:', AT_ONCE, () => {
    const texts = {
      'emoji, combining characters and right-to-left': '👩‍👩‍👧‍👦 é ë עברית العربية 𝕬',
      'NUL and other control characters': 'a\u0000b\u0001\u001b[31m\u007f\r\n\t\u2028\u2029',
      'markup and quotes': `<script>alert("1")</script> ' OR 1=1 -- \\ \\u0041 \${jndi:ldap://x} {"$gt":""}`,
      'white space at both ends': '  \n text \t ',
      'characters that are not characters': '\ufffe\uffff\ufdd0',
      'characters beyond the BMP beside each other': '\u{10ffff}\u{1f600}\u{1f601}',
    };
    for (const [what, message] of Object.entries(texts)) {
      it(what, async (t) => {
        const client = await connect(t);
        const tab = await connect(t);
        const ids = { sessionId: newSession(), userId: newUser() };
        await tab.join(ids);
        await client.turn({ ...ids, message });
        assert.equal((await tab.await('user_message')).content, message);
        assert.equal((await client.join(ids)).history[0].content, message);
      });
    }

    it('lone surrogates become U+FFFD at the door, live and stored', async (t) => {
      const client = await connect(t);
      const tab = await connect(t);
      const ids = { sessionId: newSession(), userId: newUser() };
      await tab.join(ids);
      await client.turn({ ...ids, message: 'a\ud83db\ude00c \ud83d\ude00' });
      const expected = 'a\ufffdb\ufffdc \u{1f600}';
      assert.equal((await tab.await('user_message')).content, expected);
      assert.equal((await client.join(ids)).history[0].content, expected);
    });
  });
});
