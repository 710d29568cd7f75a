import { toSdkShape } from './sdk-shape.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The finding itself: the `detail` of an event, else the document. */
export const findingIn = (document: object): Readonly<Record<string, unknown>> => {
  const inner: unknown = Reflect.get(document, 'detail') ?? document;
  if (isObject(inner)) return inner;
  throw new Error('A finding is an object: give an EventBridge event or a bare finding.');
};

/** The answer of GetFindings: keys in PascalCase. */
export interface GetFindingsAnswer {
  readonly Findings: readonly Readonly<Record<string, unknown>>[];
}

/**
 * What GetFindings (the SDK, or `aws guardduty get-findings`) answers for these findings, given as EventBridge events or
 * bare.
 * @example
 * ```ts
 * import { getFindingsAnswer, portProbeEvent } from '@remedykit/guardduty/testing';
 * export const answer = getFindingsAnswer([portProbeEvent()]);
 * ```
 */
export const getFindingsAnswer = (documents: readonly object[]): GetFindingsAnswer => ({
  Findings: documents.map((document) => toSdkShape(findingIn(document))),
});

/**
 * The text of a file that GuardDuty exports to S3: JSON lines, one bare finding each. Findings are given as EventBridge
 * events or bare.
 * @example
 * ```ts
 * import { exportLines, portProbeEvent, sshBruteForceEvent } from '@remedykit/guardduty/testing';
 * export const text = exportLines([sshBruteForceEvent(), portProbeEvent()]);
 * ```
 */
export const exportLines = (documents: readonly object[]): string =>
  documents.map((document) => `${JSON.stringify(findingIn(document))}\n`).join('');
