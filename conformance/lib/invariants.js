// What must hold for every socket in every test, whatever the test is about. A Client feeds each event
// that it hears to an Invariants, which behaves like a client written against the contract and notes
// whatever such a client would stumble over.

const SERVER_EVENTS = new Set([
  'session_joined', 'session_history', 'message_saved', 'user_message', 'streaming_started',
  'model_streaming_start', 'message_chunk', 'model_thinking', 'model_streaming_complete', 'model_error',
  'all_responses_complete', 'history_chunk', 'typing_started', 'typing_stopped', 'input_changed',
  'session_deleted', 'error',
]);

const ERROR_TYPES = new Set([
  'bad_request', 'unauthenticated', 'forbidden', 'not_found', 'rate_limited', 'payload_too_large', 'busy',
  'shutting_down', 'save_error', 'budget_exceeded', 'internal',
]);

const MODEL_ERROR_TYPES = new Set([
  'unknown_model', 'unauthorized', 'rate_limited', 'timeout', 'unavailable', 'content_filter', 'too_large',
  'busy', 'interrupted', 'internal',
]);

const FINISH_REASONS = new Set(['stop', 'length', 'stopped', 'budget', 'content_filter', 'other']);
const TERMINAL_STATES = new Set(['completed', 'failed', 'stopped', 'interrupted']);
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

export const isDate = (value) => typeof value === 'string' && DATE.test(value) && !Number.isNaN(Date.parse(value));
const isText = (value) => typeof value === 'string';
const isName = (value) => typeof value === 'string' && value.length > 0;
const isCount = (value) => Number.isInteger(value) && value >= 0;

/** All strings in a payload, keys included. */
export function stringsIn(value) {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  if (value !== null && typeof value === 'object') return Object.entries(value).flatMap(([key, inner]) => [key, ...stringsIn(inner)]);
  return [];
}

export class Invariants {
  violations = [];
  /** What a delta client holds of each answer; kept over joins, as cursors are. */
  texts = new Map();
  #turns = new Map();
  #answers = new Map();

  observe(event, payload) {
    if (!SERVER_EVENTS.has(event)) return this.#broken(event, payload, 'is not an event of the contract');
    if (!stringsIn(payload).every((text) => text.isWellFormed())) this.#broken(event, payload, 'has a lone surrogate');
    const check = this[event];
    if (check) check.call(this, payload ?? {}, (holds, sentence) => holds || this.#broken(event, payload, sentence));
  }

  #broken(event, payload, sentence) {
    this.violations.push(`${event} ${sentence}: ${JSON.stringify(payload)?.slice(0, 400)}`);
  }

  session_joined(p, must) {
    must(isName(p.sessionId), 'has a sessionId');
    must(isName(p.guestId), 'always has a guestId that is a string');
    must(p.usingDatabase === false, 'says usingDatabase: false without MongoDB');
    must(isName(p.ownerId), 'has an ownerId');
    must(Array.isArray(p.participants) && p.participants.every((one) => isName(one.id) && isName(one.name)), 'has participants with id and name');
    must(isCount(p.running), 'has the number of running turns');
  }

  session_history(p, must) {
    must(Array.isArray(p), 'is an array');
    must(p.length <= 50, 'has at most the last 50 entries');
    this.#entries(p, must);
  }

  history_chunk(p, must) {
    must(isName(p.sessionId) && Array.isArray(p.messages) && typeof p.hasMore === 'boolean', 'has sessionId, messages and hasMore');
    this.#entries(p.messages ?? [], must);
  }

