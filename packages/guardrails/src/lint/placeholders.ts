import { arnFields } from '../evaluate/arn.ts';
import { statementsOf } from './elements.ts';
import type { LintFinding, LintRule } from './finding.ts';

const suspects = /\$\{[^}]*\}?|\{\{[^}]*\}\}|\[[^\]]*\]|<[A-Za-z][^>]*>/g;
/** Whether a text holds what looks like a placeholder and is no policy variable: other rules leave it to this one. */
export const hasPlaceholder = (text: string): boolean => text.replace(/\$\{[^}]*\}/g, '').search(suspects) >= 0;

/** What stands for an account in an ARN that nobody filled in: `ACCOUNT_ID`, `account-id-without-hyphens`. */
const unfilledAccount = (text: string): readonly string[] => {
  const owner = arnFields(text)?.[4] ?? '';
  return !hasPlaceholder(text) && !owner.includes('${') && /[A-Z_]|account/.test(owner) ? [owner] : [];
};

const takesVariables = /^(String|Arn|Bool|Binary)/;

/** Text in brackets that is no policy variable which AWS fills in at this place. */
export const placeholders: LintRule = ({ document, data }) => {
  const isVariable = (found: string): boolean => {
    const inner = /^\$\{(.*)\}$/s.exec(found)?.[1] ?? '';
    return /^[*?$]$/.test(inner) || data.conditionKey((inner.split(',')[0] ?? '').trim()) !== undefined;
  };
  const check = (path: string, text: string, variables: boolean): readonly LintFinding[] =>
    [...[...text.matchAll(suspects)].map(([found]) => found), ...unfilledAccount(text)].flatMap((found) =>
      variables && isVariable(found)
        ? []
        : [
            {
              code: 'unresolved-placeholder',
              path,
              message: `${JSON.stringify(text)} holds ${found}, which AWS does not fill in.`,
              fix: 'Put in the value that is meant.',
            },
          ],
    );
  return statementsOf(document).flatMap(({ actions, resources, tests }) => [
    ...actions.flatMap(({ path, text }) => check(path, text, false)),
    ...resources.flatMap(({ path, text }) => check(path, text, true)),
    ...tests.flatMap(({ path, name, key, values }) => [
      ...check(path, key, false),
      ...values.flatMap((value) => check(path, value, takesVariables.test(name?.base ?? ''))),
    ]),
  ]);
};
