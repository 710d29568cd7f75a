// `TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce`: the classifier is the GuardDuty type, with a hyphen for the
// slash that would part another level. Some rows of AWS's table have two levels, some kept the slash, and events of 2021
// have a dot there. No resource that GuardDuty names in a type contains one of the three.
const classifier = /(?:^|\/)([A-Za-z][^/:]*):([A-Za-z0-9]+)[-/.]([^/:]+)$/;

/** ASFF limits no type; GuardDuty's have at most 100 characters and the namespaces in front of them are short. */
const maximumLength = 300;

/**
 * The GuardDuty finding type that a type of ASFF carries: `UnauthorizedAccess:EC2/SSHBruteForce`; undefined where it
 * carries none. Source: GuardDuty user guide, "Integrating with AWS Security Hub", table of finding names.
 */
export const readAsffType = (text: string): string | undefined => {
  if (text.length > maximumLength) return undefined;
  const [, purpose, resource, name] = classifier.exec(text) ?? [];
  return purpose && resource && name ? `${purpose}:${resource}/${name}` : undefined;
};

/** The one finding type that these types of ASFF carry; undefined for none and for several, where any would be a guess. */
export const oneFindingType = (types: readonly string[]): string | undefined => {
  const found = new Set(types.flatMap((text) => readAsffType(text) ?? []));
  const [only] = found;
  return found.size === 1 ? only : undefined;
};
