import type { PolicyType } from '../policy/document.ts';
import type { LintFinding } from './finding.ts';

const statementsOf = (policy: unknown): readonly unknown[] => {
  const found = typeof policy === 'object' && policy !== null && 'Statement' in policy ? policy.Statement : [];
  return Array.isArray(found) ? found : [found];
};

const has = (statement: unknown, name: string): boolean =>
  typeof statement === 'object' && statement !== null && name in statement;

/** Principals as they came: a service control policy takes none, a resource control policy everybody. */
export const principals = (policy: unknown, type: PolicyType): readonly LintFinding[] =>
  statementsOf(policy).flatMap((statement, index): readonly LintFinding[] => {
    const path = `Statement[${index}]`;
    if (type === 'SERVICE_CONTROL_POLICY')
      return ['Principal', 'NotPrincipal']
        .filter((name) => has(statement, name))
        .map((name) => ({
          code: 'scp-principal',
          path: `${path}.${name}`,
          message: `A service control policy takes no ${name}.`,
          fix: 'Take it out; test aws:PrincipalArn in Condition.',
        }));
    const everybody =
      typeof statement === 'object' && statement !== null && 'Principal' in statement && statement.Principal === '*';
    if (everybody && !has(statement, 'NotPrincipal')) return [];
    return [
      {
        code: 'rcp-syntax',
        path: `${path}.Principal`,
        message: 'A resource control policy is about everybody.',
        fix: 'Write "Principal": "*", and test aws:PrincipalArn or its like in Condition.',
      },
    ];
  });
