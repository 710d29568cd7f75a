import type { PolicyDocument, PolicyType } from './document.ts';

/** The type of a document that does not say: a resource control policy when most of its statements deny with `Principal` `*`. */
export const policyTypeOf = ({ Statement: statements }: PolicyDocument): PolicyType => {
  const forEverybody = statements.filter(({ Effect, Principal }) => Effect === 'Deny' && Principal === '*');
  return forEverybody.length * 2 > statements.length ? 'RESOURCE_CONTROL_POLICY' : 'SERVICE_CONTROL_POLICY';
};
