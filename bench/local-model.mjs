// What becomes of the server, and of another provider's answers, while the process of the local models
// is busy, is killed or hangs. Starts a server and a stand-in provider of its own on free ports and ends
// them; about four minutes. docs/benchmarks.md explains the figures.
//
//   npm --prefix conformance ci
//   node bench/local-model.mjs                      everything, ten times each
//   node bench/local-model.mjs --times=3 --only=kill,stop,eight,orphan
//   node bench/local-model.mjs --weights=FILE       where the weights are already, to save the fetch
//   node bench/local-model.mjs --server.x=y         further flags for the server
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const { io } = createRequire(join(ROOT, 'conformance', 'package.json'))('socket.io-client');
const WEIGHTS = 'SmolLM2-135M-Instruct.Q4_1.gguf';
const LOCAL = ['local/smollm2', 'local/smollm2-inventive'];
const OTHERS = 4; // answers of the stand-in at any time

const options = new Map(
  process.argv.slice(2).map((it) => [it.split('=')[0].slice(2), it.slice(it.indexOf('=') + 1)]),
);
const times = Number(options.get('times') ?? 10);
const only = options.get('only')?.split(',');
const wanted = (name) => !only || only.includes(name);
const flags = process.argv.slice(2).filter((it) => it.includes('.') && !it.startsWith('--weights'));

