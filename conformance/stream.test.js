// How an answer's text arrives: full and delta, merged chunks, reasoning, re-joins in mid-stream, slow sockets.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TurnView, connect } from './lib/client.js';
import { AT_ONCE, TRANSPORTS, echo, fake, newSession, newUser, quick } from './lib/env.js';
import { Polling } from './lib/http.js';

describe('message_chunk', AT_ONCE, () => {
  for (const { name, transports } of TRANSPORTS) {
    it(`in full concatenates to fullContent, to the last character, over ${name}`, async (t) => {
      const client = await connect(t, { transports });
      const models = [fake('steady', { tokens: 50 }), fake('burst', { tokens: 2000, rate: 0 }), fake('uni', { tokens: 60, rate: 100, text: 'unicode' })];
      const turn = await client.turn({ sessionId: newSession(), userId: newUser(), modelIds: models });
      for (const modelId of models) {
        const { chunks, content, completed } = turn.answer(modelId);
        assert.equal(chunks.map(({ chunk }) => chunk).join(''), content);
        assert.equal(chunks.at(-1).fullContent, content);
        assert.equal(completed.chunkCount, chunks.at(-1).chunkIndex);
      }
      assert.equal(turn.answer(models[1]).completed.chunkCount, 2000);
    });

    it(`in delta is just {id, offset, chunk, chunkIndex}, offset being the length in UTF-16 units before it, over ${name}`, async (t) => {
      const client = await connect(t, { transports });
      const sessionId = newSession();
      const models = [fake('words', { tokens: 50 }), fake('uni', { tokens: 60, text: 'unicode' })];
      await client.join({ sessionId, userId: newUser(), stream: 'delta' });
      const turn = await client.turn({ sessionId, modelIds: models });
      for (const modelId of models) {
        const { chunks, content, completed } = turn.answer(modelId);
        let text = '';
        for (const chunk of chunks) {
          assert.deepEqual(Object.keys(chunk).sort(), ['chunk', 'chunkIndex', 'id', 'offset']);
          assert.equal(chunk.offset, text.length);
          text += chunk.chunk;
        }
        assert.equal(text, content);
        assert.equal(chunks.at(-1).chunkIndex, completed.chunkCount);
        assert.ok(chunks.length > 1);
      }
    });
  }

  it('is full for who joins with stream: "full" or without, delta for who joins with "delta", in the same session', async (t) => {
    const ids = { sessionId: newSession(), userId: newUser() };
    const [full, delta, plain] = [await connect(t), await connect(t), await connect(t)];
    await full.join({ ...ids, stream: 'full' });
    await delta.join({ ...ids, stream: 'delta' });
    await plain.join(ids);
    const sent = await full.send({ ...ids, modelIds: [fake('both', { tokens: 20 })] });
    await Promise.all([full, delta, plain].map((one) => one.await('all_responses_complete')));
    assert.ok(full.all('message_chunk').every((chunk) => 'fullContent' in chunk && !('offset' in chunk)));
    assert.ok(plain.all('message_chunk').every((chunk) => 'fullContent' in chunk));
    assert.ok(delta.all('message_chunk').every((chunk) => 'offset' in chunk && !('fullContent' in chunk)));
    await sent.over();
  });

  it('puts a surrogate pair and a UTF-8 sequence that the provider cuts in two together first', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    await client.join({ ...ids, stream: 'delta' });
    const models = ['split', undefined].map((fail) => fake('cut', { text: 'unicode', tokens: 80, rate: 200, ...(fail && { fail }) }));
    const turn = await client.turn({ ...ids, modelIds: models });
    for (const modelId of models) {
      const { content, completed, chunks } = turn.answer(modelId);
      assert.equal(completed?.finishReason, 'stop');
      assert.ok(content.isWellFormed());
      assert.equal(chunks.map(({ chunk }) => chunk).join(''), content);
      assert.match(content, /[\u{10000}-\u{10ffff}]/u);
    }
    const [cut, whole] = models.map((modelId) => turn.answer(modelId).content);
    assert.equal(cut, whole, 'the same text comes of the same words, cut or not');
    const { history } = await client.join(ids);
    assert.deepEqual(history[1].aiResponses.map(({ content }) => content), models.map((modelId) => turn.answer(modelId).content));
  });

  it('has a chunkIndex that counts the fragments of the model: it starts at 1 and skips where fragments were merged', async (t) => {
    const client = await connect(t);
    const modelId = fake('fast', { tokens: 1000, rate: 500 });
    const turn = await client.turn({ sessionId: newSession(), userId: newUser(), modelIds: [modelId] });
    const indexes = turn.answer(modelId).chunks.map(({ chunkIndex }) => chunkIndex);
    assert.ok(indexes.length < 500, 'fragments that come faster are merged');
    assert.equal(indexes.at(-1), 1000);
  });

  it('with the first fragment goes out at once, not with the next ones', async (t) => {
    const client = await connect(t);
    const modelId = fake('slow', { tokens: 3, rate: 2, first: 0 });
    const turn = await client.turn({ sessionId: newSession(), userId: newUser(), modelIds: [modelId] });
    assert.deepEqual(turn.answer(modelId).chunks.map(({ chunkIndex }) => chunkIndex), [1, 2, 3]);
  });

  it('comes for one answer at most once in 25 ms after the first', async (t) => {
    const client = await connect(t);
    const sessionId = newSession();
    await client.join({ sessionId, userId: newUser(), stream: 'delta' });
    const modelId = fake('fast', { tokens: 600, rate: 400 });
    const begun = performance.now();
    const turn = await client.turn({ sessionId, modelIds: [modelId] });
    const elapsed = performance.now() - begun;
    const { length } = turn.answer(modelId).chunks;
    assert.ok(length <= elapsed / 25 + 3, `${length} chunks in ${elapsed} ms`);
    assert.ok(length > 1);
  });

  it('costs a viewer in full at most 128 kB/s for an answer', async (t) => {
    const client = await connect(t);
    const modelId = fake('long', { tokens: 200, rate: 80, chars: 100 });
    const begun = performance.now();
    const turn = await client.turn({ sessionId: newSession(), userId: newUser(), modelIds: [modelId] });
    const seconds = (performance.now() - begun) / 1000;
    const { chunks, content } = turn.answer(modelId);
    assert.ok(content.length >= 20_000);
    const cost = chunks.reduce((sum, { fullContent }) => sum + fullContent.length, 0);
    assert.ok(cost <= 128 * 1024 * (seconds + 1) * 1.5, `${cost} characters in ${seconds} s`);
  });
});

