// Plain HTTP with any header (fetch would not send Origin or Host), and Engine.IO long polling by hand.
import http from 'node:http';
import { ASKAPE_URL, PATIENCE_MS, within } from './env.js';
import { Invariants } from './invariants.js';

export function request(method, path, { headers = {}, body } = {}) {
  const asked = new Promise((resolve, reject) => {
    const req = http.request(`${ASKAPE_URL}${path}`, { method, headers, agent: false }, (res) => {
      const parts = [];
      res.on('data', (part) => parts.push(part));
      res.on('error', reject);
      res.on('end', () => {
        const text = Buffer.concat(parts).toString();
        resolve({ status: res.statusCode, headers: res.headers, text, get json() { return JSON.parse(text); } });
      });
    });
    req.on('error', reject);
    req.end(body);
  });
  return within(asked, `${method} ${path}`, PATIENCE_MS * 2);
}

export const get = (path, headers) => request('GET', path, { headers });

const SEPARATOR = '\x1e';

/** A Socket.IO client over long polling that reads only when it is told to. */
export class Polling {
  /** Events heard, oldest first: {event, payload}. */
  log = [];
  invariants = new Invariants();

  static async open(headers = {}) {
    const handshake = await get('/socket.io/?EIO=4&transport=polling', headers);
    if (handshake.status !== 200) throw new Error(`handshake: ${handshake.status} ${handshake.text}`);
    const polling = new Polling(JSON.parse(handshake.text.slice(1)).sid);
    await polling.post('40');
    await polling.readUntil('(connect)');
    return polling;
  }

  constructor(sid) {
    this.path = `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
  }

  /** Sends packets in one POST. */
  async post(...packets) {
    const answer = await request('POST', this.path, { headers: { 'Content-Type': 'text/plain;charset=UTF-8' }, body: packets.join(SEPARATOR) });
    if (answer.status !== 200) throw new Error(`POST: ${answer.status} ${answer.text}`);
  }

  /** Emits events, several of them in one POST: emit(['join_session', {…}], ['message', {…}]). */
  emit(...events) {
    return this.post(...events.map((event) => `42${JSON.stringify(event)}`));
  }

  /** One GET: waits until the server has something, records it and gives the events. */
  async read() {
    const { status, text } = await get(this.path);
    if (status !== 200) throw new Error(`GET: ${status} ${text}`);
    const heard = [];
    for (const packet of text.split(SEPARATOR)) {
      if (packet === '2') await this.post('3');
      else if (packet.startsWith('40')) heard.push({ event: '(connect)' });
      else if (packet.startsWith('42')) {
        const [event, payload] = JSON.parse(packet.slice(2));
        this.invariants.observe(event, payload);
        heard.push({ event, payload });
      } else if (packet !== '6') heard.push({ event: '(packet)', payload: packet });
    }
    this.log.push(...heard);
    return heard;
  }

  /** Reads until an event was heard, and gives its payload. */
  async readUntil(event, from = 0) {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
      const heard = this.log.slice(from).find((entry) => entry.event === event);
      if (heard) return heard.payload;
      await within(this.read(), `${event} after ${this.log.map((entry) => entry.event)}`);
    }
    throw new Error(`read for ${PATIENCE_MS} ms without ${event}: ${this.log.map((entry) => entry.event)}`);
  }

  close() {
    return this.post('1').catch(() => {});
  }
}
