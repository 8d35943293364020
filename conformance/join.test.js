// join_session: what it answers, in which order, and the wait for a message sent right behind it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect, inOrder } from './lib/client.js';
import { AT_ONCE, TRANSPORTS, newGuest, newSession, newUser, quick, fake } from './lib/env.js';
import { Polling } from './lib/http.js';

describe('join_session', AT_ONCE, () => {
  for (const { name, transports } of TRANSPORTS) {
    describe(`over ${name}`, AT_ONCE, () => {
      it('is answered by session_joined, then session_history, then the acknowledgement {ok: true, history}', async (t) => {
        const client = await connect(t, { transports });
        const sessionId = newSession();
        const { joined, history, ack } = await client.join({ sessionId, guestId: newGuest() });
        assert.equal(joined.sessionId, sessionId);
        assert.equal(joined.usingDatabase, false);
        assert.deepEqual(joined.participants, []);
        assert.equal(joined.running, 0);
        assert.deepEqual(history, []);
        assert.deepEqual(ack.history, []);
        assert.deepEqual(client.names(), ['session_joined', 'session_history', 'ack:join_session']);
      });

      it('needs no acknowledgement callback', async (t) => {
        const client = await connect(t, { transports });
        client.emit('join_session', { sessionId: newSession(), userId: newUser() });
        await client.await('session_history');
        assert.deepEqual(client.names(), ['session_joined', 'session_history']);
      });

      it('gives a guest without guestId a fresh one: guest_ and 128 random bits', async (t) => {
        const client = await connect(t, { transports });
        const first = (await client.join({ sessionId: newSession() })).joined.guestId;
        assert.match(first, /^guest_[A-Za-z0-9._:@-]{22,}$/);
        const other = await connect(t, { transports });
        assert.notEqual((await other.join({ sessionId: newSession() })).joined.guestId, first);
      });
    });
  }

  it('gives a guest his guestId back', async (t) => {
    const client = await connect(t);
    const guestId = newGuest();
    const { joined } = await client.join({ sessionId: newSession(), guestId });
    assert.equal(joined.guestId, guestId);
  });

  it('gives the same fresh guestId for every session of a socket that shows no id: an event without ids is by the same one', async (t) => {
    const client = await connect(t);
    const first = await client.join({ sessionId: newSession() });
    const second = await client.join({ sessionId: newSession() });
    assert.equal(second.joined.guestId, first.joined.guestId);
  });

  it('says as guestId of a user his user id, and as ownerId of his session too', async (t) => {
    const client = await connect(t);
    const userId = newUser();
    const { joined } = await client.join({ sessionId: newSession(), userId });
    assert.equal(joined.guestId, userId);
    assert.equal(joined.ownerId, userId);
  });

  it('takes who shows both ids for the user', async (t) => {
    const client = await connect(t);
    const userId = newUser();
    const { joined } = await client.join({ sessionId: newSession(), userId, guestId: newGuest() });
    assert.equal(joined.guestId, userId);
    assert.equal(joined.ownerId, userId);
  });

  it('ignores a token in open mode, at CONNECT and in payloads', async (t) => {
    const client = await connect(t, { auth: { token: 'not.a.token' } });
    const userId = newUser();
    const { joined } = await client.join({ sessionId: newSession(), userId, token: 'not.a.token' });
    assert.equal(joined.guestId, userId);
  });

  it('takes UUIDs, millisecond timestamps and every allowed character in ids, up to 128 of them', async (t) => {
    const client = await connect(t);
    const all = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@-';
    const tag = newSession();
    for (const sessionId of [newSession(), `${Date.now()}${Math.floor(Math.random() * 1e6)}`, `${tag}${all}`.padEnd(128, 'x').slice(0, 128)]) {
      const { joined } = await client.join({ sessionId, userId: `u${tag}${all}`.slice(0, 128) });
      assert.equal(joined.sessionId, sessionId);
    }
  });

  it('takes ids that are words of JavaScript for ids like any other', async (t) => {
    for (const word of ['__proto__', 'constructor', 'hasOwnProperty', 'toString', '.', '..', '-', '@']) {
      const client = await connect(t);
      const { joined } = await client.join({ sessionId: newSession(), userId: word });
      assert.equal(joined.guestId, word);
    }
  });

  it('takes stream: "full" and "delta"', async (t) => {
    const client = await connect(t);
    const sessionId = newSession();
    await client.join({ sessionId, userId: newUser(), stream: 'full' });
    await client.join({ sessionId, stream: 'delta' });
    await client.join({ sessionId, stream: 'delta', cursors: {} });
  });

  it('may be repeated on the same socket: joining again is the way to resynchronise', async (t) => {
    const client = await connect(t);
    const sessionId = newSession();
    const userId = newUser();
    await client.join({ sessionId, userId });
    await client.turn({ sessionId });
    const { history, joined } = await client.join({ sessionId });
    assert.equal(joined.guestId, userId);
    assert.deepEqual(history.map((entry) => entry.role), ['USER', 'AI']);
  });

  it('gives the stored messages to another socket of the same one, and the same in the acknowledgement', async (t) => {
    const client = await connect(t);
    const sessionId = newSession();
    const userId = newUser();
    await client.join({ sessionId, userId });
    const turn = await client.turn({ sessionId, message: 'what is stored', modelIds: [quick('a'), quick('b')] });
    const other = await connect(t);
    const { history, ack } = await other.join({ sessionId, userId });
    assert.deepEqual(ack.history, history);
    const [question, answers] = history;
    assert.equal(question.role, 'USER');
    assert.equal(question.content, 'what is stored');
    assert.equal(question.id, turn.of('message_saved')[0].id);
    assert.equal(answers.role, 'AI');
    assert.equal(answers.id, turn.messageId, 'messageId in events is the id of the AI entry of the turn');
    assert.equal(answers.content, '');
    assert.deepEqual(
      answers.aiResponses.map(({ id, modelId, modelName, content, state, tokensUsed }) => ({ id, modelId, modelName, content, state, tokensUsed })),
      [quick('a'), quick('b')].map((modelId) => {
        const { id, modelName, content, tokensUsed } = turn.answer(modelId).completed;
        return { id, modelId, modelName, content, state: 'completed', tokensUsed };
      }),
    );
    assert.ok(question.tokensUsed > 0, 'tokensUsed of a USER entry is an estimate of its text');
    assert.equal(history.length, 2);
  });

  describe('with the first message sent right behind it', AT_ONCE, () => {
    const STRICT = ['session_joined', 'message_saved', 'session_history', 'streaming_started'];

    /**
     * The history waits up to 30 ms for the message. On a machine that is busy just then the message may come
     * later, and the history rightly without it; so one strict case of several is asked for, and nothing lost in any.
     */
    async function oneStrictCase(attempt) {
      for (let left = 8; left > 0; left--) {
        const log = await attempt();
        const names = log.map(({ event }) => event);
        for (const name of STRICT) assert.equal(names.filter((heard) => heard === name).length, 1, `one ${name} in ${names}`);
        inOrder(names, ['session_joined', 'message_saved', 'streaming_started']);
        inOrder(names, ['session_joined', 'session_history', 'streaming_started']);
        if (names.indexOf('session_history') < names.indexOf('message_saved')) continue;
        const payload = (event) => log.find((entry) => entry.event === event).payload;
        const entry = payload('session_history')[0];
        assert.equal(entry?.id, payload('message_saved').id, 'the history then contains the message');
        assert.equal(entry.content, 'first');
        return;
      }
      assert.fail('the history never waited for the message');
    }

    const upToStarted = (log) => log.slice(0, 1 + log.findIndex(({ event }) => event === 'streaming_started')).filter(({ event }) => STRICT.includes(event));

    for (const { name, transports } of TRANSPORTS) {
      it(`gives session_joined, message_saved, session_history with the message, streaming_started over ${name}`, async (t) => {
        await oneStrictCase(async () => {
          const client = await connect(t, { transports });
          const ids = { sessionId: newSession(), guestId: newGuest() };
          client.emit('join_session', ids);
          client.emit('message', { ...ids, message: 'first', modelIds: [quick()] });
          await client.await('all_responses_complete');
          return upToStarted(client.log);
        });
      });
    }

    it('gives the same order when both come in one polling request', async () => {
      await oneStrictCase(async () => {
        const polling = await Polling.open();
        const ids = { sessionId: newSession(), guestId: newGuest() };
        await polling.emit(['join_session', ids], ['message', { ...ids, message: 'first', modelIds: [quick()] }]);
        await polling.readUntil('all_responses_complete');
        await polling.close();
        assert.deepEqual(polling.invariants.violations, []);
        return upToStarted(polling.log);
      });
    });

    it('contains it in the history of the acknowledgement as well', async (t) => {
      await oneStrictCase(async () => {
        const client = await connect(t);
        const ids = { sessionId: newSession(), guestId: newGuest() };
        const ack = client.ask('join_session', ids);
        client.emit('message', { ...ids, message: 'first', modelIds: [quick()] });
        await client.await('all_responses_complete');
        assert.deepEqual((await ack).history, client.all('session_history')[0]);
        return upToStarted(client.log);
      });
    });

    it('shows the turn in the history once only, and the turn whole after it', async (t) => {
      const client = await connect(t);
      const ids = { sessionId: newSession(), guestId: newGuest() };
      const modelId = fake('whole', { tokens: 20, rate: 50, first: 50 });
      client.emit('join_session', ids);
      client.emit('message', { ...ids, message: 'first', modelIds: [modelId] });
      await client.await('all_responses_complete');
      for (const name of ['streaming_started', 'model_streaming_start', 'model_streaming_complete', 'all_responses_complete']) {
        assert.equal(client.all(name).length, 1, name);
      }
    });

    it('does not hold up the queue of the socket while it waits', async (t) => {
      for (let left = 8; left > 0; left--) {
        const client = await connect(t);
        client.emit('join_session', { sessionId: newSession(), userId: newUser() });
        await client.fence();
        await client.await('session_history');
        if (client.names().indexOf('ack:leave_session') < client.names().indexOf('session_history')) return;
      }
      assert.fail('what came after the join was always handled after its history');
    });

    it('waits for that session only: a message to another one changes nothing', async (t) => {
      const client = await connect(t);
      const userId = newUser();
      const [waiting, other] = [newSession(), newSession()];
      client.emit('join_session', { sessionId: waiting, userId });
      client.emit('message', { sessionId: other, userId, message: 'elsewhere', modelIds: [quick()] });
      assert.deepEqual(await client.await('session_history'), []);
      await client.await('all_responses_complete', { sessionId: other });
    });
  });
});
