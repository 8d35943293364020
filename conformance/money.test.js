// Prices, costs, fallbacks and budgets, on a server of its own whose configuration has them (README.md).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

const { ASKAPE_MONEY_URL, MONEY_PROVIDER_URL } = process.env;
if (ASKAPE_MONEY_URL) Object.assign(process.env, { ASKAPE_URL: ASKAPE_MONEY_URL, PROVIDER_URL: MONEY_PROVIDER_URL });

const { connect } = await import('./lib/client.js');
const { AT_ONCE, endless, eventually, fake, newGuest, newSession, newUser, providerStats, quick } = await import('./lib/env.js');
const { get } = await import('./lib/http.js');

const MONEY = { ...AT_ONCE, skip: ASKAPE_MONEY_URL ? false : 'ASKAPE_MONEY_URL is not set' };

// what the configuration says: per million tokens, of every model but fake-a
const PRICE = { prompt: 3, completion: 4 };
const GUEST_TOKENS = 1_000;
const ANSWER_TOKENS = 300;

const costOf = ({ promptTokens, completionTokens }) => (promptTokens * PRICE.prompt + completionTokens * PRICE.completion) / 1e6;
const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
const usageOf = async (query) => (await get(`/api/usage?${query}`)).json;

describe('prices and costs', MONEY, () => {
  it('GET /api/models: price', async () => {
    const { models } = (await get('/api/models')).json;
    assert.deepEqual(models.find(({ id }) => id === 'fake-a').price, { prompt: 1, completion: 2, cached: 0.5 });
  });

  it('usage has the cost of the answer, in the event, the history and the sums of GET /api/usage', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const models = [quick('one'), quick('two')];
    const turn = await client.turn({ ...ids, modelIds: models });
    const used = models.map((id) => turn.answer(id).completed.usage);
    for (const usage of used) {
      assert.ok(usage.promptTokens > 0 && usage.completionTokens > 0);
      near(usage.cost, costOf(usage));
    }
    const { history } = await client.join(ids);
    assert.deepEqual(history[1].aiResponses.map(({ usage }) => usage), used);

    const sum = (field) => used.reduce((all, usage) => all + usage[field], 0);
    for (const query of [`userId=${ids.userId}`, `userId=${ids.userId}&sessionId=${ids.sessionId}`]) {
      const body = await usageOf(query);
      assert.equal(body.success, true);
      assert.equal(body.answers, 2);
      assert.equal(body.promptTokens, sum('promptTokens'));
      assert.equal(body.completionTokens, sum('completionTokens'));
      assert.equal(body.totalTokensUsed, body.promptTokens + body.completionTokens);
      near(body.cost, sum('cost'));
    }
    const { budget } = await usageOf(`userId=${ids.userId}`);
    assert.equal(budget.per, 'all');
    assert.equal(budget.resetsAt, undefined);
    near(budget.money.used, sum('cost'));
    near(budget.money.left, budget.money.limit - budget.money.used);
  });

  it('an answer that was stopped costs what was used, estimated', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const modelId = endless();
    const { messageId, over, view } = await client.send({ ...ids, modelIds: [modelId] });
    await client.await('message_chunk', { messageId });
    await client.stop(ids.sessionId, messageId);
    await over();
    const { usage, finishReason } = view.answer(modelId).completed;
    assert.equal(finishReason, 'stopped');
    assert.equal(usage.estimated, true);
    assert.ok(usage.promptTokens > 0 && usage.completionTokens > 0);
    near(usage.cost, costOf(usage));
  });

  it('an answer that failed says what it used: nothing, if the provider refused it', async (t) => {
    const client = await connect(t);
    const modelId = fake('refused', { fail: 401 });
    const turn = await client.turn({ sessionId: newSession(), userId: newUser(), modelIds: [modelId] });
    assert.deepEqual(turn.answer(modelId).error.usage, { promptTokens: 0, completionTokens: 0, cost: 0, estimated: true });
  });

  it('GET /api/usage needs to know who asks, and tells of a session only who may reach it', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    await client.turn(ids);
    assert.equal((await get('/api/usage')).status, 400);
    assert.equal((await get(`/api/usage?userId=${newUser()}&sessionId=${ids.sessionId}`)).status, 404);
    assert.equal((await get(`/api/usage?userId=${ids.userId}&sessionId=${newSession()}`)).status, 404);
    assert.deepEqual((await usageOf(`guestId=${ids.userId}`)).totalTokensUsed, 0);
  });
});

