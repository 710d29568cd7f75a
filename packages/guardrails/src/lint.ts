export { type LintCode, type LintFinding, lintRules } from './lint/finding.ts';
export { type LintOptions, lintPolicy } from './lint/lint-policy.ts';
