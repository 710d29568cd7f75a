import { uuidOf } from './digest.ts';
import type { FindingDocument } from './documents.ts';

/** An EventBridge event as GuardDuty emits it. */
export interface FindingEvent<Detail = FindingDocument> {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'GuardDuty Finding';
  readonly source: 'aws.guardduty';
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Detail;
}

/** The text under a key, in camelCase or PascalCase. */
const textAt = (document: object, key: string): string => {
  const pascal = key.charAt(0).toUpperCase() + key.slice(1);
  const found: unknown = Reflect.get(document, key) ?? Reflect.get(document, pascal);
  return typeof found === 'string' ? found : '';
};

/**
 * The event with which GuardDuty would emit this finding document (camelCase or PascalCase), which stays as it is. Account,
 * Region and time of the envelope are the document's own; empty where it has none.
 * @example
 * ```ts
 * import { eventBridgeEvent, getFindingsAnswer, sshBruteForceEvent } from '@remedykit/guardduty/testing';
 * export const pascal = getFindingsAnswer([sshBruteForceEvent()]).Findings.map((finding) => eventBridgeEvent(finding));
 * ```
 */
export const eventBridgeEvent = <Detail extends object>(document: Detail): FindingEvent<Detail> => {
  const time = textAt(document, 'updatedAt');
  return {
    version: '0',
    id: uuidOf(textAt(document, 'id'), time),
    'detail-type': 'GuardDuty Finding',
    source: 'aws.guardduty',
    account: textAt(document, 'accountId'),
    time,
    region: textAt(document, 'region'),
    resources: [],
    detail: document,
  };
};