const folder = mkdtempSync(join(tmpdir(), 'askape-local-'));
const children = [];
process.on('uncaughtException', (e) => {
  console.error(e, ...children.map((it) => it.log.slice(-4_000)));
  process.exit(1);
});
process.on('exit', () => {
  children.forEach((it) => it.kill('SIGKILL'));
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(ask, what, ms = 30_000) {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) {
    const answer = await ask();
    if (answer) return answer;
  }
  throw new Error(`waited ${ms} ms for ${what}`);
}

function askape(...parameters) {
  const child = spawn(join(ROOT, 'askape'), parameters, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  child.log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (child.log += text));
  child.address = () => until(() => /http:\/\/127\.0\.0\.1:\d+/.exec(child.log)?.[0], 'an address', 300_000);
  return child;
}

async function start(provider) {
  const server = askape('serve', '--config', config(provider), '--server.port=0', ...flags);
  server.url = await server.address();
  await until(async () => {
    const { models } = await (await fetch(`${server.url}/api/models`)).json();
    return models.filter((it) => LOCAL.includes(it.id) && it.available).length === 2;
  }, 'the local models', 180_000);
  return server;
}

function config(provider) {
  const file = join(folder, 'askape.yaml');
  writeFileSync(file, JSON.stringify({
    limits: { 'turns-per-minute': 100_000, 'turns-per-identity': 50, 'sessions-per-socket': 1000 },
    local: { enabled: true },
    providers: { fake: { 'base-url': `${provider}/v1` } },
    models: [{ id: 'fake-*', provider: 'fake' }],
  }));
  return file;
}

/** The processes that a process has started and that are alive. */
function childrenOf(pid) {
  return readdirSync('/proc').filter((it) => /^\d+$/.test(it) && status(it, 'PPid') === String(pid)
    && !status(it, 'State').startsWith('Z')).map(Number);
}

function status(pid, field) {
  try {
    return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}

/** Asks one model; tells what came of it, with the times (ms) of what arrived. */
function ask(socket, modelId, message, heard = () => {}) {
  const sessionId = randomUUID();
  return new Promise((resolve, reject) => {
    const answer = { chunks: [], sent: performance.now() };
    const listener = (event, payload) => {
      if (payload?.sessionId !== sessionId) return;
      if (event === 'message_chunk') {
        answer.chunks.push(performance.now());
        heard(answer);
      } else if (event === 'model_error') {
        answer.error = payload.type ?? payload.error?.type ?? JSON.stringify(payload);
      } else if (event === 'all_responses_complete') {
        answer.ended = performance.now();
        socket.offAny(listener);
        resolve(answer);
      }
    };
    socket.onAny(listener);
    socket.emit('join_session', { sessionId });
    socket.emit('message', { sessionId, message, modelIds: [modelId] }, (ack) => {
      if (!ack.ok) reject(new Error(JSON.stringify(ack)));
    });
    setTimeout(() => reject(new Error(`no end of ${modelId} in two minutes`)), 120_000).unref();
  });
}

const connect = (url) => io(url, { transports: ['websocket'], forceNew: true });

function at(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

/** Measures the stand-in's answers while `work` goes on. */
async function beside(server, name, work) {
  const socket = connect(server.url);
  const firsts = [];
  const gaps = [];
  let going = true;
  const loops = Array.from({ length: OTHERS }, async (_, i) => {
    await sleep(i * 137);
    while (going) {
      const { sent, chunks, error } = await ask(socket, `fake-${i}:tokens=50,rate=50,first=100`, 'hi');
      assert.equal(error, undefined, 'the stand-in fails');
      firsts.push(chunks[0] - sent);
      chunks.slice(1).forEach((time, j) => gaps.push(time - chunks[j]));
    }
  });
  const began = performance.now();
  const more = await work();
  await sleep(Math.max(0, 20_000 - (performance.now() - began)));
  going = false;
  await Promise.all(loops);
  socket.close();
  if (name) row(name, firsts, gaps, more);
}

const cell = (number) => String(Math.round(number)).padStart(6);

function row(name, firsts, gaps, more = '') {
  console.log(`${name.padEnd(22)}${[at(firsts, 0.5), at(firsts, 0.99), at(gaps, 0.5), at(gaps, 0.99), at(gaps, 1)].map(cell).join('')}  ${more}`);
}

const worst = (values) => `${Math.round(at(values, 0.5))}/${Math.round(Math.max(...values))} ms`;

/** A signal in mid-answer, again and again: each answer ends with the error, the next one is good. */
async function signals(server, signal) {
  const socket = connect(server.url);
  const ends = [];
  const nexts = [];
  for (let i = 0; i < times; i++) {
    let sent;
    const answer = await ask(socket, LOCAL[0], 'Write a long story about the sea.', ({ chunks }) => {
      if (chunks.length !== 3) return;
      const [child] = childrenOf(server.pid);
      sent = performance.now();
      process.kill(child, signal);
    });
    assert.equal(answer.error, 'unavailable');
    ends.push(answer.ended - sent);
    const next = await ask(socket, LOCAL[0], 'Say yes.');
    assert.equal(next.error, undefined, 'the next answer fails');
    nexts.push(next.ended - next.sent);
  }
  socket.close();
  assert.equal(server.exitCode, null);
  return `${times} x unavailable after ${worst(ends)}, the next answer whole after ${worst(nexts)} (median/most)`;
}

async function eight(server) {
  const waits = [];
  await Promise.all(Array.from({ length: 8 }, async (_, i) => {
    const socket = connect(server.url);
    for (let j = 0; j < 6; j++) {
      const answer = await ask(socket, LOCAL[i % 2], `What is the capital of France? Client ${i}`);
      assert.equal(answer.error, undefined, 'one of eight is not served');
      waits.push(answer.chunks[0] - answer.sent);
    }
    socket.close();
  }));
  return `8 clients, 6 answers each: all served, first words after ${worst(waits)} (median/most)`;
}

async function orphan(provider) {
  const ages = [];
  for (let i = 0; i < times; i++) {
    const server = await start(provider);
    const [child] = childrenOf(server.pid);
    const socket = connect(server.url);
    await new Promise((resolve) => void ask(socket, LOCAL[0], 'Write a long story about the sea.', resolve).catch(() => {}));
    const killed = performance.now();
    process.kill(server.pid, 'SIGKILL');
    socket.close();
    await until(() => ['', 'Z'].includes(status(child, 'State').slice(0, 1)), 'the end of the child', 5_000);
    ages.push(performance.now() - killed);
  }
  console.log(`kill -9 of the server in mid-answer, ${times} times: its child has ended after ${worst(ages)} (median/most)`);
}

mkdirSync(join(folder, 'data', 'models'), { recursive: true });
if (options.has('weights')) copyFileSync(options.get('weights'), join(folder, 'data', 'models', WEIGHTS));
const provider = await askape('fake-provider', '--port', '0').address();
const server = await start(provider);
console.log(`the stand-in, ms             first         gap
                         p50   p99   p50   p99   max`);
await beside(server, '', () => sleep(12_000)); // a cold JVM is slow
await beside(server, 'nothing else', () => sleep(30_000));
console.log(`  memory of the local models' process: ${memory()}`);
if (wanted('eight')) await beside(server, 'eight clients', () => eight(server));
console.log(`  memory of the local models' process: ${memory()}`);
if (wanted('kill')) await beside(server, `kill -9, ${times} times`, () => signals(server, 'SIGKILL'));
if (wanted('stop')) await beside(server, `kill -STOP, ${times} times`, () => signals(server, 'SIGSTOP'));
const { log } = server;
server.kill('SIGTERM');
await until(() => server.exitCode !== null, 'the end of the server');
assert.ok(!/^\s+at /m.test(log), `a stack trace:\n${log}`);
if (wanted('orphan')) await orphan(provider);
process.exit(0);

function memory() {
  const [child] = childrenOf(server.pid);
  const mb = (field) => `${Math.round(parseInt(status(child, field), 10) / 1024)} MB`;
  return `${mb('VmRSS')} (${mb('RssAnon')} of its own, ${mb('RssFile')} of files)`;
}
