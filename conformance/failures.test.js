// A model that fails: model_error with a type and one fixed sentence, and the others undisturbed.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect } from './lib/client.js';
import { AT_ONCE, PROVIDER_URL, TRANSPORTS, endless, fake, newSession, newUser, quick } from './lib/env.js';

const KINDS = [
  { fail: 'refuse', types: ['unavailable'], what: 'that refuses (503)' },
  { fail: '500', types: ['unavailable'], what: 'that answers 500' },
  { fail: '401', types: ['unauthorized'], what: 'that answers 401' },
  { fail: '404', types: ['unknown_model', 'unavailable'], what: 'that answers 404' },
  { fail: '429', types: ['rate_limited'], what: 'that answers 429' },
  { fail: 'reset', at: 10, types: ['unavailable'], what: 'whose connection is reset' },
  { fail: 'truncate', at: 10, types: ['unavailable'], what: 'whose stream ends in the middle' },
  { fail: 'error', at: 10, types: ['unavailable'], what: 'that reports an error in mid-stream' },
  { fail: 'garbage', at: 10, types: ['unavailable'], what: 'that sends what is no event' },
];

const modelFor = ({ fail, at }, name = 'broken') => fake(name, { fail, ...(at ? { at } : {}), tokens: 30 });

async function failing(t, kind, options) {
  const client = await connect(t, options);
  const ids = { sessionId: newSession(), userId: newUser() };
  const modelId = modelFor(kind);
  const turn = await client.turn({ ...ids, modelIds: [modelId] });
  return { client, ids, modelId, turn, answer: turn.answer(modelId) };
}