describe('model_thinking', AT_ONCE, () => {
  const modelId = fake('thinker', { think: 20, tokens: 20 });

  it('carries reasoning {…, chunk, offset} apart from the answer, and history has it as reasoning', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const turn = await client.turn({ ...ids, modelIds: [modelId] });
    const { thinking, chunks, content, id, completed } = turn.answer(modelId);
    assert.ok(thinking.length > 0);
    let reasoning = '';
    for (const part of thinking) {
      assert.equal(part.id, id);
      assert.equal(part.offset, reasoning.length);
      reasoning += part.chunk;
    }
    assert.ok(reasoning.length > 20);
    assert.equal(chunks.map(({ chunk }) => chunk).join(''), content);
    assert.ok(!content.includes(reasoning), 'never mixed into the answer');
    assert.equal(completed.chunkCount, 20, 'chunkIndex counts the fragments of the answer');
    const { history } = await client.join(ids);
    assert.equal(history[1].aiResponses[0].reasoning, reasoning);
    assert.equal(history[1].aiResponses[0].content, content);
  });

  it('comes in delta mode with all its fields, for only a delta chunk is bare', async (t) => {
    const client = await connect(t);
    const sessionId = newSession();
    await client.join({ sessionId, userId: newUser(), stream: 'delta' });
    const turn = await client.turn({ sessionId, modelIds: [modelId] });
    for (const part of turn.answer(modelId).thinking) {
      assert.equal(part.modelId, modelId);
      assert.equal(part.sessionId, sessionId);
    }
    assert.ok(turn.answer(modelId).thinking.length > 0);
  });

  it('is absent from the history of an answer without reasoning', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    await client.turn(ids);
    const { history } = await client.join(ids);
    assert.ok(!history[1].aiResponses[0].reasoning);
  });

  it('is given from 0 on a join in mid-stream', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const slow = fake('thinker', { think: 30, tokens: 60 });
    const sent = await client.send({ ...ids, modelIds: [slow] });
    await client.await('message_chunk');
    const tab = await connect(t);
    await tab.join(ids);
    const first = await tab.await('model_thinking');
    assert.equal(first.offset, 0);
    await Promise.all([sent.over(), tab.await('all_responses_complete')]);
    const reasoning = (view) => view.answer(slow).thinking.map(({ chunk }) => chunk).join('');
    assert.equal(reasoning(new TurnView(tab, sent.messageId)), reasoning(sent.view));
  });

  it('keeps the state thinking in the history while the answer has not begun', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const sent = await client.send({ ...ids, modelIds: [fake('brooding', { think: 100_000, first: 0, rate: 20 })] });
    await client.await('model_thinking');
    const { history } = await (await connect(t)).join(ids);
    assert.equal(history[1].aiResponses[0].state, 'thinking');
    await client.stop(ids.sessionId, sent.messageId);
  });
});

