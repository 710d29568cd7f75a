import { conditionResults } from '../evaluate/condition.ts';
import { statementsOf } from './elements.ts';
import type { LintRule } from './finding.ts';

const encryptionKey = /^s3:x-amz-server-side-encryption(-aws-kms-key-id)?$/i;

/**
 * Denies of uploads that lack the encryption header. S3 encrypts these too, by the bucket's default, since 2023-01-05.
 * Source: Amazon S3 user guide, "Setting default server-side encryption behavior for Amazon S3 buckets".
 */
export const defaultEncryption: LintRule = ({ document, data }) =>
  statementsOf(document).flatMap(({ statement, path, actions, tests }) => {
    const ofEncryption = tests.filter(({ key }) => encryptionKey.test(key));
    const uploads = actions.some(({ text }) => data.actionsLike(text).some(({ action }) => action === 's3:PutObject'));
    if (statement.Effect !== 'Deny' || !uploads || ofEncryption.length === 0) return [];
    const withoutHeader = ofEncryption.every(({ operator, key, values }) =>
      conditionResults({ [operator]: { [key]: values } }, new Map()).every(({ holds }) => holds),
    );
    if (!withoutHeader) return [];
    return [
      {
        code: 'default-encryption-denied',
        path: `${path}.Condition`,
        message: 'It denies uploads without the encryption header, which S3 encrypts by default.',
        fix: 'Add "Null": {"s3:x-amz-server-side-encryption": "false"}, so that only a header with another value is denied.',
      },
    ];
  });
