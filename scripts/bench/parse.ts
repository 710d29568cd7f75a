import { isRemediationError } from '@remedykit/core';
import { extractThreats, type Finding, parseFinding, parseFindings, parseRecords } from '@remedykit/guardduty';
import {
  allFindingEvents,
  asAsff,
  eventBridgeEvent,
  type FindingEvent,
  getFindingsAnswer,
  securityHubEvent,
  snsEvent,
  snsInSqsEvent,
  sqsEvent,
} from '@remedykit/guardduty/testing';
import { hostileBatches, hostileTexts } from './hostile-documents.ts';

/** What parsing costs, over the documents of all builders in all envelopes. */
export interface ParseFigures {
  readonly findings: number;
  /** UTF-8 bytes of all documents. */
  readonly bytes: number;
  /** Findings per second through JSON.parse alone. */
  readonly jsonParsePerSec: number;
  /** Findings per second from text to threats. */
  readonly parsePerSec: number;
  /** Time from text to threats, over the time of JSON.parse of the same text. */
  readonly ratio: number;
  /** The slowest of the hostile documents, in milliseconds per MiB: from text, JSON.parse included, or from a batch's event. */
  readonly hostileMsPerMb: number;
}

/** How long to measure. */
export interface ParseBenchOptions {
  /** Rounds, of which the medians count; each measures JSON.parse and the parser in turn. */
  readonly rounds?: number;
  /** How often a round reads each document. */
  readonly times?: number;
}

/** How a document comes to a handler, and how the handler reads it. */
interface Envelope {
  put(event: FindingEvent): unknown;
  read(document: unknown): readonly Finding[];
}

const at = new Date('2026-11-24T10:00:00.000Z');
const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:findings';
const topicArn = 'arn:aws:sns:eu-west-1:111122223333:findings';

const one = (document: unknown): Finding[] => [parseFinding(document)];

const ofRecords = (document: unknown): Finding[] =>
  parseRecords(document).map(({ finding, error }) => {
    if (finding === undefined) throw error;
    return finding;
  });

const pascal = (event: FindingEvent): object => getFindingsAnswer([event]).Findings[0] ?? {};

const envelopes: Readonly<Record<string, Envelope>> = {
  'EventBridge event': { put: (event) => event, read: one },
  'EventBridge event in PascalCase': { put: (event) => eventBridgeEvent(pascal(event)), read: one },
  'bare finding': { put: ({ detail }) => detail, read: one },
  'bare finding in PascalCase': { put: pascal, read: one },
  'GetFindings answer': { put: (event) => getFindingsAnswer([event]), read: parseFindings },
  'Security Hub event (ASFF)': { put: (event) => securityHubEvent([asAsff(event)]), read: parseFindings },
  'SNS event': { put: (event) => snsEvent([event], { topicArn, at }), read: ofRecords },
  'SQS event': { put: (event) => sqsEvent([event], { queueArn, at }), read: ofRecords },
  'SNS in SQS': { put: (event) => snsInSqsEvent([event], { topicArn, queueArn, at }), read: ofRecords },
};

interface Shape {
  readonly finding: string;
  readonly envelope: string;
  readonly text: string;
  readonly read: Envelope['read'];
}

const shapes = (): Shape[] =>
  Object.entries(envelopes).flatMap(([envelope, { put, read }]) =>
    Object.entries(allFindingEvents).map(([finding, build]) => ({
      finding,
      envelope,
      text: JSON.stringify(put(build({ at }))),
      read,
    })),
  );

/** Keeps what was made, so that no engine may leave the making out. */
let kept: unknown;

const elapsed = (times: number, act: () => unknown): number => {
  const start = performance.now();
  for (let n = 0; n < times; n += 1) kept = act();
  return performance.now() - start;
};

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const threatsOf = ({ text, read }: Shape): number =>
  total(read(JSON.parse(text)).map((finding) => extractThreats(finding).length));

const median = (values: readonly number[]): number => {
  const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new Error('Nothing was measured.');
  return middle;
};

/** One shape in one round, in ms. */
interface Measured {
  readonly shape: Shape;
  readonly json: number;
  readonly parse: number;
}

/** The medians over the rounds, of the sums over the shapes that count. */
const medians = (rounds: readonly Measured[][], counts: (shape: Shape) => boolean = () => true) => ({
  json: median(rounds.map((round) => total(round.map(({ shape, json }) => (counts(shape) ? json : 0))))),
  parse: median(rounds.map((round) => total(round.map(({ shape, parse }) => (counts(shape) ? parse : 0))))),
});

/** Nobody but a defect of ours throws without a code. */
const readHostile = (read: () => unknown): void => {
  try {
    read();
  } catch (error) {
    if (!isRemediationError(error)) throw error;
  }
};

/** The fastest of several rounds, ms: what else runs on the machine is not the parser's doing. */
const fastest = (act: () => void): number => Math.min(...Array.from({ length: 5 }, () => elapsed(1, act)));

const hostileFigure = (progress: (line: string) => void): number => {
  const texts = Object.entries(hostileTexts).map(([name, text]) => {
    const ms = fastest(() => readHostile(() => parseFindings(text).map(extractThreats)));
    return [name, ms / (text.length / 1_048_576)] as const;
  });
  const batches = Object.entries(hostileBatches).map(([name, text]) => {
    const event: unknown = JSON.parse(text);
    const ms = fastest(() => readHostile(() => parseRecords(event)));
    return [name, ms / (text.length / 1_048_576)] as const;
  });
  const all = [...texts, ...batches];
  for (const [name, msPerMb] of all) progress(`hostile: ${msPerMb.toFixed(1)} ms per MB, ${name}`);
  return Math.round(10 * Math.max(...all.map(([, msPerMb]) => msPerMb))) / 10;
};

/** Measures JSON.parse and the whole way from text to threats, in turn. Throws when a document does not parse. */
export const benchParse = async (
  progress: (line: string) => void,
  { rounds = 15, times = 100 }: ParseBenchOptions = {},
): Promise<ParseFigures> => {
  const all = shapes();
  for (const shape of all) {
    if (threatsOf(shape) === 0) throw new Error(`${shape.finding} in ${shape.envelope} gave no threat.`);
  }
  progress(`${all.length} documents, ${rounds} rounds after one to warm up`);
  const measureAll = (): Measured[] =>
    all.map((shape) => ({
      shape,
      json: elapsed(times, () => JSON.parse(shape.text)),
      parse: elapsed(times, () => threatsOf(shape)),
    }));
  measureAll();
  const measured = Array.from({ length: rounds }, measureAll);
  if (kept === undefined) throw new Error('Nothing was parsed.');

  for (const by of ['envelope', 'finding'] as const) {
    for (const name of new Set(all.map((shape) => shape[by]))) {
      const { json, parse } = medians(measured, (shape) => shape[by] === name);
      progress(`ratio by ${by}: ${(parse / json).toFixed(2)} ${name}`);
    }
  }

  const { json, parse } = medians(measured);
  const figures = {
    findings: all.length,
    bytes: total(all.map(({ text }) => Buffer.byteLength(text))),
    jsonParsePerSec: Math.round((1_000 * times * all.length) / json),
    parsePerSec: Math.round((1_000 * times * all.length) / parse),
    ratio: Math.round((100 * parse) / json) / 100,
    hostileMsPerMb: hostileFigure(progress),
  };
  for (const [key, figure] of Object.entries(figures)) {
    if (!(Number.isFinite(figure) && figure > 0)) throw new Error(`${key} could not be measured: ${figure}`);
  }
  return figures;
};
