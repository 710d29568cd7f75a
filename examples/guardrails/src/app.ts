// `pnpm --filter @remedykit/example-guardrails synth`, or `cdk deploy` in the management account: see README.md.
import { App } from 'aws-cdk-lib';
import { organization } from './organization.ts';
import { createGuardrailsStack } from './stack.ts';

const app = new App({ outdir: process.env.CDK_OUTDIR ?? 'cdk.out' });
createGuardrailsStack(app, organization);
console.error(`written to ${app.synth().directory}`);
