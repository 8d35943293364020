// Who is asking (open mode), whose a session is, and what everybody else gets: forbidden, on every event.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect } from './lib/client.js';
import { AT_ONCE, endless, newGuest, newSession, newUser, quick } from './lib/env.js';
import { get } from './lib/http.js';

/** A session with one finished turn, made with the given ids. */
async function ownedSession(t, ids) {
  const owner = await connect(t);
  const sessionId = newSession();
  await owner.join({ sessionId, ...ids });
  const turn = await owner.turn({ sessionId });
  return { owner, sessionId, messageId: turn.messageId, userEntry: turn.of('message_saved')[0].id };
}

/** What each event is sent with by somebody who joined before, that is, without ids. */
const EVENTS = {
  join_session: ({ sessionId }) => ({ sessionId }),
  message: ({ sessionId }) => ({ sessionId, message: 'let me in' }),
  fetch_history: ({ sessionId, userEntry }) => ({ sessionId, beforeId: userEntry }),
  stop: ({ sessionId, messageId }) => ({ sessionId, messageId }),
  typing_start: ({ sessionId }) => ({ sessionId }),
  typing_stop: ({ sessionId }) => ({ sessionId }),
  input_change: ({ sessionId }) => ({ sessionId, content: 'let me in' }),
};

describe('a session of somebody else', AT_ONCE, () => {
  for (const [event, payload] of Object.entries(EVENTS)) {
    it(`is forbidden to everybody else on ${event}, in the acknowledgement or as one error event`, async (t) => {
      const session = await ownedSession(t, { userId: newUser() });
      const stranger = await connect(t);
      await stranger.join({ sessionId: newSession(), userId: newUser() });
      const heardByOwner = session.owner.mark();

      const error = await stranger.refused(event, payload(session), 'forbidden');
      assert.ok(error.message.length > 0);

      const from = stranger.mark();
      stranger.emit(event, payload(session));
      const shown = await stranger.await('error', {}, { from });
      await stranger.fence();
      assert.equal(shown.type, 'forbidden');
      assert.equal(shown.event, event);
      assert.equal(shown.sessionId, session.sessionId);
      assert.deepEqual(stranger.names(from), ['error', 'ack:leave_session']);

      await session.owner.fence();
      assert.deepEqual(session.owner.names(heardByOwner), ['ack:leave_session'], 'the owner hears nothing of it');
      const { history } = await session.owner.join({ sessionId: session.sessionId });
      assert.equal(history.length, 2);
    });
  }

  for (const event of ['fetch_history', 'stop', 'typing_start', 'typing_stop', 'input_change']) {
    it(`is forbidden on ${event} in the same words whether it exists or not`, async (t) => {
      const session = await ownedSession(t, { userId: newUser() });
      const nowhere = { ...session, sessionId: newSession() };
      const stranger = await connect(t);
      await stranger.join({ sessionId: newSession(), userId: newUser() });
      const answers = [];
      const events = [];
      for (const target of [session, nowhere]) {
        answers.push(JSON.stringify(await stranger.ask(event, EVENTS[event](target))).replaceAll(target.sessionId, 'S'));
        const from = stranger.mark();
        stranger.emit(event, EVENTS[event](target));
        events.push(JSON.stringify(await stranger.await('error', {}, { from })).replaceAll(target.sessionId, 'S'));
      }
      assert.equal(answers[0], answers[1]);
      assert.equal(events[0], events[1]);
      assert.match(answers[0], /forbidden/);
    });
  }

  it('is forbidden on join_session and message with the ids of another in the payload', async (t) => {
    const session = await ownedSession(t, { userId: newUser() });
    for (const ids of [{ userId: newUser() }, { guestId: newGuest() }, { userId: newUser(), guestId: newGuest() }, {}]) {
      const stranger = await connect(t);
      await stranger.refused('join_session', { sessionId: session.sessionId, ...ids }, 'forbidden');
      await stranger.refused('message', { sessionId: session.sessionId, message: 'x', ...ids }, 'forbidden');
      assert.deepEqual(stranger.names().filter((name) => !name.startsWith('ack:')), []);
    }
  });

  it('gives a stranger who was refused nothing of what happens in it', async (t) => {
    const userId = newUser();
    const { owner, sessionId } = await ownedSession(t, { userId });
    const stranger = await connect(t);
    await stranger.join({ sessionId: newSession(), userId: newUser() });
    await stranger.refused('join_session', { sessionId }, 'forbidden');
    await stranger.refused('message', { sessionId, message: 'x' }, 'forbidden');
    const tab = await connect(t);
    await tab.join({ sessionId, userId });
    const from = stranger.mark();
    await owner.turn({ sessionId });
    await owner.succeed('typing_start', { sessionId });
    await tab.await('typing_started');
    await stranger.fence();
    assert.deepEqual(stranger.names(from), ['ack:leave_session']);
  });

  it('does not lose its members to the leave_session of a stranger', async (t) => {
    const { owner, sessionId } = await ownedSession(t, { userId: newUser() });
    const stranger = await connect(t);
    await stranger.succeed('leave_session', { sessionId });
    await owner.turn({ sessionId });
  });

  it('cannot be stopped by a stranger', async (t) => {
    const owner = await connect(t);
    const sessionId = newSession();
    const sent = await owner.send({ sessionId, userId: newUser(), modelIds: [endless()] });
    const stranger = await connect(t);
    await stranger.join({ sessionId: newSession(), userId: newUser() });
    await stranger.refused('stop', { sessionId, messageId: sent.messageId }, 'forbidden');
    const from = owner.mark();
    await owner.await('message_chunk', {}, { from });
    await owner.stop(sessionId, sent.messageId);
  });
});

