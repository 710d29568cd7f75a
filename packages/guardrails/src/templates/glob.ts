/** Whether text fits a pattern with `*` and `?`; a policy variable fits anything. */
export const globMatches = (pattern: string, text: string): boolean => {
  const source = pattern
    .split(/(\$\{[^}]*\}|[*?])/)
    .map((part) => {
      if (part === '?') return '.';
      if (part === '*' || part.startsWith('${')) return '.*';
      return part.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`, 's').test(text);
};

/** Account of everything in cases that no parameter says. */
export const caseAccount = '111122223333';

/** Region of everything in cases that no parameter says, by partition. */
const caseRegions: Readonly<Record<string, string>> = {
  aws: 'eu-west-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-iso': 'us-iso-east-1',
  'aws-iso-b': 'us-isob-east-1',
  'aws-iso-e': 'eu-isoe-west-1',
  'aws-iso-f': 'us-isof-east-1',
  'aws-eusc': 'eusc-de-east-1',
};

/** Region of everything in the cases of a partition that no parameter says. */
export const caseRegion = (partition: string): string => caseRegions[partition] ?? 'eu-west-1';

const fill = (text: string): string =>
  text
    .replace(/\$\{aws:(?:Principal|Resource)Account\}/g, caseAccount)
    .replace(/\$\{[^}]*\}/g, 'red')
    .replaceAll('*', 'x')
    .replaceAll('?', '1');

/** One thing that fits a pattern: an ARN has a real Region and account where the pattern leaves them open. */
export const exampleOf = (pattern: string): string => {
  const [arn = '', partition = '', service = '', region = '', account = '', ...resource] = pattern
    .replace(/\$\{aws:(?:Principal|Resource)Account\}/g, caseAccount)
    .split(':');
  if (arn !== 'arn') return fill(pattern);
  const open = (text: string, value: string): string => (/^[*?]+$/.test(text) ? value : fill(text));
  const digits = account.replaceAll('*', '').replaceAll('?', '1');
  const filled = /[*?]/.test(account)
    ? account.startsWith('*')
      ? digits.padStart(12, '1')
      : digits.padEnd(12, '1')
    : account;
  const name = resource.join(':');
  return [
    arn,
    partition,
    service,
    open(region, caseRegion(partition)),
    /^[*?]+$/.test(account) ? caseAccount : filled,
    fill(name),
  ].join(':');
};

/** Something of the same kind as an example that no pattern covers; undefined where the patterns cover all of the kind. */
export const neighbourOf = (example: string, patterns: readonly string[]): string | undefined =>
  [
    example.replace(/([^:/]+)((?::\*|\/\*)?)$/, 'other-$1$2'),
    example.replace(/([^:/]+)$/, '$1-other'),
    example.replace(/:(\d{12}):/, ':999988887777:'),
  ].find((text) => text !== example && !patterns.some((pattern) => globMatches(pattern, text)));
