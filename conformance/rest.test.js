// The REST routes that clients in the field already call.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect } from './lib/client.js';
import { AT_ONCE, endless, eventually, fake, newGuest, newSession, newUser, providerStats, quick } from './lib/env.js';
import { get, request } from './lib/http.js';
import { isDate, problemsOfHistory } from './lib/invariants.js';

async function stored(t, ids = { userId: newUser() }, messages = ['first message']) {
  const client = await connect(t);
  const sessionId = newSession();
  await client.join({ sessionId, ...ids });
  const turns = [];
  for (const message of messages) turns.push(await client.turn({ sessionId, message }));
  return { client, sessionId, turns, query: new URLSearchParams(ids).toString(), ids };
}

const history = (sessionId, query = '') => get(`/api/chat/history/${sessionId}?${query}`);
const remove = (sessionId, query = '') => request('DELETE', `/api/chat/sessions/${sessionId}?${query}`);

function fails(answer, status) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'], /^application\/json/);
  assert.equal(answer.json.success, false);
  assert.ok(typeof answer.json.error === 'string' && answer.json.error.length > 0);
  assert.ok(!/Exception|dev\.askape/.test(answer.text));
}

describe('GET /api/health', AT_ONCE, () => {
  it('is {success, status, timestamp, version, database, realtime} and nothing more', async () => {
    const { status, json, headers } = await get('/api/health');
    assert.equal(status, 200);
    assert.match(headers['content-type'], /^application\/json/);
    assert.deepEqual(Object.keys(json).sort(), ['database', 'realtime', 'status', 'success', 'timestamp', 'version']);
    assert.ok(isDate(json.timestamp) && Math.abs(Date.now() - Date.parse(json.timestamp)) < 60_000);
    assert.ok(json.version.length > 0);
    assert.deepEqual({ ...json, timestamp: 0, version: 0 }, { success: true, status: 'healthy', timestamp: 0, version: 0, database: 'embedded', realtime: 'socket.io' });
  });
});

describe('GET /api/models', AT_ONCE, () => {
  it('lists the models of the configuration, not patterns, and nothing is discovered beside it', async () => {
    const { status, json } = await get('/api/models');
    assert.equal(status, 200);
    assert.equal(json.success, true);
    assert.deepEqual(json.models.map(({ id, name, isDefault }) => ({ id, name, isDefault })), [
      { id: 'fake-a', name: 'Fake A', isDefault: true },
      { id: 'fake-b', name: 'Fake B', isDefault: true },
    ]);
    for (const model of json.models) {
      assert.ok(typeof model.provider === 'string' && model.provider.length > 0);
      assert.equal(typeof model.available, 'boolean');
      const optional = new Set(['id', 'name', 'provider', 'isDefault', 'available', 'contextWindow', 'price']);
      assert.deepEqual(Object.keys(model).filter((key) => !optional.has(key)), []);
    }
    assert.ok(!JSON.stringify(json).includes('http'));
  });
});