describe('a join in the middle of a turn', AT_ONCE, () => {
  const running = fake('running', { tokens: 150 });
  const over = quick('over');
  const failed = fake('failed', { fail: 'reset', at: 5, rate: 0, first: 0 });
  const waiting = fake('waiting', { first: 4000, tokens: 3, rate: 0 });

  for (const { name, transports } of TRANSPORTS) {
    it(`gives for every answer what it would have heard, then goes on live, over ${name}`, async (t) => {
      const client = await connect(t);
      const ids = { sessionId: newSession(), userId: newUser() };
      const sent = await client.send({ ...ids, modelIds: [running, over, failed, waiting] });
      await client.await('model_streaming_complete', { modelId: over });
      await client.await('model_error', { modelId: failed });
      await client.await('message_chunk', ({ modelId, chunkIndex }) => modelId === running && chunkIndex >= 10);

      const tab = await connect(t, { transports });
      const { joined, history } = await tab.join(ids);
      assert.equal(joined.running, 1);
      const inHistory = Object.fromEntries(history[1].aiResponses.map((answer) => [answer.modelId, answer]));
      assert.equal(inHistory[running].state, 'writing');
      assert.ok(inHistory[running].content.length > 0, 'a turn that is still running is in the history with what it has so far');
      assert.equal(inHistory[over].state, 'completed');
      assert.equal(inHistory[failed].state, 'failed');
      assert.ok(inHistory[failed].error, 'with its error');
      assert.equal(inHistory[waiting].state, 'waiting');

      await tab.await('message_chunk', { modelId: running });
      const view = new TurnView(tab, sent.messageId);
      assert.ok(view.answer(running).chunks[0].chunkIndex >= 10, 'one message_chunk with all that was said so far');
      assert.equal(view.answer(running).chunks[0].chunk, view.answer(running).chunks[0].fullContent);
      await Promise.all([sent.over(), tab.await('all_responses_complete')]);
      assert.deepEqual(view.answer(over).names, ['model_streaming_start', 'message_chunk', 'model_streaming_complete']);
      assert.equal(view.answer(failed).names.at(-1), 'model_error');
      for (const modelId of [running, over, failed, waiting]) {
        assert.equal(view.answer(modelId).content, sent.view.answer(modelId).content);
        assert.equal(view.answer(modelId).id, sent.view.answer(modelId).id);
      }
      assert.deepEqual(view.complete, sent.view.complete);
      assert.equal(view.of('message_saved').length, 0, 'message_saved is for the sender');
      assert.equal(tab.names()[0], 'session_joined');
      assert.equal(tab.names()[1], 'session_history');
      assert.equal(tab.names().find((event) => !['session_joined', 'session_history', 'ack:join_session'].includes(event)), 'streaming_started');
    });
  }

  it('on the socket that listens already gives everything again, without loss or doubling', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const sent = await client.send({ ...ids, modelIds: [running] });
    for (const index of [10, 30, 50]) {
      const from = client.mark();
      await client.await('message_chunk', ({ chunkIndex }) => chunkIndex >= index);
      await client.join({ sessionId: ids.sessionId });
      await client.await('streaming_started', { messageId: sent.messageId }, { from });
    }
    await sent.over();
    assert.equal(client.all('model_streaming_complete').length, 1);
    assert.equal(client.all('streaming_started').length, 4);
  });

  it('may change from full to delta and back', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const sent = await client.send({ ...ids, modelIds: [running] });
    await client.await('message_chunk', ({ chunkIndex }) => chunkIndex >= 10);
    await client.join({ ...ids, stream: 'delta' });
    const switched = client.mark();
    await client.await('message_chunk', ({ chunkIndex }) => chunkIndex >= 30, { from: switched });
    assert.ok(client.all('message_chunk', {}, switched).every((chunk) => !('fullContent' in chunk)));
    const { from } = await client.join({ ...ids, stream: 'full' });
    await sent.over();
    assert.ok('fullContent' in client.all('message_chunk', {}, from).at(-1));
  });

  it('gives several running turns, each from streaming_started', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const turns = [];
    for (const text of ['first', 'second', 'third']) turns.push(await client.send({ ...ids, message: text, modelIds: [running] }));
    await client.await('message_chunk', { messageId: turns[2].messageId });
    const tab = await connect(t);
    const { joined } = await tab.join(ids);
    assert.equal(joined.running, 3);
    for (const { messageId } of turns) await tab.await('all_responses_complete', { messageId });
    assert.deepEqual(tab.all('streaming_started').map(({ messageId }) => messageId), turns.map(({ messageId }) => messageId));
    await Promise.all(turns.map((turn) => turn.over()));
  });

  it('gives an answer that was stopped before as stopped, and the others go on', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const stopped = fake('stopped', { tokens: 100_000, first: 0, rate: 20 });
    const sent = await client.send({ ...ids, modelIds: [stopped, running] });
    await client.await('message_chunk', { modelId: stopped });
    await client.succeed('stop', { sessionId: ids.sessionId, messageId: sent.messageId, modelId: stopped });
    const tab = await connect(t);
    await tab.join(ids);
    const completed = await tab.await('model_streaming_complete', { modelId: stopped });
    assert.equal(completed.finishReason, 'stopped');
    await Promise.all([sent.over(), tab.await('all_responses_complete')]);
    assert.equal(completed.content, sent.view.answer(stopped).content);
    assert.equal(new TurnView(tab, sent.messageId).answer(running).completed.finishReason, 'stop');
  });

  it('gives nothing of turns that are over but their history', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    await client.turn(ids);
    const tab = await connect(t);
    const { joined } = await tab.join(ids);
    await tab.fence();
    assert.equal(joined.running, 0);
    assert.deepEqual(tab.names(), ['session_joined', 'session_history', 'ack:join_session', 'ack:leave_session']);
  });

  describe('with cursors', AT_ONCE, () => {
    /** A running answer, what was heard of it by a socket that is gone, and the ids to join with. */
    async function interrupted(t, models = [running]) {
      const first = await connect(t);
      const ids = { sessionId: newSession(), userId: newUser() };
      await first.join({ ...ids, stream: 'delta' });
      const sent = await first.send({ ...ids, modelIds: models });
      const held = {};
      for (const modelId of models) {
        const { id } = await first.await('model_streaming_start', { modelId });
        await first.await('message_chunk', (chunk) => chunk.id === id && chunk.chunkIndex >= 8);
      }
      first.socket.disconnect();
      for (const modelId of models) {
        const { id } = first.all('model_streaming_start', { modelId })[0];
        held[id] = first.invariants.texts.get(id);
      }
      return { ids, held, messageId: sent.messageId };
    }

    async function resume(t, { ids, held, messageId }, cursors) {
      const client = await connect(t);
      for (const [id, text] of Object.entries(held)) client.invariants.texts.set(id, text);
      await client.join({ ...ids, stream: 'delta', cursors });
      await client.await('all_responses_complete', { messageId });
      return new TurnView(client, messageId);
    }

    it('goes on from a valid cursor: one round trip resumes any number of models', async (t) => {
      const models = ['x', 'y', 'z'].map((name) => fake(name, { tokens: 150, text: 'unicode' }));
      const state = await interrupted(t, models);
      const cursors = Object.fromEntries(Object.entries(state.held).map(([id, text]) => [id, text.length]));
      const view = await resume(t, state, cursors);
      for (const modelId of models) {
        const { id, chunks, content } = view.answer(modelId);
        assert.equal(chunks[0].offset, cursors[id]);
        assert.ok(content.startsWith(state.held[id]));
        assert.equal(state.held[id] + chunks.map(({ chunk }) => chunk).join(''), content);
      }
    });

    it('counts a cursor that is too large as 0', async (t) => {
      const state = await interrupted(t);
      const [id] = Object.keys(state.held);
      for (const cursor of [1_000_000, Number.MAX_SAFE_INTEGER]) {
        const client = await connect(t);
        await client.join({ ...state.ids, stream: 'delta', cursors: { [id]: cursor } });
        assert.equal((await client.await('message_chunk', { id })).offset, 0);
      }
    });

    it('counts a cursor that is unknown as 0, and one of another answer for nothing', async (t) => {
      const state = await interrupted(t);
      for (const cursors of [{}, { 'no-such-answer': 3 }, { __proto__x: 1, constructor: 2 }]) {
        const client = await connect(t);
        await client.join({ ...state.ids, stream: 'delta', cursors });
        assert.equal((await client.await('message_chunk')).offset, 0);
      }
    });

    it('ignores cursors without delta: full gives everything', async (t) => {
      const state = await interrupted(t);
      const [id] = Object.keys(state.held);
      const client = await connect(t);
      await client.join({ ...state.ids, cursors: { [id]: 5 } });
      const chunk = await client.await('message_chunk');
      assert.equal(chunk.chunk, chunk.fullContent);
      await client.await('all_responses_complete');
    });
  });
});

