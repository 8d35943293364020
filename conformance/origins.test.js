// A page of another origin gets nothing, on polling, WebSocket and REST alike; nor does a foreign Host.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { connect } from './lib/client.js';
import { ASKAPE_URL, AT_ONCE, newSession, newUser, within } from './lib/env.js';
import { get, request } from './lib/http.js';

const { port } = new URL(ASKAPE_URL);
const POLLING = '/socket.io/?EIO=4&transport=polling';

const EVIL = [
  'https://evil.example', 'http://evil.example:3001', 'null', 'http://localhost.evil.example', 'http://127.0.0.1.evil.example',
  'http://evil.example#localhost', 'http://localhost@evil.example', 'http://evil-localhost', 'http://notlocalhost', 'file://', 'garbage', 'http://',
  'http://10.0.0.1', 'http://192.168.1.1:3000', 'chrome-extension://abcdefgh', 'http://128.0.0.1',
];

const OWN = [ASKAPE_URL, `http://localhost:${port}`, 'http://localhost', 'http://localhost:5173', 'https://localhost:8443', 'http://127.0.0.1:9999', 'http://[::1]:3000'];

/** The status of a WebSocket handshake: 101 when it opens. */
function upgrade(headers) {
  const asked = new Promise((resolve, reject) => {
    const socket = new WebSocket(`${ASKAPE_URL.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { headers });
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (req, res) => {
      res.resume();
      req.destroy();
      resolve(res.statusCode);
    });
    socket.on('error', reject);
  });
  return within(asked, 'an answer to the WebSocket handshake');
}

describe('an Origin that is not on the list is 403', AT_ONCE, () => {
  for (const origin of EVIL) {
    it(`on polling, WebSocket and REST: ${origin}`, async () => {
      for (const path of [POLLING, '/api/health', '/api/models', `/api/chat/sessions?userId=${newUser()}`]) {
        const answer = await get(path, { Origin: origin });
        assert.equal(answer.status, 403, path);
        assert.equal(answer.headers['access-control-allow-origin'], undefined);
        assert.ok(!answer.text.includes('"sid"') && !answer.text.includes('fake-a'));
      }
      assert.equal(await upgrade({ Origin: origin }), 403);
    });
  }

  it('on every method, the preflight included', async () => {
    for (const method of ['OPTIONS', 'DELETE', 'POST', 'PATCH']) {
      const answer = await request(method, `/api/chat/sessions/${newSession()}`, { headers: { Origin: EVIL[0], 'Access-Control-Request-Method': 'DELETE' } });
      assert.equal(answer.status, 403, method);
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    }
    assert.equal((await request('OPTIONS', POLLING, { headers: { Origin: EVIL[0], 'Access-Control-Request-Method': 'POST' } })).status, 403);
  });

  it('on a POST into a connection that is open', async () => {
    const { text } = await get(POLLING);
    const { sid } = JSON.parse(text.slice(1));
    assert.equal((await request('POST', `${POLLING}&sid=${sid}`, { headers: { Origin: EVIL[0] }, body: '40' })).status, 403);
    assert.equal((await get(`${POLLING}&sid=${sid}`, { Origin: EVIL[0] })).status, 403);
    assert.equal(await upgrade({ Origin: EVIL[0] }), 403);
  });

  it('for the official client too', async (t) => {
    for (const transports of [['websocket'], ['polling']]) {
      await assert.rejects(connect(t, { transports, extraHeaders: { Origin: EVIL[0] } }));
    }
  });
});

describe('the server’s own origin and every loopback origin', AT_ONCE, () => {
  for (const origin of OWN) {
    it(`are on the list, and get CORS headers: ${origin}`, async () => {
      for (const path of [POLLING, '/api/health', '/api/models']) {
        const answer = await get(path, { Origin: origin });
        assert.equal(answer.status, 200, path);
        if (origin !== ASKAPE_URL) assert.equal(answer.headers['access-control-allow-origin'], origin, path);
      }
      assert.equal(await upgrade({ Origin: origin }), 101);
    });
  }

  it('get an answer to their preflight', async () => {
    for (const [path, method] of [['/api/chat/sessions/x', 'DELETE'], ['/api/models', 'GET'], [POLLING, 'POST']]) {
      const answer = await request('OPTIONS', path, {
        headers: { Origin: OWN[3], 'Access-Control-Request-Method': method, 'Access-Control-Request-Headers': 'content-type,authorization' },
      });
      assert.ok(answer.status === 200 || answer.status === 204, `${path}: ${answer.status}`);
      assert.equal(answer.headers['access-control-allow-origin'], OWN[3]);
      assert.match(answer.headers['access-control-allow-methods'] ?? '', new RegExp(method));
      assert.match((answer.headers['access-control-allow-headers'] ?? '').toLowerCase(), /content-type/);
    }
  });

  it('get a failure with CORS headers too, so that a page can read it', async () => {
    const answer = await get(`/api/chat/history/${newSession()}?userId=${newUser()}`, { Origin: OWN[3] });
    assert.equal(answer.status, 404);
    assert.equal(answer.headers['access-control-allow-origin'], OWN[3]);
  });

  it('work for the official client over every transport', async (t) => {
    for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
      const client = await connect(t, { transports, extraHeaders: { Origin: OWN[3] } });
      await client.join({ sessionId: newSession(), userId: newUser() });
    }
  });
});

describe('no Origin', AT_ONCE, () => {
  it('is not a browser, and is let in', async () => {
    for (const path of [POLLING, '/api/health']) assert.equal((await get(path)).status, 200);
    assert.equal(await upgrade({}), 101);
  });
});

describe('the Host header', AT_ONCE, () => {
  for (const host of ['evil.example', `evil.example:${port}`, `localhost.evil.example:${port}`, '127.0.0.1.evil.example', 'evil-localhost', '192.168.1.10', `[fe80::1]:${port}`]) {
    it(`is 403 when it is none that the server is known by, against DNS rebinding: ${host}`, async () => {
      for (const path of [POLLING, '/api/health', '/api/models', '/', `/api/chat/sessions?userId=${newUser()}`]) {
        const answer = await get(path, { Host: host });
        assert.equal(answer.status, 403, path);
      }
      const withOrigin = await get('/api/models', { Host: host, Origin: `http://${host}` });
      assert.equal(withOrigin.status, 403, 'nor is the origin of that host the server’s own');
      assert.equal(await upgrade({ Host: host }), 403);
    });
  }

  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
    it(`may be a loopback name: ${host}`, async () => {
      for (const path of [POLLING, '/api/health', '/']) assert.equal((await get(path, { Host: host })).status, 200, path);
      assert.equal(await upgrade({ Host: host }), 101);
    });
  }
});