  #entries(entries, must) {
    for (const problem of problemsOfHistory(entries)) must(false, problem);
  }

  message_saved(p, must) {
    must(isName(p.id), 'has an id');
    must(isName(p.sessionId) && isName(p.messageId), 'carries sessionId and messageId');
    must(p.stored === 'memory', 'says stored: "memory" for the embedded store');
    must(p.durable === true, 'says durable: true when that is on disk');
    must(p.error === undefined, 'has no error when it was stored');
  }

  user_message(p, must) {
    must(isName(p.sessionId) && isName(p.messageId) && isName(p.id), 'carries sessionId, messageId and id');
    must(p.role === 'USER' && isText(p.content) && isDate(p.createdAt), 'has role USER, content and a date');
    must(!('guestId' in p), 'never has a guestId');
    must(p.sender === undefined || (isName(p.sender.id) && isName(p.sender.name)), 'has a sender with id and name, or none');
  }

  streaming_started(p, must) {
    must(isName(p.sessionId) && isName(p.messageId), 'carries sessionId and messageId');
    must(Array.isArray(p.models) && p.models.length > 0 && p.models.every((one) => isName(one.id) && isName(one.name)), 'has models with id and name');
    this.#turns.set(p.messageId, { models: (p.models ?? []).map((one) => one.id), over: false });
    for (const [id, answer] of this.#answers) if (answer.messageId === p.messageId) this.#answers.delete(id);
  }

  model_streaming_start(p, must) {
    this.#ofAnswer(p, must);
    must(!this.#answers.has(p.id), 'comes once for an answer');
    this.#open(p);
  }

  #open(p) {
    const answer = { messageId: p.messageId, text: '', thought: '', index: 0, over: false };
    this.#answers.set(p.id, answer);
    return answer;
  }

  #ofAnswer(p, must) {
    for (const field of ['sessionId', 'messageId', 'modelId', 'modelName', 'id']) must(isName(p[field]), `carries ${field}`);
    const turn = this.#turns.get(p.messageId);
    must(turn, 'comes after streaming_started');
    must(!turn?.over, 'comes before all_responses_complete');
    must(!turn || turn.models.includes(p.modelId), 'is about a model that streaming_started named');
  }

  message_chunk(p, must) {
    const delta = !('fullContent' in p);
    if (delta) must(Object.keys(p).sort().join() === 'chunk,chunkIndex,id,offset', 'is just {id, offset, chunk, chunkIndex} in delta mode');
    else this.#ofAnswer(p, must);
    must(isText(p.chunk), 'has a chunk');
    const answer = this.#answers.get(p.id);
    must(answer, 'comes after model_streaming_start');
    if (!answer) return;
    must(!answer.over, 'comes before the terminal event of its answer');
    must(Number.isInteger(p.chunkIndex) && p.chunkIndex > answer.index, 'has a chunkIndex that starts at 1 and always rises');
    answer.index = p.chunkIndex;
    if (delta) {
      const held = this.texts.get(p.id) ?? '';
      must(isCount(p.offset) && p.offset <= held.length, `has an offset within the ${held.length} units that the client has`);
      answer.text = held.slice(0, p.offset) + p.chunk;
    } else {
      answer.text += p.chunk;
      must(answer.text === p.fullContent, 'continues what was said: the chunks concatenate to fullContent');
      answer.text = p.fullContent;
    }
    this.texts.set(p.id, answer.text);
  }

  model_thinking(p, must) {
    this.#ofAnswer(p, must);
    const answer = this.#answers.get(p.id);
    must(answer && !answer.over, 'comes between model_streaming_start and the terminal event');
    if (!answer) return;
    must(isText(p.chunk) && p.offset === answer.thought.length, `continues at offset ${answer.thought.length}`);
    answer.thought += p.chunk;
  }

  model_streaming_complete(p, must) {
    const answer = this.#terminal(p, must);
    must(isCount(p.tokensUsed) && isCount(p.chunkCount), 'has tokensUsed and chunkCount');
    must(p.chunkCount === answer.index, `has the chunkCount ${answer.index} of the last chunk`);
    must(FINISH_REASONS.has(p.finishReason), 'has a finishReason');
    must(isCount(p.usage?.promptTokens) && isCount(p.usage?.completionTokens) && typeof p.usage?.estimated === 'boolean', 'has usage');
    must(p.tokensUsed === p.usage?.completionTokens, 'uses its completion tokens');
    must(typeof p.durationMs === 'number' && p.durationMs >= 0, 'has durationMs');
    must(typeof p.firstTokenMs === 'number' || p.content === '', 'has firstTokenMs');
  }

  model_error(p, must) {
    this.#terminal(p, must);
    must(isName(p.error), 'has a sentence in error');
    must(MODEL_ERROR_TYPES.has(p.type), 'has a type');
    must(typeof p.retryable === 'boolean', 'has retryable');
    must(isName(p.errorId), 'has an errorId');
  }

  #terminal(p, must) {
    this.#ofAnswer(p, must);
    const answer = this.#answers.get(p.id) ?? this.#open(p);
    must(!answer.over, 'is the only terminal event of its answer');
    answer.over = true;
    must(p.content === answer.text, `has the content of the ${answer.text.length} units said in chunks`);
    return answer;
  }

  all_responses_complete(p, must) {
    must(isName(p.sessionId) && isName(p.messageId), 'carries sessionId and messageId');
    const turn = this.#turns.get(p.messageId);
    must(turn && !turn.over, 'comes once, after streaming_started');
    if (!turn) return;
    turn.over = true;
    const answers = [...this.#answers].filter(([, answer]) => answer.messageId === p.messageId);
    must(answers.every(([, answer]) => answer.over), 'comes after the terminal event of every answer');
    const outcomes = Array.isArray(p.outcomes) ? p.outcomes : [];
    must(outcomes.every((one) => isName(one.id) && TERMINAL_STATES.has(one.state)), 'has outcomes with id and state');
    must(sameMembers(outcomes.map((one) => one.modelId), turn.models), 'has an outcome for every model');
    must(sameMembers(outcomes.map((one) => one.id), answers.map(([id]) => id)), 'has the ids of the answers in outcomes');
    must(p.modelsCompleted === outcomes.filter((one) => one.state === 'completed').length, 'counts the answers that completed');
  }

  session_deleted(p, must) {
    must(isName(p.sessionId), 'carries sessionId');
  }

  typing_started(p, must) {
    this.#aboutSomebody(p, must);
  }

  typing_stopped(p, must) {
    this.#aboutSomebody(p, must);
  }

  input_changed(p, must) {
    this.#aboutSomebody(p, must);
    must(isText(p.content), 'has content');
  }

  #aboutSomebody(p, must) {
    must(isName(p.sessionId), 'carries sessionId');
    must(p.user === undefined || (isName(p.user.id) && isName(p.user.name)), 'has a user with id and name');
  }

  error(p, must) {
    for (const problem of problemsOfError(p)) must(false, problem);
    must(isText(p.event), 'names the event');
  }
}