describe('a model', AT_ONCE, () => {
  for (const kind of KINDS) {
    it(`${kind.what} is model_error {type: ${kind.types.join(' or ')}} with one plain sentence, the text so far and an errorId`, async (t) => {
      const { client, ids, turn, answer } = await failing(t, kind);
      const { error } = answer;
      assert.ok(error, `not ${turn.names}`);
      assert.ok(kind.types.includes(error.type), error.type);
      assert.equal(answer.names[0], 'model_streaming_start', 'when it is admitted, also for one that then fails');
      assert.equal(answer.names.at(-1), 'model_error');
      if (kind.at) {
        assert.ok(error.content.length > 0, 'content has the text so far');
        assert.equal(error.content, answer.chunks.at(-1).fullContent);
      } else {
        assert.equal(error.content, '');
      }
      const sentence = error.error;
      for (const leak of ['http', new URL(PROVIDER_URL).host, new URL(PROVIDER_URL).hostname, '{', 'Exception', 'dev.askape', 'fake', ' at ', '/v1', error.errorId]) {
        assert.ok(!sentence.includes(leak), `"${sentence}" shows ${leak}`);
      }
      assert.ok(sentence.length < 200 && !sentence.includes('\n'));
      assert.equal(turn.complete.modelsCompleted, 0);
      assert.deepEqual(turn.complete.outcomes.map(({ state }) => state), ['failed']);
      const { history } = await client.join(ids);
      assert.equal(history[1].aiResponses[0].state, 'failed');
      assert.equal(history[1].aiResponses[0].content, error.content);
    });
  }

  for (const { name, transports } of TRANSPORTS.slice(1)) {
    it(`that fails in mid-stream is told the same over ${name}`, async (t) => {
      const { answer } = await failing(t, KINDS.find(({ fail }) => fail === 'reset'), { transports });
      assert.equal(answer.error.type, 'unavailable');
      assert.ok(answer.error.content.length > 0);
    });
  }

  it('has one fixed sentence for each type, and an errorId of its own each time', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const models = KINDS.filter(({ fail }) => fail !== '404').slice(0, 8).map((kind, at) => modelFor(kind, `k${at}`));
    const first = await client.turn({ ...ids, modelIds: models });
    const second = await client.turn({ ...ids, modelIds: models });
    const errors = [...first.of('model_error'), ...second.of('model_error')];
    assert.equal(errors.length, 2 * models.length);
    const sentences = new Map();
    for (const { type, error } of errors) {
      assert.equal(sentences.get(type) ?? error, error, `the sentence of ${type}`);
      sentences.set(type, error);
    }
    assert.equal(new Set(sentences.values()).size, sentences.size);
    assert.equal(new Set(errors.map(({ errorId }) => errorId)).size, errors.length);
  });

  it('that is not listed and matches no pattern is unknown_model, and the others are asked', async (t) => {
    const client = await connect(t);
    const turn = await client.turn({ sessionId: newSession(), userId: newUser(), modelIds: ['gpt-nonesuch', quick(), 'Fake-A', ' fake-a'] });
    for (const modelId of ['gpt-nonesuch', 'Fake-A', ' fake-a']) {
      assert.equal(turn.answer(modelId).error.type, 'unknown_model');
      assert.equal(turn.answer(modelId).content, '');
    }
    assert.equal(turn.answer(quick()).completed.finishReason, 'stop');
    assert.equal(turn.complete.modelsCompleted, 1);
  });

  it('unknown, and all others too: a turn all of whose models are unknown is still a turn', async (t) => {
    const [client, tab] = [await connect(t), await connect(t)];
    const ids = { sessionId: newSession(), userId: newUser() };
    await tab.join(ids);
    const turn = await client.turn({ ...ids, modelIds: ['nobody/knows', 'this-one'] });
    assert.equal(turn.names[0], 'message_saved');
    assert.equal(turn.names[1], 'streaming_started');
    assert.equal(turn.names.at(-1), 'all_responses_complete');
    assert.equal(turn.of('model_error', { type: 'unknown_model' }).length, 2);
    assert.equal(turn.complete.modelsCompleted, 0);
    assert.deepEqual(turn.complete.outcomes.map(({ modelId, state }) => [modelId, state]).sort(), [['nobody/knows', 'failed'], ['this-one', 'failed']]);
    await tab.await('all_responses_complete');
    const { history } = await client.join(ids);
    assert.deepEqual(history[1].aiResponses.map(({ state, content }) => [state, content]), [['failed', ''], ['failed', '']]);
  });

  it('that fails, hangs or stalls never holds up another', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const held = [fake('hangs', { fail: 'hang' }), fake('stalls', { fail: 'stall', at: 5 }), fake('late', { first: 60_000 })];
    const fine = [quick('fine'), fake('steady', { tokens: 40 })];
    const sent = await client.send({ ...ids, modelIds: [...held, fake('bad', { fail: '500' }), fake('cut', { fail: 'reset', at: 3 }), ...fine] });
    for (const modelId of fine) {
      const { finishReason } = await client.await('model_streaming_complete', { modelId });
      assert.equal(finishReason, 'stop');
    }
    assert.equal(client.all('all_responses_complete').length, 0, 'those that hang are waited for');
    const other = await connect(t);
    await other.turn({ sessionId: newSession(), userId: newUser() });
    await client.stop(ids.sessionId, sent.messageId);
    await sent.over();
    const states = Object.fromEntries(sent.view.complete.outcomes.map(({ modelId, state }) => [modelId, state]));
    for (const modelId of held) assert.equal(states[modelId], 'stopped');
    assert.equal(sent.view.complete.modelsCompleted, 2);
  });

  it('whose stream ends without [DONE] after its finish has completed', async (t) => {
    const client = await connect(t);
    const modelId = fake('nodone', { fail: 'nodone', tokens: 20, rate: 0, first: 0 });
    const turn = await client.turn({ sessionId: newSession(), userId: newUser(), modelIds: [modelId] });
    const { completed } = turn.answer(modelId);
    assert.equal(completed?.finishReason, 'stop', turn.names.join());
    assert.equal(completed.chunkCount, 20);
  });

  it('that sends bytes that are no UTF-8 comes to one end, its text well-formed', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const modelId = fake('bytes', { fail: 'badutf8', at: 5, tokens: 20 });
    const turn = await client.turn({ ...ids, modelIds: [modelId] });
    const { terminal, content } = turn.answer(modelId);
    assert.ok(terminal && content.isWellFormed());
    const { history } = await client.join(ids);
    assert.equal(history[1].aiResponses[0].content, content);
  });

  it('that says more than 1 MB ends as too_large', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    await client.join({ ...ids, stream: 'delta' });
    const modelId = fake('flood', { tokens: 400, chars: 4000, rate: 0, first: 0 });
    const turn = await client.turn({ ...ids, modelIds: [modelId, quick()] });
    const { error, content } = turn.answer(modelId);
    assert.equal(error?.type, 'too_large');
    assert.ok(content.length > 500_000 && Buffer.byteLength(content) <= 1_048_576 + 8000, `${content.length}`);
    assert.equal(turn.answer(quick()).completed.finishReason, 'stop');
  });

  it('that fails may be asked again in the next turn', async (t) => {
    const { client, ids, modelId } = await failing(t, { fail: 'reset', at: 5 });
    const turn = await client.turn({ ...ids, modelIds: [modelId, quick()] });
    assert.equal(turn.complete.modelsCompleted, 1);
  });
});

describe('a socket', AT_ONCE, () => {
  it('that goes while its models run leaves the server to others', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const sent = await client.send({ ...ids, modelIds: [endless()] });
    await client.await('message_chunk');
    client.socket.io.engine.close();
    const again = await connect(t);
    await again.join(ids);
    await again.await('message_chunk');
    await again.stop(ids.sessionId, sent.messageId);
    await again.await('all_responses_complete', { messageId: sent.messageId });
  });
});
