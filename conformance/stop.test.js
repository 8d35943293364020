// stop: one answer or all of a turn, from any tab, at any time.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect, inOrder } from './lib/client.js';
import { AT_ONCE, TRANSPORTS, endless, eventually, fake, newSession, newUser, providerStats, quick } from './lib/env.js';

const silent = (name = 'silent') => fake(name, { fail: 'hang' });

describe('stop', AT_ONCE, () => {
  for (const { name, transports } of TRANSPORTS) {
    it(`without modelId stops all of the turn, over ${name}`, async (t) => {
      const client = await connect(t, { transports });
      const ids = { sessionId: newSession(), userId: newUser() };
      await client.join(ids);
      const models = [endless('x'), endless('y'), quick('z')];
      const sent = await client.send({ ...ids, modelIds: models });
      await client.await('model_streaming_complete', { modelId: models[2] });
      for (const modelId of models.slice(0, 2)) await client.await('message_chunk', ({ modelId: id, chunkIndex }) => id === modelId && chunkIndex > 3);
      const from = client.mark();
      await client.succeed('stop', { sessionId: ids.sessionId, messageId: sent.messageId });
      await sent.over();
      for (const modelId of models.slice(0, 2)) {
        const { completed, content, chunks, error } = sent.view.answer(modelId);
        assert.equal(error, undefined, 'it is no error');
        assert.equal(completed.finishReason, 'stopped');
        assert.ok(content.length > 0, 'text so far is kept');
        assert.equal(chunks.at(-1).fullContent, content);
      }
      assert.equal(sent.view.answer(models[2]).completed.finishReason, 'stop');
      assert.equal(sent.view.complete.modelsCompleted, 1);
      assert.deepEqual(sent.view.complete.outcomes.map(({ state }) => state).sort(), ['completed', 'stopped', 'stopped']);
      inOrder(client.names(from), ['model_streaming_complete', 'model_streaming_complete', 'all_responses_complete', 'ack:stop']);
      const { history } = await client.join(ids);
      for (const answer of history[1].aiResponses.slice(0, 2)) {
        assert.equal(answer.state, 'stopped');
        assert.equal(answer.content, sent.view.answer(answer.modelId).content);
      }
    });
  }

  it('with modelId stops that answer and leaves the others', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const [stopped, goesOn] = [endless('stopped'), fake('goes-on', { tokens: 60 })];
    const sent = await client.send({ ...ids, modelIds: [stopped, goesOn] });
    await client.await('message_chunk', { modelId: stopped });
    await client.succeed('stop', { sessionId: ids.sessionId, messageId: sent.messageId, modelId: stopped });
    assert.equal(client.all('model_streaming_complete', { modelId: stopped })[0]?.finishReason, 'stopped', 'the acknowledgement comes after the events it causes');
    await sent.over();
    assert.equal(sent.view.answer(goesOn).completed.finishReason, 'stop');
    assert.equal(sent.view.answer(goesOn).completed.chunkCount, 60);
    assert.equal(sent.view.complete.modelsCompleted, 1);
  });

  it('works before the first token: the text may be empty', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const models = [silent(), fake('late', { first: 60_000 })];
    const sent = await client.send({ ...ids, modelIds: models });
    for (const modelId of models) await client.await('model_streaming_start', { modelId });
    await client.succeed('stop', { sessionId: ids.sessionId, messageId: sent.messageId });
    await sent.over();
    for (const modelId of models) {
      const { completed, content, chunks } = sent.view.answer(modelId);
      assert.equal(completed.finishReason, 'stopped');
      assert.equal(content, '');
      assert.equal(completed.chunkCount, 0);
      assert.deepEqual(chunks, []);
    }
    assert.equal(sent.view.complete.modelsCompleted, 0);
    const { history } = await client.join(ids);
    assert.deepEqual(history[1].aiResponses.map(({ state, content }) => [state, content]), [['stopped', ''], ['stopped', '']]);
  });

  it('works at once, right behind the message', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    await client.join(ids);
    const ack = await client.succeed('message', { ...ids, message: 'never mind', modelIds: [endless()] });
    await client.succeed('stop', { sessionId: ids.sessionId, messageId: ack.messageId });
    await client.await('all_responses_complete', { messageId: ack.messageId });
    assert.equal(client.all('model_streaming_complete')[0].finishReason, 'stopped');
  });

  it('works while the model is thinking', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const sent = await client.send({ ...ids, modelIds: [fake('brooding', { think: 100_000, first: 0, rate: 20 })] });
    await client.await('model_thinking');
    await client.succeed('stop', { sessionId: ids.sessionId, messageId: sent.messageId });
    await sent.over();
    assert.equal(client.all('model_streaming_complete')[0].finishReason, 'stopped');
    const { history } = await client.join(ids);
    assert.ok(history[1].aiResponses[0].reasoning.length > 0, 'text so far is kept');
  });

  it('works from any tab, one that has not joined too, and every tab hears it', async (t) => {
    const ids = { sessionId: newSession(), userId: newUser() };
    const [client, tab, away] = [await connect(t), await connect(t), await connect(t)];
    await tab.join(ids);
    await away.join({ sessionId: newSession(), userId: ids.userId });
    for (const stopper of [tab, away]) {
      const sent = await client.send({ ...ids, modelIds: [endless()] });
      await tab.await('message_chunk', { messageId: sent.messageId });
      stopper.emit('stop', { sessionId: ids.sessionId, messageId: sent.messageId });
      await sent.over();
      await tab.await('all_responses_complete', { messageId: sent.messageId });
      assert.equal(tab.all('model_streaming_complete', { messageId: sent.messageId })[0].finishReason, 'stopped');
    }
  });

  it('is idempotent', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const sent = await client.send({ ...ids, modelIds: [endless('x'), quick('y')] });
    await client.await('message_chunk');
    const stop = { sessionId: ids.sessionId, messageId: sent.messageId };
    const acks = await Promise.all(Array.from({ length: 5 }, () => client.ask('stop', stop)));
    assert.ok(acks.every(({ ok }) => ok), JSON.stringify(acks));
    await sent.over();
    const from = client.mark();
    await client.succeed('stop', stop);
    await client.succeed('stop', { ...stop, modelId: endless('x') });
    await client.succeed('stop', { ...stop, modelId: quick('y') });
    assert.deepEqual([...new Set(client.names(from))], ['ack:stop'], 'nothing further is told');
  });

  it('of a messageId that the session does not have changes nothing', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const sent = await client.send({ ...ids, modelIds: [fake('goes-on', { tokens: 30 })] });
    const reply = await client.ask('stop', { sessionId: ids.sessionId, messageId: newSession() });
    assert.ok(reply.ok || reply.error.type === 'not_found', JSON.stringify(reply));
    const other = await client.ask('stop', { sessionId: ids.sessionId, messageId: sent.messageId, modelId: 'fake-not-asked' });
    assert.ok(other.ok || other.error.type === 'not_found', JSON.stringify(other));
    await sent.over();
    assert.equal(client.all('model_streaming_complete')[0].finishReason, 'stop');
  });

  it('of a turn of another session through one’s own changes nothing', async (t) => {
    const owner = await connect(t);
    const theirs = { sessionId: newSession(), userId: newUser() };
    const sent = await owner.send({ ...theirs, modelIds: [endless()] });
    const stranger = await connect(t);
    const own = { sessionId: newSession(), userId: newUser() };
    await stranger.turn(own);
    await stranger.ask('stop', { sessionId: own.sessionId, messageId: sent.messageId });
    const from = owner.mark();
    await owner.await('message_chunk', {}, { from });
    assert.equal(owner.all('model_streaming_complete').length, 0);
    await owner.stop(theirs.sessionId, sent.messageId);
  });

  it('ends the provider’s stream at once', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    await client.join(ids);
    const models = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => endless(name));
    const before = await providerStats();
    const sent = await client.send({ ...ids, modelIds: [...models, silent('g'), fake('h', { first: 60_000 })] });
    for (const modelId of models) await client.await('message_chunk', { modelId });
    await client.succeed('stop', { sessionId: ids.sessionId, messageId: sent.messageId });
    await eventually(async () => (await providerStats()).cancelled >= before.cancelled + 8, 'the provider to see 8 streams cancelled');
  });

  it('keeps the context: the next turn is asked as usual', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const sent = await client.send({ ...ids, modelIds: [endless()] });
    await client.await('message_chunk');
    await client.stop(ids.sessionId, sent.messageId);
    await sent.over();
    const turn = await client.turn(ids);
    assert.equal(turn.complete.modelsCompleted, 1);
  });
});
