import { isRemediationError } from '@remedykit/core';
import { type ControlGuardrail, type ControlParameters, enableControl } from '../control-tower/enable-control.ts';
import { controlEquivalents } from '../data/control-equivalents.ts';
import { controls } from '../data/controls.ts';
import type { CommonParameters } from '../templates/build.ts';
import type { Exemption, Exemptions } from '../templates/guardrail.ts';

/** Whether Control Tower’s own role is what an exemption names: its controls leave that role alone by themselves. */
export const isControlTowerRole = ({ value }: Exemption): boolean => value.endsWith(':role/AWSControlTowerExecution');

const isRoot = ({ value }: Exemption): boolean => value.endsWith(':root');

/** A control that stands for a template, or why the one that would do the same cannot. */
export type Preferred = { readonly control: ControlGuardrail; readonly name: string } | { readonly kept: string };

/** The exemptions that a control must be told of: a root user’s mean nothing but where root is denied, and there alone. */
const exemptionsFor = (template: string, exemptions: Exemptions = {}): Exemptions => {
  const { exemptedPrincipalArns = [], ...others } = exemptions;
  const aboutRoot = template === 'denyRootUser' || template === 'denyRootAccessKeys';
  const left = exemptedPrincipalArns.filter((one) => !isControlTowerRole(one) && (!aboutRoot || isRoot(one)));
  return left.length === 0 ? others : { ...others, exemptedPrincipalArns: left };
};

const exemptsNothing = (exemptions: Exemptions): boolean =>
  Object.values(exemptions).every((list) => (list?.length ?? 0) === 0);

/** The control that does what a template does, if there is one; undefined where there is none. */
export const preferredControl = (
  template: string,
  parameters: CommonParameters & Pick<ControlParameters, 'allowedRegions' | 'exemptAssumeRoot'>,
  unit: string,
): Preferred | undefined => {
  const name = controlEquivalents.data[template];
  const known = name === undefined ? undefined : controls.data[name];
  if (name === undefined || known === undefined) return undefined;
  const { exemptions, allowedRegions, exemptAssumeRoot, ...others } = parameters;
  const given = exemptionsFor(template, exemptions);
  const { exemptedActions, ...withoutActions } = given;
  try {
    const control = enableControl({
      ...others,
      ...(known.takes.includes('AllowedRegions') && allowedRegions !== undefined ? { allowedRegions } : {}),
      ...(known.takes.includes('ExemptAssumeRoot') && exemptAssumeRoot !== undefined ? { exemptAssumeRoot } : {}),
      control: name,
      targetIdentifier: unit,
      // Exempt actions are the business of the restriction of Regions alone.
      exemptions: known.takes.includes('ExemptedActions') ? given : withoutActions,
    });
    return { control, name };
  } catch (error) {
    // What a control cannot express, the policy can: a wildcard, or an exemption that the control has no parameter for.
    if (!isRemediationError(error) || exemptsNothing(withoutActions)) throw error;
    return { kept: error.message };
  }
};
