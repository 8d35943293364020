// What a model is told. The models of these tests answer with the messages that the provider was sent.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect } from './lib/client.js';
import { AT_ONCE, echo, fake, newSession, newUser, quick } from './lib/env.js';

/** What an echo was told, as [role, text] pairs. */
function told(turn, modelId) {
  const { completed, content } = turn.answer(modelId);
  assert.ok(completed, `${modelId} completed`);
  return JSON.parse(content).map(({ role, content: text }) => [role, typeof text === 'string' ? text : text.map((part) => part.text).join('')]);
}

async function conversation(t) {
  const client = await connect(t);
  const ids = { sessionId: newSession(), userId: newUser() };
  await client.join(ids);
  return { client, ids, ask: (message, ...modelIds) => client.turn({ ...ids, message, modelIds }) };
}

const user = (text) => ['user', text];
const assistant = (text) => ['assistant', text];

describe('a model is told', AT_ONCE, () => {
  it('the prompt, once, when it is the first', async (t) => {
    const { ask } = await conversation(t);
    assert.deepEqual(told(await ask('one', echo()), echo()), [user('one')]);
  });

  it('the text of the user exactly, lone surrogates as U+FFFD', async (t) => {
    const { ask } = await conversation(t);
    const text = ' <b>"é\u0000\n\u{1f600}\\u0041 ';
    assert.deepEqual(told(await ask(`${text}\ud83d`, echo()), echo()), [user(`${text}\ufffd`)]);
  });

  it('the user’s messages with its own earlier answers, never another model’s', async (t) => {
    const { ask } = await conversation(t);
    const [one, two] = [echo('own-one', { first: 300 }), echo('own-two', { first: 300 })];
    // A third one is the first that is asked and the first that completes, and says something else.
    const first = await ask('first', quick(), one, two);
    const second = await ask('second', quick(), one, two);
    assert.notEqual(first.answer(quick()).content, first.answer(one).content);
    const third = await ask('third', two, one);
    for (const modelId of [one, two]) {
      assert.deepEqual(told(second, modelId), [user('first'), assistant(first.answer(modelId).content), user('second')]);
      assert.deepEqual(told(third, modelId), [
        user('first'), assistant(first.answer(modelId).content), user('second'), assistant(second.answer(modelId).content), user('third'),
      ]);
    }
  });

  it('where it was not asked, the first completed answer', async (t) => {
    const { ask } = await conversation(t);
    const [asked, later] = [quick('asked'), echo('later')];
    const first = await ask('first', fake('failed', { fail: '500' }), asked);
    const second = await ask('second', later);
    assert.deepEqual(told(second, later), [user('first'), assistant(first.answer(asked).content), user('second')]);
  });

  it('its own answer again after a turn in which it was not asked', async (t) => {
    const { ask } = await conversation(t);
    const [mine, other] = [echo('mine', { first: 300 }), fake('other', { tokens: 4, rate: 0, first: 0 })];
    const first = await ask('first', other, mine);
    const second = await ask('second', other);
    const third = await ask('third', mine, other);
    assert.deepEqual(told(third, mine), [
      user('first'), assistant(first.answer(mine).content), user('second'), assistant(second.answer(other).content), user('third'),
    ]);
  });

  it('where it has no answer because it was stopped before the first word, the first completed one', async (t) => {
    const { client, ids, ask } = await conversation(t);
    const [mine, other] = [echo('mine', { first: 2500 }), quick('other')];
    const sent = await client.send({ ...ids, message: 'first', modelIds: [mine, other] });
    await client.await('model_streaming_complete', { modelId: other });
    await client.stop(ids.sessionId, sent.messageId);
    await sent.over();
    assert.equal(sent.view.answer(mine).content, '');
    const second = await ask('second', mine);
    assert.deepEqual(told(second, mine), [user('first'), assistant(sent.view.answer(other).content), user('second')]);
  });

  it('no empty answer, no lone assistant message at the start and the prompt once, where all before failed', async (t) => {
    const { ask } = await conversation(t);
    await ask('first', fake('bad', { fail: '500' }), 'unknown/model');
    const messages = told(await ask('second', echo()), echo());
    assert.equal(messages[0][0], 'user');
    assert.deepEqual(messages.at(-1), user('second'));
    assert.equal(messages.filter(([, text]) => text === 'second').length, 1);
    assert.ok(messages.every(([role]) => role === 'user'), JSON.stringify(messages));
  });

  it('never the new prompt twice, also when it repeats an earlier one', async (t) => {
    const { ask } = await conversation(t);
    const first = await ask('same', echo());
    assert.deepEqual(told(await ask('same', echo()), echo()), [user('same'), assistant(first.answer(echo()).content), user('same')]);
  });

  it('the same with context: "own", the default', async (t) => {
    const { client, ids, ask } = await conversation(t);
    const first = await ask('first', echo());
    const second = await client.turn({ ...ids, message: 'second', modelIds: [echo()], context: 'own' });
    assert.deepEqual(told(second, echo()), [user('first'), assistant(first.answer(echo()).content), user('second')]);
  });

  it('no reasoning of before', async (t) => {
    const { ask } = await conversation(t);
    const thinker = fake('thinker', { think: 5, tokens: 5, rate: 0, first: 0 });
    const first = await ask('first', thinker);
    const reasoning = first.answer(thinker).thinking.map(({ chunk }) => chunk).join('');
    assert.ok(reasoning.length > 0);
    const second = await ask('second', echo());
    assert.deepEqual(told(second, echo()), [user('first'), assistant(first.answer(thinker).content), user('second')]);
  });

  it('nothing of other sessions', async (t) => {
    const { ask, ids } = await conversation(t);
    await ask('a secret', echo());
    const client = await connect(t);
    const turn = await client.turn({ sessionId: newSession(), userId: ids.userId, message: 'elsewhere', modelIds: [echo()] });
    assert.deepEqual(told(turn, echo()), [user('elsewhere')]);
  });

  it('no id of who asks', async (t) => {
    const { ask, ids } = await conversation(t);
    const turn = await ask('who am I', echo());
    const { content } = turn.answer(echo());
    assert.ok(!content.includes(ids.userId) && !content.includes(ids.sessionId));
  });
});
