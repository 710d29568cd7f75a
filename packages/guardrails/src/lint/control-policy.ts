import { policyQuotas } from '../data/quotas.ts';
import { statementsOf } from './elements.ts';
import type { LintFinding, LintRule } from './finding.ts';

const finding = (code: LintFinding['code'], path: string, message: string, fix: string): LintFinding => ({
  code,
  path,
  message,
  fix,
});

/** What a resource control policy may not be. `Principal` is checked on the text as it came. */
export const resourceControl: LintRule = ({ document, type, data }) => {
  if (type !== 'RESOURCE_CONTROL_POLICY') return [];
  return statementsOf(document).flatMap(({ statement, path, actions }) => [
    ...(statement.Effect === 'Allow'
      ? [finding('rcp-syntax', `${path}.Effect`, 'A resource control policy cannot allow.', 'Write "Deny".')]
      : []),
    ...(statement.NotAction === undefined
      ? []
      : [finding('rcp-syntax', `${path}.NotAction`, 'It takes no NotAction.', 'List the services in Action: "s3:*".')]),
    ...actions.flatMap((action) => {
      if (action.text === '*')
        return [finding('rcp-syntax', action.path, 'It takes no bare *.', 'List the services: "s3:*".')];
      const services = new Set(data.actionsLike(action.text).map((one) => one.action.split(':')[0] ?? ''));
      const foreign = [...services].filter((service) => !data.rcpServices.has(service));
      return foreign.map((service) =>
        finding(
          'rcp-unsupported-service',
          action.path,
          `${action.text}: ${service} does not know resource control policies (as of ${data.asOf}).`,
          'Take it out, or protect these resources with a service control policy.',
        ),
      );
    }),
  ]);
};

/** A policy over the quota, without the white space that need not be there. */
export const length: LintRule = ({ document, type }) => {
  const { asOf, data } = policyQuotas;
  const { characters } = data[type];
  const found = JSON.stringify(document).length;
  return found <= characters
    ? []
    : [
        finding(
          'too-long',
          '',
          `The policy has ${found} characters without white space; AWS takes ${characters} (as of ${asOf}).`,
          'Split it into several policies.',
        ),
      ];
};
