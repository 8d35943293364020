// session_history and fetch_history: what a session holds, in pages.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect } from './lib/client.js';
import { AT_ONCE, endless, fake, newSession, newUser, quick } from './lib/env.js';
import { get } from './lib/http.js';

const TURNS = 66;
let long;

/** A session of 66 turns, that is 132 entries, made once for all tests that only read. */
function longSession(t) {
  long ??= (async () => {
    const ids = { sessionId: newSession(), userId: newUser() };
    const writer = await connect(t);
    await writer.join(ids);
    for (let turn = 0; turn < TURNS; turn++) {
      await writer.turn({ ...ids, message: `message ${turn}`, modelIds: [fake('page', { tokens: 1, first: 0, rate: 0 })] });
    }
    const { messages } = (await get(`/api/chat/history/${ids.sessionId}?userId=${ids.userId}`)).json;
    return { ids, all: messages.map((entry) => entry.id), messages };
  })();
  return long;
}

async function reader(t) {
  const session = await longSession(t);
  const client = await connect(t);
  const joined = await client.join(session.ids);
  const page = async (beforeId, limit) => {
    const from = client.mark();
    const ack = await client.succeed('fetch_history', { sessionId: session.ids.sessionId, beforeId, limit });
    const chunk = await client.await('history_chunk', {}, { from });
    assert.deepEqual({ messages: ack.messages, hasMore: ack.hasMore }, { messages: chunk.messages, hasMore: chunk.hasMore });
    assert.deepEqual(client.names(from), ['history_chunk', 'ack:fetch_history']);
    assert.equal(chunk.sessionId, session.ids.sessionId);
    return chunk;
  };
  return { ...session, client, page, ...joined };
}

const idsOf = (entries) => entries.map((entry) => entry.id);

describe('session_history', AT_ONCE, () => {
  it('has at most the last 50 entries, oldest first', async (t) => {
    const { history, all } = await reader(t);
    assert.equal(history.length, 50);
    assert.deepEqual(idsOf(history), all.slice(-50));
    assert.equal(history[0].role, 'USER');
  });

  it('follows a USER entry by its AI entry even when two turns run at once and the second is over first', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    await client.join(ids);
    const slow = await client.send({ ...ids, message: 'slow', modelIds: [fake('slow', { first: 600, tokens: 3, rate: 0 })] });
    const fast = await client.send({ ...ids, message: 'fast' });
    await fast.over();
    for (const moment of ['while the first is running', 'after both']) {
      const { history } = await client.join(ids);
      assert.deepEqual(history.map(({ role, content }) => [role, content]), [['USER', 'slow'], ['AI', ''], ['USER', 'fast'], ['AI', '']], moment);
      assert.deepEqual([history[1].id, history[3].id], [slow.messageId, fast.messageId]);
      await slow.over();
    }
  });

  it('has a turn that is still running with what it has so far', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const modelId = endless();
    const sent = await client.send({ ...ids, modelIds: [modelId] });
    const seen = await client.await('message_chunk', ({ chunkIndex }) => chunkIndex >= 5);
    const { history } = await (await connect(t)).join(ids);
    const [answer] = history[1].aiResponses;
    assert.equal(answer.state, 'writing');
    assert.ok(answer.content.startsWith(seen.fullContent), 'at least what a socket heard before');
    await client.stop(ids.sessionId, sent.messageId);
  });

  it('has of an answer that failed its state, its text so far and the error', async (t) => {
    const client = await connect(t);
    const ids = { sessionId: newSession(), userId: newUser() };
    const modelId = fake('broken', { fail: 'reset', at: 10 });
    const turn = await client.turn({ ...ids, modelIds: [modelId] });
    const { history } = await client.join(ids);
    const [answer] = history[1].aiResponses;
    assert.equal(answer.state, 'failed');
    assert.equal(answer.content, turn.answer(modelId).content);
    assert.ok(answer.error);
  });

  it('has dates that are ISO 8601 in UTC, in the order of the entries', async (t) => {
    const { messages } = await reader(t);
    const dates = messages.map(({ createdAt }) => Date.parse(createdAt));
    assert.ok(dates.every((date) => Math.abs(Date.now() - date) < 3_600_000));
  });
});