/** What is wrong with an error object, of the event or of an acknowledgement. */
export function problemsOfError(error) {
  const problems = [];
  if (!ERROR_TYPES.has(error?.type)) problems.push('has no type of the specification');
  if (!isName(error?.message)) problems.push('has no message');
  if (/\bat [\w.$]+\(|Exception|dev\.askape/.test(error?.message ?? '')) problems.push('shows the inside of the server');
  if ((error?.message ?? '').length > 500) problems.push('has a message longer than 500 characters');
  return problems;
}

/** What is wrong with the entries of a session_history, a history_chunk or a REST history. */
export function problemsOfHistory(entries) {
  const problems = [];
  const must = (holds, sentence, entry) => holds || problems.push(`has an entry that ${sentence} (${JSON.stringify(entry).slice(0, 200)})`);
  entries.forEach((entry, at) => {
    must(isName(entry.id) && isDate(entry.createdAt) && isCount(entry.tokensUsed), 'lacks id, createdAt or tokensUsed', entry);
    if (entry.role === 'USER') {
      must(isText(entry.content), 'lacks content', entry);
      must(!('guestId' in entry), 'shows a guestId', entry);
      must(entry.sender === undefined || entry.sender === null || isName(entry.sender.name), 'has a sender without a name', entry);
      return;
    }
    must(entry.role === 'AI' && entry.content === '' && Array.isArray(entry.aiResponses), 'is neither USER nor AI with content "" and aiResponses', entry);
    must(entries[at - 1]?.role === 'USER', 'is an AI entry without its USER entry before it', entry);
    for (const answer of entry.aiResponses ?? []) must(problemsOfAnswer(answer).length === 0, problemsOfAnswer(answer).join(', '), answer);
    const sum = (entry.aiResponses ?? []).reduce((total, answer) => total + answer.tokensUsed, 0);
    must(entry.tokensUsed === sum, `has not the sum ${sum} as tokensUsed`, entry);
  });
  return problems;
}

function problemsOfAnswer(answer) {
  const problems = [];
  for (const field of ['id', 'modelId', 'modelName', 'state']) if (!isName(answer[field])) problems.push(`has an answer without ${field}`);
  if (!isText(answer.content)) problems.push('has an answer without content');
  if (!isCount(answer.tokensUsed)) problems.push('has an answer without tokensUsed');
  if (!isDate(answer.createdAt)) problems.push('has an answer without a date');
  if (!['waiting', 'thinking', 'writing', ...TERMINAL_STATES].includes(answer.state)) problems.push(`has an answer in state ${answer.state}`);
  if (answer.attempt !== 1) problems.push('has an answer whose attempt is not 1');
  return problems;
}

function sameMembers(some, others) {
  return [...some].sort().join('\n') === [...others].sort().join('\n');
}
