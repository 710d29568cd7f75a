import { arnFields } from '../evaluate/arn.ts';
import { evaluateDocument } from '../evaluate/document.ts';
import { operators } from '../evaluate/operators/index.ts';
import type { PolicyDocument } from '../policy/document.ts';
import { statementsOf } from './elements.ts';
import type { LintContext, LintFinding, LintRule } from './finding.ts';

const account = '111122223333';

/**
 * Paths and names that AWS keeps for itself: nobody creates roles there but the service, and no name that one can give holds
 * a colon. Source: IAM User Guide, "IAM identifiers".
 */
const reserved = /^role\/(aws-reserved\/|aws-service-role\/|aws:)/;

const wild = (text: string): boolean => /[*?]/.test(text.replace(/\$\{[*?]\}/g, ''));

/** With `*` for the variables that AWS fills in: whoever asks chooses their value, his own account or a tag. */
const opened = (text: string, { data }: LintContext): string =>
  text.replace(/\$\{([^}*?$,]+)[^}]*\}/g, (variable, key: string) =>
    data.conditionKey(key.trim()) === undefined ? variable : '*',
  );

/** The fields of the principals that a value exempts. String operators take less than an ARN, `*:role/Name`. */
const principalFields = (value: string, base: string): readonly string[] | undefined => {
  const fields = arnFields(value);
  if (fields !== undefined || !base.startsWith('String') || !wild(value)) return fields;
  const name = /(?:^|:)((?:role|user)\/[^:]*|root)$/.exec(value)?.[1] ?? `role/${value.replaceAll(':', '')}`;
  return ['arn', 'aws', 'iam', '', '*', name];
};

/** What makes a principal match: creating it, passing it on, changing who may be it or what it may do. */
const changes = {
  role: ['iam:CreateRole', 'iam:PassRole', 'iam:UpdateAssumeRolePolicy', 'iam:AttachRolePolicy', 'iam:PutRolePolicy'],
  user: [
    'iam:CreateUser',
    'iam:CreateAccessKey',
    'iam:CreateLoginProfile',
    'iam:UpdateLoginProfile',
    // Gives a user another name.
    'iam:UpdateUser',
  ],
} as const;

const filled = (text: string): string =>
  text
    .replace(/\$\{[^}]*\}/g, 'x')
    .replaceAll('*', 'x')
    .replaceAll('?', 'x');

/** Whether the document denies its change to an ordinary administrator, and to whoever matches already. */
const isProtected = (
  document: PolicyDocument,
  [, partition, , , owner = '', name = '']: readonly string[],
): boolean => {
  const home = wild(owner) ? account : owner;
  const arn = `arn:${filled(partition ?? 'aws')}:iam::${home}:${filled(name)}`;
  const administrator = arn.replace(/[^:]*$/, 'role/SomeAdministrator');
  return changes[name.startsWith('user/') ? 'user' : 'role'].every((action) =>
    [arn, administrator].every(
      (asking) =>
        evaluateDocument(document, { action, principal: { arn: asking, accountId: home }, resource: arn, context: {} })
          .effect === 'denied',
    ),
  );
};

/**
 * Exemptions with a wildcard that the policy does not protect: who can create or change a principal that matches is exempt.
 * A wildcard in the account alone may be declared to exist everywhere.
 */
export const exemptions: LintRule = (context) => {
  const { document, existsEverywhere } = context;
  const seen = new Set<string>();
  return statementsOf(document).flatMap(({ statement, tests }) => {
    if (statement.Effect !== 'Deny') return [];
    return tests
      .filter(({ key, name }) => key.toLowerCase() === 'aws:principalarn' && operators[name?.base ?? '']?.negated)
      .flatMap(({ path, values, name: operator }) =>
        values.flatMap((value): readonly LintFinding[] => {
          const fields = principalFields(opened(value, context), operator?.base ?? '');
          const [owner = '', name = ''] = fields?.slice(4) ?? [];
          if (fields === undefined || seen.has(value) || !(wild(owner) || wild(name))) return [];
          if (name === 'root' || reserved.test(name) || (!wild(name) && existsEverywhere.includes(value))) return [];
          if (isProtected(document, fields)) return [];
          seen.add(value);
          const hole = wild(name)
            ? 'who can create or change a principal with such a name is exempt'
            : 'in an account where it does not exist, who creates it is exempt';
          return [
            {
              code: 'unprotected-exemption',
              path,
              message: `${value} is exempt, and ${hole}.`,
              fix: wild(name)
                ? 'Name exact ARNs, or deny creating, passing and changing what matches but to exact ARNs.'
                : 'Name the accounts, protect it, or say that it exists everywhere.',
            },
          ];
        }),
      );
  });
};
