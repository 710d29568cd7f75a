import { managedRules } from '../data/config-rules.ts';

/** How often a periodic rule runs. */
export type Frequency = 'One_Hour' | 'Three_Hours' | 'Six_Hours' | 'Twelve_Hours' | 'TwentyFour_Hours';

const frequencies: readonly string[] = ['One_Hour', 'Three_Hours', 'Six_Hours', 'Twelve_Hours', 'TwentyFour_Hours'];

/** A managed rule with the properties of `AWS::Config::ConfigRule`. */
export interface ConfigRule {
  readonly ConfigRuleName: string;
  readonly Source: { readonly Owner: 'AWS'; readonly SourceIdentifier: string };
  readonly InputParameters?: Readonly<Record<string, string>>;
  readonly Scope?: { readonly ComplianceResourceTypes: readonly string[] };
  readonly MaximumExecutionFrequency?: Frequency;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const known: readonly string[] = ['ConfigRuleName', 'Source', 'InputParameters', 'Scope', 'MaximumExecutionFrequency'];

const parameterFaults = (parameters: unknown, allowed: Readonly<Record<string, RegExp>>): readonly string[] =>
  Object.entries(isObject(parameters) ? parameters : {}).flatMap(([name, value]) => {
    const form = allowed[name];
    if (form === undefined) return [`InputParameters has ${name}, which the rule does not take`];
    return typeof value === 'string' && form.test(value) ? [] : [`${name} cannot be ${JSON.stringify(value)}`];
  });

/** What is wrong with a rule; nothing, when AWS Config would take it and run it as meant. */
export const validateConfigRule = (rule: unknown): readonly string[] => {
  if (!isObject(rule) || !isObject(rule.Source)) return ['a rule must have a Source'];
  const { ConfigRuleName: name, Source: source, Scope: scope, MaximumExecutionFrequency: frequency } = rule;
  const managed = managedRules.data[String(source.SourceIdentifier)];
  if (source.Owner !== 'AWS' || managed === undefined)
    return [`${source.SourceIdentifier} is no managed rule known here`];
  const types = isObject(scope) ? scope.ComplianceResourceTypes : undefined;
  const wanted = managed.trigger === 'periodic' ? undefined : managed.trigger.resourceTypes;
  return [
    ...Object.keys(rule)
      .filter((key) => !known.includes(key))
      .map((key) => `${key} is no property of a rule`),
    ...(typeof name === 'string' && /^[\w-]{1,128}$/.test(name)
      ? []
      : ['ConfigRuleName must be 1 to 128 characters of a name']),
    ...parameterFaults(rule.InputParameters, managed.parameters),
    ...(JSON.stringify(types) === JSON.stringify(wanted)
      ? []
      : [`Scope must be ${JSON.stringify(wanted ?? 'absent')}`]),
    ...(managed.trigger === 'periodic'
      ? frequencies.includes(String(frequency))
        ? []
        : ['a periodic rule must have a MaximumExecutionFrequency']
      : frequency === undefined
        ? []
        : ['a rule that runs on changes has no MaximumExecutionFrequency']),
  ];
};
