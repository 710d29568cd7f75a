import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { type PolicyTemplate, stagedRollout } from '../templates/catalog-entry.ts';
import { caseRegion, exampleOf, neighbourOf } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { atLeastOne } from '../templates/names.ts';
import { literal } from '../templates/placeholder.ts';

/** What `bedrockModelAllowList` takes. */
export interface BedrockModelsParameters extends CommonParameters {
  /** Ids of foundation models that may be used, wildcards allowed: `anthropic.claude-*`. */
  readonly modelIds: readonly string[];
}

/**
 * Denies using foundation models that are not on the list, directly or through an inference profile: for a call through a
 * profile IAM asks for the model as well. What the account made itself (imported and custom models) is not touched.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const bedrockModelAllowList = (parameters: BedrockModelsParameters): Guardrail => {
  const scope = templateScope('bedrockModelAllowList', parameters);
  const { id, partition } = scope;
  const models = atLeastOne(id, 'modelIds', parameters.modelIds).map(
    (model) => `arn:${partition}:bedrock:*::foundation-model/${literal(id, model)}`,
  );
  const modelArn = (arn: string): string =>
    exampleOf(arn).replace(/:bedrock:[^:]*:\d*:/, `:bedrock:${caseRegion(partition)}::`);
  const [first = '', ...others] = models.map(modelArn);
  const profiles = ['application-inference-profile', 'inference-profile'].map(
    (kind) => `arn:${partition}:bedrock:*:*:${kind}/*`,
  );
  const strange =
    neighbourOf(first, models) ??
    `arn:${partition}:bedrock:${caseRegion(partition)}::foundation-model/strange.model-v1`;
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'ListedModels',
        action: ['bedrock:CreateModelInvocationJob', 'bedrock:InvokeModel*'],
        notResource: [...models, ...profiles],
        denied: [
          { action: 'bedrock:InvokeModel', resource: strange },
          { action: 'bedrock:CreateModelInvocationJob', resource: strange },
        ],
        nearMisses: [
          { action: 'bedrock:GetFoundationModel' },
          { resource: first },
          ...others.map((resource) => ({ resource })),
          ...profiles.map((arn) => ({ resource: exampleOf(arn) })),
        ],
      },
    ],
    allowed: [{ action: 'ec2:DescribeInstances' }],
  });
};

/** Words on the templates of this file. */
export const bedrockTemplates: readonly PolicyTemplate[] = [
  {
    name: 'bedrockModelAllowList',
    family: 'isolation-and-cost',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Only models that were approved see data of the organisation.',
    breaks: 'Trying out new models: exempt a sandbox role.',
    bypasses: 'Models run on instances or SageMaker; calls to providers directly.',
    rollout: stagedRollout,
    controls: [],
    example: (common) =>
      bedrockModelAllowList({ ...common, modelIds: ['anthropic.claude-*', 'amazon.nova-lite-v1:0'] }),
  },
];