describe('a fallback', MONEY, () => {
  const DOWN = 'fake-down:fail=401';
  const SPARE = 'fake-spare:tokens=3,first=0,rate=0';

  it('answers in the place of a model that fails before the first token; modelId stays, servedBy tells', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const turn = await client.turn({ ...ids, modelIds: [DOWN] });
    const { completed, start, chunks } = turn.answer(DOWN);
    assert.equal(completed.modelId, DOWN);
    assert.equal(completed.servedBy, SPARE);
    assert.equal(start.modelId, DOWN);
    assert.equal(chunks.at(-1).fullContent, completed.content);
    near(completed.usage.cost, costOf(completed.usage));
    assert.deepEqual(turn.complete.outcomes.map(({ modelId, state }) => [modelId, state]), [[DOWN, 'completed']]);
    const { history } = await client.join(ids);
    assert.equal(history[1].aiResponses[0].modelId, DOWN);
    assert.equal(history[1].aiResponses[0].servedBy, SPARE);
  });

  it('is not named where none was asked', async (t) => {
    const client = await connect(t);
    const turn = await client.turn({ sessionId: newSession(), userId: newUser() });
    assert.ok(turn.events.every(({ payload }) => !('servedBy' in payload)));
  });
});

describe('a budget', MONEY, () => {
  it('is reserved for all models of a turn; what cannot be reserved is error {type: "budget_exceeded"}, no turn, costs nothing', async (t) => {
    const client = await connect(t);
    const ids = { guestId: newGuest() };
    const query = `guestId=${ids.guestId}`;
    const running = { ...ids, sessionId: newSession() };
    const first = await client.send({ ...running, modelIds: [endless('x'), endless('y'), endless('z')] });
    const reserved = (await usageOf(query)).budget.tokens;
    assert.equal(reserved.limit, GUEST_TOKENS);
    assert.ok(reserved.used > 3 * ANSWER_TOKENS && reserved.used <= GUEST_TOKENS, JSON.stringify(reserved));

    const refusedSession = newSession();
    const error = await client.refused('message', { ...ids, sessionId: refusedSession, message: 'hello', modelIds: [quick()] }, 'budget_exceeded');
    assert.ok(error.message.length > 0 && error.event === 'message' && error.sessionId === refusedSession);
    const from = client.mark();
    client.emit('message', { ...ids, sessionId: refusedSession, message: 'hello', modelIds: [quick()] });
    assert.equal((await client.await('error', {}, { from })).type, 'budget_exceeded');
    assert.deepEqual(client.all('message_saved', { sessionId: refusedSession }), []);
    assert.equal((await get(`/api/chat/history/${refusedSession}?${query}`)).status, 404);
    assert.deepEqual((await usageOf(query)).budget.tokens, reserved);

    await client.stop(running.sessionId, first.messageId);
    await first.over();
    const { tokens } = (await usageOf(query)).budget;
    assert.ok(tokens.used < reserved.used, 'the rest is released');
    await client.turn({ ...ids, sessionId: refusedSession });
  });

  it('is not overshot by many turns at once', async (t) => {
    const client = await connect(t);
    const ids = { guestId: newGuest() };
    const asked = await Promise.all(
      Array.from({ length: 8 }, () => client.ask('message', { ...ids, sessionId: newSession(), message: 'hello', modelIds: [quick('p'), quick('q')] })),
    );
    assert.ok(asked.some(({ ok }) => ok));
    assert.ok(asked.every(({ ok, error }) => ok || error.type === 'budget_exceeded' || error.type === 'busy'), JSON.stringify(asked));
    const { tokens } = (await usageOf(`guestId=${ids.guestId}`)).budget;
    assert.ok(tokens.used <= GUEST_TOKENS, JSON.stringify(tokens));
    for (const { messageId } of asked.filter(({ ok }) => ok)) await client.await('all_responses_complete', { messageId });
  });

  it('an answer is stopped when the limit is reached: finishReason "budget", the text kept, the call to the provider ended', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const modelIds = ['m', 'n', 'o'].map((name) => fake(name, { tokens: 100_000, first: 0, rate: 2000 }));
    const before = (await providerStats()).cancelled;
    const turn = await client.turn({ ...ids, modelIds });
    let completion = 0;
    for (const id of modelIds) {
      const { completed, chunks } = turn.answer(id);
      assert.equal(completed.finishReason, 'budget');
      assert.equal(completed.content, chunks.at(-1).fullContent);
      assert.ok(completed.usage.completionTokens <= ANSWER_TOKENS + 1, JSON.stringify(completed.usage));
      completion += completed.usage.completionTokens;
    }
    assert.ok(completion > 400 && completion <= 600, `the three together: ${completion}`);
    assert.equal(turn.complete.modelsCompleted, 3);
    await eventually(async () => (await providerStats()).cancelled >= before + 3, 'three calls that were ended');
  });
});
