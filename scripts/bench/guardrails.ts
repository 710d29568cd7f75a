import { evaluateDocument } from '../../packages/guardrails/src/evaluate/document.ts';
import { packPolicies } from '../../packages/guardrails/src/pack/pack-policies.ts';
import { packTable } from '../../packages/guardrails/src/pack/report.ts';
import { guardrailCatalog, policyTemplates } from '../../packages/guardrails/src/templates/catalog.ts';
import { foundation } from '../../packages/guardrails/src/templates/foundation.ts';
import type { Exemptions, Guardrail } from '../../packages/guardrails/src/templates/guardrail.ts';
import { comparePairs } from '../../packages/guardrails/src/testing/oracle/compare.ts';
import { explainedRules } from '../../packages/guardrails/src/testing/oracle/rules.ts';
import { benchReplay } from './replay.ts';

/** What the guardrails are, and how far their evaluator agrees with a second one. */
export interface GuardrailFigures {
  readonly templates: number;
  /** Cases of all templates, each with its example parameters. */
  readonly cases: number;
  /** Policies that the foundation set is packed into. */
  readonly policies: number;
  /** Characters of these policies, with wildcards for documented actions. */
  readonly characters: number;
  /** With actions as they are written: what `packPolicies` does unasked. */
  readonly charactersAsWritten: number;
  /** Characters of the foundation set, each template's own minified document. */
  readonly unpackedCharacters: number;
  /** Requests against one document per second, over the cases of all templates. */
  readonly evaluationsPerSec: number;
  /** Events of a generated CloudTrail log, gzipped, read and replayed against the foundation set per second. */
  readonly replayEventsPerSec: number;
  readonly generatedPairs: number;
  /** Share of the generated pairs that a statement with a condition denies. */
  readonly deniedShare: number;
  /** Share of the generated pairs on which a documented rule of AWS bears. */
  readonly explainedShare: number;
  /** Pairs on which the evaluators differ, and no rule bears. */
  readonly disagreements: number;
  readonly explainedRules: number;
}

/** How long to measure. */
export interface GuardrailBenchOptions {
  readonly pairs?: number;
  readonly seed?: number;
  /** Rounds over all cases, of which the median counts. */
  readonly rounds?: number;
  /** Events that are replayed. */
  readonly events?: number;
}

const named = (name: string): string => `arn:aws:iam::111122223333:role/${name.padEnd(29, 'x')}`;

/** Three exempt principals, with ARNs of 60 characters. */
export const exemptions: Exemptions = {
  exemptedPrincipalArns: ['break-glass-', 'landing-zone-', 'responder-'].map((name) => ({
    value: named(name),
    reason: 'measured',
    expires: new Date('2100-01-01'),
  })),
};

const foundationSet = foundation({ allowedRegions: ['eu-west-1', 'eu-central-1'], exemptions });

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const evaluateAll = (guardrails: readonly Guardrail[]): number => {
  let denied = 0;
  for (const { document, type, cases } of guardrails)
    for (const { request } of cases) if (evaluateDocument(document, request, type).effect === 'denied') denied += 1;
  return denied;
};

/** Counts what there is, measures the evaluator, and compares it with the second one over generated pairs. */
export const benchGuardrails = async (
  progress: (line: string) => void,
  { pairs = 20_000, seed = 16, rounds = 15, events = 100_000 }: GuardrailBenchOptions = {},
): Promise<GuardrailFigures> => {
  const guardrails = policyTemplates.map(({ example }) => example());
  const requests = guardrails.reduce((sum, guardrail) => sum + guardrail.cases.length, 0);
  const denials = guardrails.flatMap((guardrail) => guardrail.cases).filter(({ expect }) => expect === 'denied').length;
  progress(`${requests} requests against ${guardrails.length} policies, ${rounds} rounds after one to warm up`);
  const perSec = Array.from({ length: rounds + 1 }, () => {
    const start = performance.now();
    // Also keeps the engine from leaving the work out.
    if (evaluateAll(guardrails) !== denials) throw new Error('A case does not hold.');
    return (1_000 * requests) / (performance.now() - start);
  });
  const asWritten = packPolicies(foundationSet).report;
  progress(`the foundation set, with actions as they are written:\n${packTable(asWritten)}`);
  const { report } = packPolicies(foundationSet, { wildcards: 'documented' });
  progress(`with wildcards for documented actions:\n${packTable(report)}`);
  progress(`${events} events of a CloudTrail log against the foundation set`);
  const replayEventsPerSec = await benchReplay(foundationSet, events);
  progress(`${pairs} generated pairs of request and policies`);
  const found = await comparePairs(pairs, seed);
  for (const [id, count] of Object.entries(found.explainedRules)) progress(`${id}: ${count} differences`);
  for (const { ours, theirs } of found.disagreements) progress(`${ours.verdict} and ${theirs}: ${ours.reason}`);
  const figures = {
    templates: guardrailCatalog.length,
    cases: guardrailCatalog.reduce((sum, { example }) => sum + example().cases.length, 0),
    policies: report.policies.length,
    characters: report.characters,
    charactersAsWritten: asWritten.characters,
    unpackedCharacters: report.unpackedCharacters,
    evaluationsPerSec: Math.round(median(perSec.slice(1))),
    replayEventsPerSec,
    generatedPairs: found.generatedPairs,
    deniedShare: found.deniedShare,
    explainedShare: found.explainedShare,
    disagreements: found.disagreements.length,
    explainedRules: explainedRules.length,
  };
  for (const [key, figure] of Object.entries(figures)) {
    if (!(Number.isFinite(figure) && (figure > 0 || key === 'disagreements')))
      throw new Error(`${key} could not be measured: ${figure}`);
  }
  return figures;
};