describe('GET /', AT_ONCE, () => {
  it('is one plain page that says the server runs, which models it has and how to talk to it', async () => {
    const { status, text, headers } = await get('/');
    assert.equal(status, 200);
    assert.match(headers['content-type'], /^text\//);
    for (const word of ['AskApe', 'Fake A', 'Fake B', 'Socket.IO']) assert.ok(text.toLowerCase().includes(word.toLowerCase()), word);
  });
});

describe('GET /api/chat/sessions', AT_ONCE, () => {
  for (const kind of ['userId', 'guestId']) {
    it(`?${kind}= gives {success, count, sessions}, newest activity first`, async (t) => {
      const ids = { [kind]: kind === 'userId' ? newUser() : newGuest() };
      const [older, newer] = [await stored(t, ids, ['older']), await stored(t, ids, ['newer', 'and more'])];
      const list = async () => (await get(`/api/chat/sessions?${older.query}`)).json;
      const before = await list();
      assert.equal(before.success, true);
      assert.equal(before.count, 2);
      assert.deepEqual(before.sessions.map(({ sessionId, title }) => [sessionId, title]), [[newer.sessionId, 'newer'], [older.sessionId, 'older']]);
      for (const session of before.sessions) {
        assert.ok(isDate(session.createdAt) && isDate(session.updatedAt));
        assert.ok(Number.isInteger(session.participantsCount));
        if (kind === 'userId') assert.equal(session.ownerId, ids.userId);
        assert.equal(session.messageCount, (await history(session.sessionId, older.query)).json.messageCount);
      }
      await older.client.turn({ sessionId: older.sessionId });
      assert.deepEqual((await list()).sessions.map(({ sessionId }) => sessionId), [older.sessionId, newer.sessionId]);
    });
  }

  it('keeps users and guests apart, and gives nothing to somebody without sessions', async (t) => {
    const name = newUser();
    await stored(t, { userId: name });
    assert.equal((await get(`/api/chat/sessions?userId=${name}`)).json.count, 1);
    assert.equal((await get(`/api/chat/sessions?guestId=${name}`)).json.count, 0);
    assert.deepEqual((await get(`/api/chat/sessions?userId=${newUser()}`)).json, { success: true, count: 0, sessions: [] });
  });

  it('gives to who names nobody no list of others’ sessions', async (t) => {
    const { sessionId } = await stored(t);
    const answer = await get('/api/chat/sessions');
    assert.ok(!answer.text.includes(sessionId));
    assert.ok(answer.status === 200 ? answer.json.count === 0 : answer.status >= 400 && answer.json.success === false, answer.text);
  });

  it('takes limit', async (t) => {
    const ids = { userId: newUser() };
    const made = [];
    for (const text of ['a', 'b', 'c']) made.unshift((await stored(t, ids, [text])).sessionId);
    const { sessions } = (await get(`/api/chat/sessions?userId=${ids.userId}&limit=2`)).json;
    assert.deepEqual(sessions.map(({ sessionId }) => sessionId), made.slice(0, 2));
  });

  it('refuses what is no id', async () => {
    for (const bad of ['', 'a%20b', 'x'.repeat(129), '%00', '%F0%9F%98%80', '..%2F..', '%FF']) fails(await get(`/api/chat/sessions?userId=${bad}`), 400);
  });
});

describe('the title of a session', AT_ONCE, () => {
  const title = async (t, message) => {
    const { sessionId, query } = await stored(t, { userId: newUser() }, [message, 'not this one']);
    const [session] = (await get(`/api/chat/sessions?${query}`)).json.sessions;
    assert.equal((await history(sessionId, query)).json.session.title, session.title);
    return session.title;
  };

  it('is its first message', async (t) => {
    assert.equal(await title(t, 'Why is the sky blue?'), 'Why is the sky blue?');
    assert.equal(await title(t, 'x'.repeat(50)), 'x'.repeat(50));
  });

  it('is cut at 50 characters', async (t) => {
    assert.equal(await title(t, `${'x'.repeat(50)}yz`), 'x'.repeat(50));
  });

  it('is cut on a code point', async (t) => {
    const cut = await title(t, `${'x'.repeat(49)}\u{1f600}\u{1f601}`);
    assert.ok(cut.isWellFormed());
    assert.ok(['x'.repeat(49), `${'x'.repeat(49)}\u{1f600}`].includes(cut), cut);
  });
});

describe('GET /api/chat/history/{sessionId}', AT_ONCE, () => {
  it('is {success, session, messageCount, messages}, messages as in session_history', async (t) => {
    const { client, sessionId, query, ids } = await stored(t, { userId: newUser() }, ['one', 'two']);
    const { status, json } = await history(sessionId, query);
    assert.equal(status, 200);
    assert.equal(json.success, true);
    assert.deepEqual(problemsOfHistory(json.messages), []);
    assert.deepEqual(json.messages, (await client.join({ sessionId })).history);
    assert.equal(json.messageCount, 4);
    assert.equal(json.session.sessionId, sessionId);
    assert.equal(json.session.title, 'one');
    assert.equal(json.session.ownerId, ids.userId);
    assert.ok(isDate(json.session.createdAt) && isDate(json.session.updatedAt));
  });

  it('gives all of them, or limit, before', async (t) => {
    const { sessionId, query } = await stored(t, { userId: newUser() }, ['1', '2', '3']);
    const { messages } = (await history(sessionId, query)).json;
    assert.equal(messages.length, 6);
    const last = (await history(sessionId, `${query}&limit=2`)).json.messages;
    assert.deepEqual(last, messages.slice(-2));
    const before = (await history(sessionId, `${query}&limit=2&before=${last[0].id}`)).json.messages;
    assert.deepEqual(before, messages.slice(2, 4));
  });

  it('that names nobody counts as its owner’s', async (t) => {
    const { sessionId, query } = await stored(t);
    assert.deepEqual((await history(sessionId)).json, (await history(sessionId, query)).json);
  });

  it('is the same 404 for not yours and not there', async (t) => {
    const { sessionId } = await stored(t);
    for (const query of [`userId=${newUser()}`, `guestId=${newGuest()}`, `userId=${newUser()}&guestId=${newGuest()}`]) {
      const [foreign, nowhere] = [await history(sessionId, query), await history(newSession(), query)];
      fails(foreign, 404);
      assert.equal(foreign.text, nowhere.text);
    }
    fails(await history(newSession()), 404);
  });

  it('is the guest’s and the user’s own for who shows both', async (t) => {
    const guestId = newGuest();
    const { sessionId } = await stored(t, { guestId });
    assert.equal((await history(sessionId, `userId=${newUser()}&guestId=${guestId}`)).status, 200);
  });

  it('shows no guestId in the messages', async (t) => {
    const guestId = newGuest();
    const { sessionId } = await stored(t, { guestId });
    assert.ok(!JSON.stringify((await history(sessionId, `guestId=${guestId}`)).json.messages).includes(guestId));
  });

  it('has a turn that is still running with what it has so far', async (t) => {
    const { client, sessionId, query } = await stored(t);
    const sent = await client.send({ sessionId, modelIds: [endless()] });
    await client.await('message_chunk', ({ chunkIndex, messageId }) => messageId === sent.messageId && chunkIndex > 3);
    const { messages } = (await history(sessionId, query)).json;
    assert.equal(messages[3].aiResponses[0].state, 'writing');
    assert.ok(messages[3].aiResponses[0].content.length > 0);
    await client.stop(sessionId, sent.messageId);
  });

  it('refuses what is no session id, and stays', async () => {
    for (const bad of ['a%20b', '%00', 'x'.repeat(129), '%F0%9F%98%80', '%FF', '..%2f..%2fetc%2fpasswd', '%7B%22%24gt%22%3A%22%22%7D']) {
      const answer = await history(bad, `userId=${newUser()}`);
      assert.ok([400, 404].includes(answer.status), `${bad}: ${answer.status}`);
      assert.equal(answer.json.success, false);
    }
  });
});

describe('DELETE /api/chat/sessions/{sessionId}', AT_ONCE, () => {
  it('is {success, message}; everything of the session is gone', async (t) => {
    const { sessionId, query, client } = await stored(t);
    const answer = await remove(sessionId, query);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.success, true);
    assert.ok(answer.json.message.length > 0);
    assert.equal((await get(`/api/chat/sessions?${query}`)).json.count, 0);
    fails(await history(sessionId, query), 404);
    fails(await remove(sessionId, query), 404);
    await client.await('session_deleted', { sessionId });
    const { history: afresh } = await (await connect(t)).join({ sessionId, userId: newUser() });
    assert.deepEqual(afresh, [], 'the id is free, and nothing of before is in it');
  });

  it('tells session_deleted to its sockets, and to no others', async (t) => {
    const { sessionId, query, client, ids } = await stored(t);
    const [tab, elsewhere] = [await connect(t), await connect(t)];
    await tab.join({ sessionId, ...ids });
    await elsewhere.join({ sessionId: newSession(), ...ids });
    await remove(sessionId, query);
    for (const socket of [client, tab]) assert.deepEqual(await socket.await('session_deleted'), { sessionId });
    await elsewhere.fence();
    assert.equal(elsewhere.all('session_deleted').length, 0);
  });

  it('stops its running answers', async (t) => {
    const { sessionId, query, client } = await stored(t);
    const models = ['a', 'b', 'c', 'd'].map((name) => endless(name));
    const before = await providerStats();
    await client.send({ sessionId, modelIds: models });
    for (const modelId of models) await client.await('message_chunk', { modelId });
    await remove(sessionId, query);
    await client.await('session_deleted');
    await eventually(async () => (await providerStats()).cancelled >= before.cancelled + 4, 'the provider to see the streams cancelled');
    const from = client.mark();
    await client.fence();
    assert.ok(!client.names(from).includes('message_chunk'));
  });

  it('that names nobody counts as the owner’s, as front ends in the field delete that way', async (t) => {
    const { sessionId, query } = await stored(t);
    assert.equal((await remove(sessionId)).status, 200);
    fails(await history(sessionId, query), 404);
  });

  it('is the same 404 for not yours and not there, and nothing is gone', async (t) => {
    const { sessionId, query, client } = await stored(t);
    const stranger = `userId=${newUser()}`;
    const [foreign, nowhere] = [await remove(sessionId, stranger), await remove(newSession(), stranger)];
    fails(foreign, 404);
    assert.equal(foreign.text, nowhere.text);
    assert.equal((await history(sessionId, query)).status, 200);
    await client.fence();
    assert.equal(client.all('session_deleted').length, 0);
  });

  it('leaves nothing to join for a socket that was in it', async (t) => {
    const { sessionId, query, client, turns } = await stored(t);
    await remove(sessionId, query);
    await client.await('session_deleted');
    await client.refused('fetch_history', { sessionId, beforeId: turns[0].of('message_saved')[0].id }, 'forbidden');
  });
});

