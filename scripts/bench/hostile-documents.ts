/** About as many characters as one document has. */
const size = 1_048_576;

const finding = (changes: object): string =>
  JSON.stringify({
    id: 'f1',
    type: 'Recon:EC2/Portscan',
    accountId: '111122223333',
    region: 'eu-west-1',
    severity: 2,
    ...changes,
  });

/** A finding with this JSON text in place of a field. */
const withJson = (field: string, json: string): string => finding({ [field]: '@' }).replace('"@"', () => json);

const keys = (name: (index: number) => string): string =>
  Array.from({ length: size / 16 }, (_, index) => `"${name(index)}":1`).join();

/** An SQS event of as many records as a batch may have, each with this body. */
const records = (body: string): string =>
  JSON.stringify({
    Records: Array.from({ length: 10_000 }, (_, index) => ({
      messageId: `m${index}`,
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:findings',
      body,
    })),
  });

/** Documents made to exhaust a parser, as JSON text or as text that is none. */
export const hostileTexts: Readonly<Record<string, string>> = {
  'lists in lists': '['.repeat(size / 2) + ']'.repeat(size / 2),
  'lists that never end': '['.repeat(size),
  'objects that never end': '{"a":'.repeat(size / 5),
  'a deep field': withJson('other', '{"a":'.repeat(size / 6) + 1 + '}'.repeat(size / 6)),
  'a deep service': withJson('service', '{"service":'.repeat(size / 12) + 1 + '}'.repeat(size / 12)),
  'many keys': withJson('service', `{${keys((index) => `k${index}`)}}`),
  '__proto__ over and over': withJson('service', `{${keys(() => '__proto__')}}`),
  'a huge number': withJson('severity', '9'.repeat(size)),
  'lone surrogates': finding({ title: '@' }).replace('@', '\\ud800'.repeat(size / 6)),
  'a list of nothing': `[${'{},'.repeat(size / 3)}{}]`,
};

/** Batches in which every record is broken; they come as objects, as Lambda hands them over. */
export const hostileBatches: Readonly<Record<string, string>> = {
  'empty bodies': records('{}'),
  'bodies that are not JSON': records('x'),
  'malformed findings': records(finding({ severity: 'x' })),
  'bodies that never end': records('['.repeat(64)),
};