describe('fetch_history', AT_ONCE, () => {
  it('gives history_chunk {sessionId, messages, hasMore}: 50 entries before that one, exclusive', async (t) => {
    const { page, history, all } = await reader(t);
    const { messages, hasMore } = await page(history[0].id);
    assert.deepEqual(idsOf(messages), all.slice(-100, -50));
    assert.equal(hasMore, true);
  });

  it('leads back to the first entry, page by page, each entry once, the entries being those of REST', async (t) => {
    const { page, history, messages } = await reader(t);
    let pages = history;
    for (let more = true; more; ) {
      const chunk = await page(pages[0].id, 30);
      assert.equal(chunk.messages.length, 30 - (pages.length + 30 > TURNS * 2 ? pages.length + 30 - TURNS * 2 : 0));
      pages = [...chunk.messages, ...pages];
      more = chunk.hasMore;
    }
    assert.deepEqual(pages, messages);
  });

  it('says hasMore: false and gives nothing before the first entry', async (t) => {
    const { page, all } = await reader(t);
    assert.deepEqual(await page(all[0]).then(({ messages, hasMore }) => ({ messages, hasMore })), { messages: [], hasMore: false });
  });

  it('says hasMore: false when the page ends with the first entry', async (t) => {
    const { page, all } = await reader(t);
    const { messages, hasMore } = await page(all[20], 20);
    assert.deepEqual(idsOf(messages), all.slice(0, 20));
    assert.equal(hasMore, false);
    assert.equal((await page(all[22], 20)).hasMore, true);
  });

  it('clamps limit to 1–100', async (t) => {
    const { page, all } = await reader(t);
    const last = all[all.length - 2];
    const before = (count) => all.slice(all.length - 2 - count, all.length - 2);
    assert.deepEqual(idsOf((await page(last, 1000)).messages), before(100));
    assert.deepEqual(idsOf((await page(last, 101)).messages), before(100));
    assert.deepEqual(idsOf((await page(last, 100)).messages), before(100));
    for (const small of [0, -1, -1000]) {
      assert.deepEqual(idsOf((await page(last, small)).messages), before(2), `limit ${small} is 1, and a page never separates a pair`);
    }
  });

  it('never separates a USER entry from its AI entry: it may exceed the limit by one', async (t) => {
    const { page, all } = await reader(t);
    const last = all[all.length - 2];
    for (const limit of [1, 3, 5, 49, 99]) {
      const { messages } = await page(last, limit);
      assert.equal(messages.length, limit + 1);
      assert.equal(messages[0].role, 'USER');
      assert.equal(messages.at(-1).role, 'AI');
    }
  });

  it('takes beforeId of an AI entry for its USER entry', async (t) => {
    const { page, all } = await reader(t);
    assert.deepEqual(await page(all[41], 10), await page(all[40], 10));
    assert.deepEqual(idsOf((await page(all[41], 10)).messages), all.slice(30, 40));
  });

  it('without a callback gives the event alone', async (t) => {
    const { client, ids, all } = await reader(t);
    const from = client.mark();
    client.emit('fetch_history', { sessionId: ids.sessionId, beforeId: all[4] });
    const { messages } = await client.await('history_chunk', {}, { from });
    assert.deepEqual(idsOf(messages), all.slice(0, 4));
  });

  it('with a beforeId that the session does not have is one error', async (t) => {
    const { client, ids } = await reader(t);
    const { error } = await client.ask('fetch_history', { sessionId: ids.sessionId, beforeId: newSession() });
    assert.ok(['not_found', 'bad_request'].includes(error.type), error.type);
  });

  it('with a beforeId of another session tells nothing of that one', async (t) => {
    const { client, ids } = await reader(t);
    const other = await connect(t);
    const turn = await other.turn({ sessionId: newSession(), userId: newUser() });
    const foreign = await client.ask('fetch_history', { sessionId: ids.sessionId, beforeId: turn.of('message_saved')[0].id });
    const nowhere = await client.ask('fetch_history', { sessionId: ids.sessionId, beforeId: newSession() });
    assert.deepEqual(foreign, nowhere);
  });
});

describe('in open mode on loopback', AT_ONCE, () => {
  it('nothing limits the turns per minute of an identity', async (t) => {
    const { all } = await longSession(t);
    assert.equal(all.length, TURNS * 2, `${TURNS} turns of one user within a few seconds`);
  });
});
