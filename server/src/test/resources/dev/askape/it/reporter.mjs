// Tells each test's end as one line of JSON: {ok, skipped, suite, path, error}.
const text = (error) => {
  const cause = error?.cause ?? error;
  return cause?.stack ?? String(cause?.message ?? cause);
};

export default async function* reporter(source) {
  const names = new Map(); // by file and depth
  for await (const { type, data } of source) {
    if (type === 'test:start') names.set(`${data.file} ${data.nesting}`, data.name);
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const above = Array.from({ length: data.nesting }, (_, depth) => names.get(`${data.file} ${depth}`) ?? '?');
    yield `${JSON.stringify({
      ok: type === 'test:pass',
      skipped: data.skip === undefined || data.skip === false ? null : String(data.skip),
      suite: data.details?.type === 'suite',
      file: data.file ?? null,
      path: [...above, data.name],
      error: type === 'test:fail' ? text(data.details?.error) : null,
    })}\n`;
  }
}