describe('a socket that does not read', AT_ONCE, () => {
  for (const stream of ['full', 'delta']) {
    it(`gets one chunk per answer when it reads again, and every character is right (${stream})`, async (t) => {
      const ids = { sessionId: newSession(), userId: newUser() };
      const models = ['p', 'q', 'r'].map((name) => fake(name, { tokens: 400, rate: 400 }));
      const slow = await Polling.open();
      await slow.emit(['join_session', { ...ids, stream }]);
      await slow.readUntil('session_history');
      const brisk = await connect(t);
      await brisk.join(ids);
      const turn = await brisk.turn({ ...ids, modelIds: models });
      await slow.readUntil('all_responses_complete');
      for (const modelId of models) {
        const { id, content } = turn.answer(modelId);
        const chunks = slow.log.filter(({ event, payload }) => event === 'message_chunk' && payload.id === id).map(({ payload }) => payload);
        assert.ok(chunks.length <= 2, `${chunks.length} chunks of one answer`);
        assert.equal(chunks.map(({ chunk }) => chunk).join(''), content);
      }
      assert.deepEqual(slow.invariants.violations, []);
      await slow.close();
    });
  }

  it('loses typing and drafts, which are dropped for it, and nothing else', async (t) => {
    const ids = { sessionId: newSession(), userId: newUser() };
    const slow = await Polling.open();
    await slow.emit(['join_session', ids]);
    await slow.readUntil('session_history');
    const writer = await connect(t);
    await writer.join(ids);
    for (let draft = 0; draft < 40; draft++) writer.emit('input_change', { ...ids, content: `${draft}`.padEnd(30_000, '.') });
    await writer.fence();
    await writer.turn(ids);
    await slow.readUntil('all_responses_complete');
    const drafts = slow.log.filter(({ event }) => event === 'input_changed');
    assert.ok(drafts.length <= 8, `${drafts.length} drafts of 30 kB were kept`);
    assert.ok(writer.all('error').every(({ type }) => type === 'rate_limited'));
    assert.deepEqual(slow.invariants.violations, []);
    await slow.close();
  });

  it('is told the turn in the order of every other socket', async (t) => {
    const ids = { sessionId: newSession(), userId: newUser() };
    const slow = await Polling.open();
    await slow.emit(['join_session', ids]);
    await slow.readUntil('session_history');
    const brisk = await connect(t);
    await brisk.turn({ ...ids, modelIds: [quick(), fake('bad', { fail: '500' }), echo()] });
    await slow.readUntil('all_responses_complete');
    assert.deepEqual(slow.log.filter(({ event }) => event !== '(connect)').map(({ event }) => event).slice(0, 4), ['session_joined', 'session_history', 'user_message', 'streaming_started']);
    assert.equal(slow.log.at(-1).event, 'all_responses_complete');
    assert.deepEqual(slow.invariants.violations, []);
    await slow.close();
  });
});