describe('userId and guestId are separate name spaces', AT_ONCE, () => {
  it('a guest called like a user is not that user', async (t) => {
    const name = newUser();
    const { sessionId } = await ownedSession(t, { userId: name });
    const guest = await connect(t);
    await guest.refused('join_session', { sessionId, guestId: name }, 'forbidden');
  });

  it('a user called like a guest is not that guest', async (t) => {
    const name = newGuest();
    const { sessionId } = await ownedSession(t, { guestId: name });
    const user = await connect(t);
    await user.refused('join_session', { sessionId, userId: name }, 'forbidden');
  });
});

describe('who shows both ids', AT_ONCE, () => {
  for (const event of ['join_session', 'message']) {
    it(`reaches the session of the guest with ${event}, and it becomes the user’s`, async (t) => {
      const [userId, guestId] = [newUser(), newGuest()];
      const { sessionId } = await ownedSession(t, { guestId });
      const both = await connect(t);
      if (event === 'join_session') {
        const { joined, history } = await both.join({ sessionId, userId, guestId });
        assert.equal(joined.guestId, userId);
        assert.equal(joined.ownerId, userId);
        assert.equal(history.length, 2);
      } else {
        await both.turn({ sessionId, userId, guestId });
      }
      const user = await connect(t);
      assert.equal((await user.join({ sessionId, userId })).joined.ownerId, userId);
      const guest = await connect(t);
      await guest.refused('join_session', { sessionId, guestId }, 'forbidden');
      const sessions = async (query) => (await get(`/api/chat/sessions?${query}`)).json.sessions.map((one) => one.sessionId);
      assert.deepEqual(await sessions(`userId=${userId}`), [sessionId]);
      assert.deepEqual(await sessions(`guestId=${guestId}`), []);
    });
  }

  it('reaches the session of the user', async (t) => {
    const userId = newUser();
    const { sessionId } = await ownedSession(t, { userId });
    const both = await connect(t);
    assert.equal((await both.join({ sessionId, userId, guestId: newGuest() })).history.length, 2);
  });

  it('leaves the other sessions of the guest to the guest', async (t) => {
    const [userId, guestId] = [newUser(), newGuest()];
    const taken = await ownedSession(t, { guestId });
    const kept = await ownedSession(t, { guestId });
    const both = await connect(t);
    await both.join({ sessionId: taken.sessionId, userId, guestId });
    const guest = await connect(t);
    assert.equal((await guest.join({ sessionId: kept.sessionId, guestId })).history.length, 2);
  });

  it('is forbidden what belongs to neither', async (t) => {
    const { sessionId } = await ownedSession(t, { guestId: newGuest() });
    const both = await connect(t);
    await both.refused('join_session', { sessionId, userId: newUser(), guestId: newGuest() }, 'forbidden');
  });

  it('makes sessions that are the user’s, not the guest’s', async (t) => {
    const [userId, guestId] = [newUser(), newGuest()];
    const { sessionId } = await ownedSession(t, { userId, guestId });
    const guest = await connect(t);
    await guest.refused('join_session', { sessionId, guestId }, 'forbidden');
    const user = await connect(t);
    await user.join({ sessionId, userId });
  });
});

