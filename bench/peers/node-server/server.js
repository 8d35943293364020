// A small implementation of the contract as one would write it in Node.js: socket.io, fetch for the
// models, and one message_chunk with fullContent for every fragment. It keeps everything in memory.
//
//   node server.js PORT PROVIDER-PORT

import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { Server } from 'socket.io';

const [port, providerPort] = process.argv.slice(2).map(Number);
const completions = `http://127.0.0.1:${providerPort}/v1/chat/completions`;
const sessions = new Map(); // session id → [{role, content, answers}]

const http = createServer((_, response) => response.end('node peer\n'));
const io = new Server(http, { cors: { origin: '*' } });

io.on('connection', (socket) => {
  socket.on('join_session', ({ sessionId, guestId }) => {
    socket.join(sessionId);
    socket.emit('session_joined', { sessionId, guestId, usingDatabase: false });
    socket.emit('session_history', sessions.get(sessionId) ?? []);
  });
  socket.on('message', (message) => {
    turn(message).catch((error) => socket.emit('error', { message: String(error) }));
  });
  socket.on('leave_session', ({ sessionId }) => socket.leave(sessionId));
});

async function turn({ sessionId, message, modelIds }) {
  const room = io.to(sessionId);
  const messageId = randomUUID();
  const history = sessions.get(sessionId) ?? [];
  sessions.set(sessionId, history);
  const id = randomUUID();
  history.push({ id, role: 'USER', content: message, createdAt: new Date().toISOString() });
  room.emit('message_saved', { id, stored: 'memory' });
  room.emit('streaming_started', {
    sessionId,
    messageId,
    models: modelIds.map((model) => ({ id: model, name: model })),
  });
  const answers = await Promise.allSettled(
    modelIds.map((model) => answer(room, model, prompt(history, model))),
  );
  history.push({
    id: messageId,
    role: 'AI',
    content: '',
    aiResponses: answers.filter((a) => a.status === 'fulfilled').map((a) => a.value),
    createdAt: new Date().toISOString(),
  });
  room.emit('all_responses_complete', {
    sessionId,
    modelsCompleted: answers.filter((a) => a.status === 'fulfilled').length,
  });
}

function prompt(history, model) {
  return history.map((entry) =>
    entry.role === 'USER'
      ? { role: 'user', content: entry.content }
      : {
          role: 'assistant',
          content: entry.aiResponses.find((a) => a.modelId === model)?.content ?? '',
        },
  );
}

async function answer(room, modelId, messages) {
  const names = { modelId, modelName: modelId };
  room.emit('model_streaming_start', names);
  try {
    let fullContent = '';
    let chunkIndex = 0;
    for await (const chunk of fragments(modelId, messages)) {
      fullContent += chunk;
      chunkIndex++;
      room.emit('message_chunk', { ...names, chunk, fullContent, chunkIndex });
    }
    const response = {
      ...names,
      id: randomUUID(),
      content: fullContent,
      tokensUsed: chunkIndex,
      createdAt: new Date().toISOString(),
    };
    room.emit('model_streaming_complete', { ...response, chunkCount: chunkIndex });
    return response;
  } catch (error) {
    room.emit('model_error', { ...names, error: String(error) });
    throw error;
  }
}

async function* fragments(model, messages) {
  const response = await fetch(completions, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ model, messages, stream: true }),
  });
  if (!response.ok) {
    throw new Error(`status ${response.status}`);
  }
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of response.body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (!line.startsWith('data: ') || line === 'data: [DONE]') continue;
      const text = JSON.parse(line.slice(6)).choices[0]?.delta?.content;
      if (text) yield text;
    }
  }
}

http.listen(port, '127.0.0.1', () => console.log(`listening on ${port}`));