describe('REST', AT_ONCE, () => {
  it('answers what it does not have with a failure in JSON', async () => {
    for (const path of ['/api/nope', '/api/chat/history', '/api/chat/history/', '/api/chat', '/nope.html', '/api//health', '/%2e%2e/%2e%2e/etc/passwd', '/api/health/x']) {
      const { status, text } = await get(path);
      assert.ok(status >= 400 && status < 500, `${path}: ${status} ${text}`);
    }
    fails(await get('/api/nope'), 404);
  });

  it('answers a method that a route does not have with a failure, and stays', async () => {
    for (const [method, path] of [['POST', '/api/health'], ['PUT', '/api/models'], ['DELETE', '/api/health'], ['TRACE', '/api/health'], ['POST', '/']]) {
      const { status } = await request(method, path, { body: method === 'TRACE' ? undefined : '{}' });
      assert.ok(status >= 400 && status < 500, `${method} ${path}: ${status}`);
    }
    assert.equal((await get('/api/health')).status, 200);
  });

  it('ignores a bearer token in open mode', async (t) => {
    const { sessionId, query } = await stored(t, { userId: newUser() }, ['hello']);
    assert.equal((await get(`/api/chat/history/${sessionId}?${query}`, { Authorization: 'Bearer not.a.token' })).status, 200);
  });

  it('sees a message as soon as it was saved', async (t) => {
    const client = await connect(t);
    const sessionId = newSession();
    const userId = newUser();
    const sent = await client.send({ sessionId, userId, message: 'just now', modelIds: [fake('slow', { first: 300, tokens: 2 }), quick()] });
    const { messages } = (await history(sessionId, `userId=${userId}`)).json;
    assert.equal(messages[0].content, 'just now');
    await sent.over();
  });
});
