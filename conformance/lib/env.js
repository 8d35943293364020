// Where the server under test and its stand-in provider are, and names that no other test uses.
import { randomUUID } from 'node:crypto';

function address(name) {
  const value = process.env[name];
  if (!value) throw new Error(`set ${name}, for example ${name}=http://127.0.0.1:3001`);
  return new URL(value).origin;
}

export const ASKAPE_URL = address('ASKAPE_URL');
export const PROVIDER_URL = address('PROVIDER_URL');

/** How long any single expectation is waited for; only a failing test ever waits this long. */
export const PATIENCE_MS = 15_000;

export const newSession = () => randomUUID();
export const newUser = () => `user-${randomUUID()}`;
export const newGuest = () => `guest-${randomUUID()}`;
export const newClientMessageId = () => `cm-${randomUUID()}`;

/** A model id that scripts the stand-in provider: fake('x', {tokens: 3}) is "fake-x:tokens=3". */
export function fake(name, script = {}) {
  const keys = Object.entries(script).map(([key, value]) => `${key}=${value}`);
  return `fake-${name}${keys.length > 0 ? ':' : ''}${keys.join(',')}`;
}

/** A model that answers a few words at once. */
export const quick = (name = 'quick') => fake(name, { tokens: 3, first: 0, rate: 0 });

/** A model that would go on for hours; whoever asks it stops it or ends the session. */
export const endless = (name = 'endless') => fake(name, { tokens: 100_000, first: 0, rate: 20 });

/** A model that answers with the messages that the provider was sent, as JSON. */
export const echo = (name = 'echo', script = {}) => fake(name, { first: 0, rate: 0, text: 'echo', ...script });

/** How the official clients reach the server: each transport alone, and the upgrade between them. */
export const TRANSPORTS = [
  { name: 'websocket', transports: ['websocket'] },
  { name: 'polling', transports: ['polling'] },
  { name: 'polling, then upgraded', transports: ['polling', 'websocket'] },
];

/** Options of a describe whose tests wait rather than work: many of them at once. Nothing takes for ever. */
export const AT_ONCE = { concurrency: 16, timeout: 120_000 };

/** Waits for a promise, or fails with what was being waited for. */
export function within(promise, what, timeout = PATIENCE_MS) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${timeout} ms for ${typeof what === 'function' ? what() : what}`)), timeout);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Asks again and again until the answer is not falsy. For what nobody announces, such as a counter. */
export async function eventually(ask, what, timeout = PATIENCE_MS) {
  const end = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${timeout} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The counters of the stand-in provider: {requests, running, completed, cancelled}. */
export async function providerStats() {
  return (await fetch(`${PROVIDER_URL}/stats`)).json();
}
