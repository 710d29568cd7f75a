import fc from 'fast-check';
import type { ActionData } from '../../actions/facts.ts';
import type { PolicyDocument } from '../../policy/document.ts';
import { listOf } from '../../policy/list.ts';
import type { AccessRequest, Principal } from '../../policy/request.ts';
import type { Guardrail } from '../../templates/guardrail.ts';

/** Texts near those that a policy compares with: filled in, and changed a little. */
const near = (written: string): readonly string[] => {
  const filled = written
    .replace(/\$\{[^}]*\}/g, '111122223333')
    .replaceAll('*', 'x')
    .replaceAll('?', '1');
  return [filled, `${filled}-other`, filled.toUpperCase(), 'true', 'false'];
};

const boolean: readonly string[] = ['true', 'false'];

/** A request has one address, and not a block of them. */
const addresses = (blocks: readonly string[]): readonly string[] => [
  ...blocks.map((block) => block.replace(/\/.*$/, '')),
  '198.51.100.7',
  '2001:db8::7',
];

/** Condition keys of a document, each with values that are near those that it compares with. */
const keysOf = ({ Statement: statements }: PolicyDocument, data: ActionData) =>
  [
    ...new Map(
      statements.flatMap(({ Condition = {} }) =>
        Object.values(Condition).flatMap((byKey) =>
          Object.entries(byKey).map(([key, values]) => [key.toLowerCase(), { key, values: listOf(values) }] as const),
        ),
      ),
    ).values(),
  ].flatMap(({ key, values }) => {
    const type = data.conditionKey(key)?.type ?? 'String';
    if (key.toLowerCase().startsWith('aws:principal') && /arn|account|service/i.test(key)) return [];
    const likely = type.endsWith('Bool')
      ? boolean
      : type === 'IPAddress'
        ? addresses(values)
        : type === 'String' || type === 'ArrayOfString'
          ? values.flatMap(near)
          : values;
    return likely.length === 0 ? [] : [{ key, many: type.startsWith('ArrayOf'), likely }];
  });

const principalsOf = ({ cases }: Guardrail): readonly Principal[] => {
  const ofCases = cases.map(({ request }) => request.principal).filter(({ service }) => service === undefined);
  return [
    ...new Map(ofCases.map((principal) => [principal.arn, principal])).values(),
    { arn: 'arn:aws:sts::111122223333:assumed-role/Developer/ann', accountId: '111122223333' },
    { arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' },
  ];
};

/** Requests near the cases of a guardrail: any of its actions and principals, and each condition key there, changed, or not. */
export const requestsNear = (guardrail: Guardrail, data: ActionData): fc.Arbitrary<AccessRequest> => {
  const keys = keysOf(guardrail.document, data);
  const context = fc
    .tuple(
      ...keys.map(({ key, many, likely }) => {
        const one = fc.constantFrom(...likely);
        const value: fc.Arbitrary<string | string[]> = many ? fc.uniqueArray(one, { minLength: 1, maxLength: 3 }) : one;
        return fc.option(value, { freq: 3 }).map((found) => [key, found] as const);
      }),
    )
    .map((entries): AccessRequest['context'] =>
      Object.fromEntries(entries.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]))),
    );
  return fc
    .tuple(
      fc.constantFrom(...guardrail.cases.map(({ request }) => request)),
      fc.constantFrom(...principalsOf(guardrail)),
      context,
      fc.boolean(),
    )
    .map(([{ action, resource, resourceAccountId, context: given }, principal, changed, keep]) => ({
      action,
      resource,
      principal,
      context: keep ? { ...given, ...changed } : changed,
      ...(resourceAccountId === undefined ? {} : { resourceAccountId }),
    }));
};
