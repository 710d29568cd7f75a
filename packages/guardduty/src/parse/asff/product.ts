import type { RemediationError } from '@remedykit/core';
import type { DocumentPlace } from '../finding-document.ts';
import { kindOf, parseError } from '../parse-error.ts';
import { malformed } from './faults.ts';

const ofAws = /^arn:aws[a-z-]*:securityhub:[a-z0-9-]+::(product|productv2)\/aws\/([a-z0-9-]+)$/;
const ofOthers = /^arn:aws[a-z-]*:securityhub:[a-z0-9-]+:\d{0,12}:(product|productv2)\//;

const kindOfProduct = (arn: string): string => {
  if (ofAws.test(arn)) return 'of another AWS service';
  return ofOthers.test(arn) ? 'of a product that is not of AWS' : 'whose product ARN is none';
};

/** Under which ARN GuardDuty's findings are kept: `product` in Security Hub CSPM (ASFF), `productv2` in Security Hub (OCSF). */
export type ProductForm = 'product' | 'productv2';

/**
 * Why a Security Hub finding is not GuardDuty's own; undefined where it is. Only AWS can import under a product ARN
 * without an account; what a customer imports carries the account's id there.
 * @param path of the field that holds the product ARN
 */
export const foreignProduct = (
  arn: unknown,
  form: ProductForm,
  path: readonly string[],
  place: DocumentPlace,
): RemediationError | undefined => {
  const expected = `arn:{partition}:securityhub:{region}::${form}/aws/guardduty`;
  if (typeof arn !== 'string') return malformed(place, [{ path, found: kindOf(arn), expected }]);
  const [, found, service] = ofAws.exec(arn) ?? [];
  if (found === form && service === 'guardduty') return undefined;
  return parseError(
    'NOT_A_FINDING',
    `The Security Hub finding in ${place.envelope} is one ${kindOfProduct(arn)}, not a GuardDuty finding: ${[...place.path, ...path].join('.')} has to be ${expected}.`,
  );
};
