import { type Lookup, patternMatches, toPattern } from './pattern.ts';

/** The six fields of an ARN; undefined for what is none. Colons of the resource and inside `${…}` separate nothing. */
export const arnFields = (arn: string): readonly string[] | undefined => {
  const fields: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < arn.length && fields.length < 5; at += 1) {
    if (arn.startsWith('${', at)) depth += 1;
    else if (depth > 0 && arn[at] === '}') depth -= 1;
    else if (depth === 0 && arn[at] === ':') {
      fields.push(arn.slice(start, at));
      start = at + 1;
    }
  }
  return fields.length === 5 && fields[0] === 'arn' ? [...fields, arn.slice(start)] : undefined;
};

/** Whether an ARN fits one with wildcards and variables: field by field, and the last one as a whole. */
export const arnMatches = (policyArn: readonly string[], arn: readonly string[], lookup: Lookup): boolean =>
  policyArn.every((field, index) => {
    const pattern = toPattern(field, { wildcards: true, lookup });
    return pattern !== undefined && patternMatches(pattern, arn[index] ?? '');
  });