describe('an event without ids is by the same one', AT_ONCE, () => {
  it('as the latest join_session with an id', async (t) => {
    const client = await connect(t);
    const userId = newUser();
    const sessionId = newSession();
    await client.join({ sessionId, userId });
    await client.turn({ sessionId });
    const tab = await connect(t);
    assert.equal((await tab.join({ sessionId, userId })).history.length, 2);
  });

  it('as the latest message with an id', async (t) => {
    const client = await connect(t);
    const userId = newUser();
    const sessionId = newSession();
    await client.turn({ sessionId, userId });
    await client.turn({ sessionId });
    const { joined } = await client.join({ sessionId: newSession() });
    assert.equal(joined.guestId, userId);
  });

  it('within a session: one socket may be different ones in different sessions', async (t) => {
    const client = await connect(t);
    const [one, two] = [newUser(), newUser()];
    const [first, second] = [newSession(), newSession()];
    await client.join({ sessionId: first, userId: one });
    await client.join({ sessionId: second, userId: two });
    const tabs = [await connect(t), await connect(t)];
    await tabs[0].join({ sessionId: first, userId: one });
    await tabs[1].join({ sessionId: second, userId: two });
    await client.turn({ sessionId: first });
    await client.turn({ sessionId: second });
    assert.equal((await tabs[0].await('user_message')).userId, one);
    assert.equal((await tabs[1].await('user_message')).userId, two);
  });

  it('as the latest, so that a guest who signs in goes on as the user', async (t) => {
    const [userId, guestId] = [newUser(), newGuest()];
    const sessionId = newSession();
    const client = await connect(t);
    await client.join({ sessionId, guestId });
    await client.turn({ sessionId, message: 'as a guest' });
    const { joined } = await client.join({ sessionId, userId, guestId });
    assert.equal(joined.guestId, userId);
    const tab = await connect(t);
    await tab.join({ sessionId, userId });
    await client.turn({ sessionId, message: 'as a user' });
    assert.equal((await tab.await('user_message')).userId, userId);
  });

  it('and reaches with it what that one may reach', async (t) => {
    const userId = newUser();
    const { sessionId, userEntry } = await ownedSession(t, { userId });
    const client = await connect(t);
    await client.join({ sessionId: newSession(), userId });
    await client.succeed('fetch_history', { sessionId, beforeId: userEntry });
    await client.turn({ sessionId });
  });
});

describe('a session without a message', AT_ONCE, () => {
  it('belongs to its first joiner while he is connected', async (t) => {
    const sessionId = newSession();
    const first = await connect(t);
    await first.join({ sessionId, userId: newUser() });
    const second = await connect(t);
    await second.refused('join_session', { sessionId, userId: newUser() }, 'forbidden');
    await second.refused('message', { sessionId, message: 'mine', guestId: newGuest() }, 'forbidden');
    await first.turn({ sessionId });
  });

  for (const event of ['join_session', 'message']) {
    it(`has one first joiner, however many send ${event} at once`, async (t) => {
      const sessionId = newSession();
      const clients = await Promise.all(Array.from({ length: 8 }, () => connect(t)));
      const acks = await Promise.all(clients.map((client) => client.ask(event, { sessionId, userId: newUser(), message: 'first', modelIds: [quick()] })));
      assert.equal(acks.filter(({ ok }) => ok).length, 1);
      assert.deepEqual([...new Set(acks.filter(({ ok }) => !ok).map(({ error }) => error.type))], ['forbidden']);
      if (event === 'message') await clients[acks.findIndex(({ ok }) => ok)].await('all_responses_complete');
    });
  }

  it('belongs to him a minute longer', async (t) => {
    const sessionId = newSession();
    const userId = newUser();
    const first = await connect(t);
    await first.join({ sessionId, userId });
    first.socket.disconnect();
    const second = await connect(t);
    await second.refused('join_session', { sessionId, userId: newUser() }, 'forbidden');
    const again = await connect(t);
    await again.join({ sessionId, userId });
  });

  it('is not stored: it is in no list and has no history', async (t) => {
    const sessionId = newSession();
    const userId = newUser();
    const client = await connect(t);
    await client.join({ sessionId, userId });
    assert.equal((await get(`/api/chat/sessions?userId=${userId}`)).json.count, 0);
    assert.equal((await get(`/api/chat/history/${sessionId}?userId=${userId}`)).status, 404);
  });
});
