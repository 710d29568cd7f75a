import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { caseArn } from '../templates/case-arn.ts';
import { type PolicyTemplate, stagedRollout, straightRollout } from '../templates/catalog-entry.ts';
import type { StatementDraft } from '../templates/draft.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { documentedServices, parseServices, type ResourceServices } from './services.ts';

const resource = { type: 'RESOURCE_CONTROL_POLICY', takes: ['exemptedPrincipalArns', 'exemptedResourceArns'] } as const;

/** What `requireTls` takes. */
export interface TlsParameters extends ResourceServices {
  /** The oldest version for S3; `1.2` by default. AWS’s other endpoints take no older one anyway. */
  readonly minimumVersion?: '1.2' | '1.3';
}

/**
 * Denies requests without TLS, and to S3 with an old version of it.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const requireTls = (parameters: TlsParameters = {}): Guardrail => {
  const scope = templateScope('requireTls', parameters, resource);
  const { minimumVersion = '1.2' } = parameters;
  const services = parseServices(scope.id, parameters.services ?? documentedServices);
  if (!services.includes('s3')) throw invalidParameter(scope.id, 'services must hold "s3".');
  const ask = { action: 's3:GetObject', resource: caseArn(scope.partition, 's3', 'invoices/0815.pdf') };
  const older = minimumVersion === '1.2' ? '1.1' : '1.2';
  const statements: readonly StatementDraft[] = [
    {
      sid: 'RequireTls',
      action: services.map((service) => `${service}:*`),
      exemptsResources: true,
      condition: { BoolIfExists: { 'aws:SecureTransport': 'false' } },
      denied: [{ ...ask, context: { 'aws:SecureTransport': 'false', 's3:TlsVersion': '1.3' } }],
      nearMisses: [{ context: { 'aws:SecureTransport': 'true' } }],
    },
    {
      sid: 'RequireTlsVersion',
      action: ['s3:*'],
      exemptsResources: true,
      condition: { NumericLessThan: { 's3:TlsVersion': minimumVersion } },
      denied: [
        {
          action: 's3:PutObject',
          resource: ask.resource,
          context: { 'aws:SecureTransport': 'true', 's3:TlsVersion': older },
        },
      ],
      nearMisses: [{ context: { 's3:TlsVersion': minimumVersion } }],
    },
  ];
  return buildGuardrail(scope, {
    statements,
    allowed: [{ action: 'lambda:InvokeFunction', resource: caseArn(scope.partition, 'lambda', 'function:orders') }],
  });
};

/** Denies uploads that bring their own key (SSE-C), with which a thief can hold objects to ransom. Default encryption is not touched. */
export const denySseC = (parameters: CommonParameters = {}): Guardrail => {
  const scope = templateScope('denySseC', parameters, resource);
  const key = 's3:x-amz-server-side-encryption-customer-algorithm';
  const object = caseArn(scope.partition, 's3', 'invoices/0815.pdf');
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'DenySseC',
        action: ['s3:PutObject'],
        exemptsResources: true,
        condition: { Null: { [key]: 'false' } },
        denied: [{ action: 's3:PutObject', resource: object, context: { [key]: 'AES256' } }],
        nearMisses: [{ action: 's3:GetObject' }],
      },
    ],
    allowed: [{ action: 'sqs:SendMessage', resource: caseArn(scope.partition, 'sqs', 'orders') }],
  });
};

/** What `presignedUrlMaxAge` takes. */
export interface PresignedUrlParameters extends CommonParameters {
  /** Oldest signature that is taken, in seconds; at most seven days. */
  readonly maxAgeSeconds: number;
}

/** Denies requests to S3 whose signature is older, as of a presigned URL that went astray. */
export const presignedUrlMaxAge = (parameters: PresignedUrlParameters): Guardrail => {
  const scope = templateScope('presignedUrlMaxAge', parameters, resource);
  const { maxAgeSeconds } = parameters;
  if (!Number.isSafeInteger(maxAgeSeconds) || maxAgeSeconds < 1 || maxAgeSeconds > 604_800)
    throw invalidParameter(scope.id, `maxAgeSeconds must be a whole number from 1 to 604800, it is ${maxAgeSeconds}.`);
  const age = (ms: number) => ({ 's3:signatureAge': `${ms}` });
  const max = maxAgeSeconds * 1000;
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'LimitSignatureAge',
        action: ['s3:*'],
        exemptsResources: true,
        condition: { NumericGreaterThan: { 's3:signatureAge': `${max}` } },
        denied: [
          {
            action: 's3:GetObject',
            resource: caseArn(scope.partition, 's3', 'invoices/0815.pdf'),
            context: age(max + 1),
          },
        ],
        nearMisses: [{ context: age(max) }],
      },
    ],
    allowed: [{ action: 'sqs:SendMessage', resource: caseArn(scope.partition, 'sqs', 'orders') }],
  });
};

const entry = (
  name: string,
  exampleOf: PolicyTemplate['example'],
  words: Pick<PolicyTemplate, 'intent' | 'breaks' | 'bypasses' | 'rollout'> & Partial<Pick<PolicyTemplate, 'controls'>>,
): PolicyTemplate => ({
  name,
  family: 'resource-access',
  takes: ['exemptedPrincipalArns', 'exemptedResourceArns'],
  type: 'RESOURCE_CONTROL_POLICY',
  controls: [],
  ...words,
  example: exampleOf,
});

/** Words on the templates of this file. */
export const transportTemplates: readonly PolicyTemplate[] = [
  entry('requireTls', requireTls, {
    intent: 'Nothing is read or written in clear.',
    breaks: 'Old clients that use http: to buckets, and static web sites.',
    bypasses: 'Services that resource control policies do not reach.',
    rollout: straightRollout,
    controls: [{ name: 'CT.S3.PV.5', id: '7mo7a2h2ebsq71l8k6uzr96ou' }],
  }),
  entry('denySseC', denySseC, {
    intent: 'Objects cannot be encrypted anew with a key that only the attacker has.',
    breaks: 'Applications that manage keys by SSE-C: exempt their buckets.',
    bypasses: 'A KMS key of a foreign account (trustedResources); encrypting before the upload.',
    rollout: straightRollout,
  }),
  entry('presignedUrlMaxAge', (common) => presignedUrlMaxAge({ ...common, maxAgeSeconds: 3600 }), {
    intent: 'A link that was sent around ends soon, whatever its maker wrote into it.',
    breaks: 'Downloads that are meant to last for days; long queues between signing and use.',
    bypasses: 'Signing anew with rights that still hold.',
    rollout: stagedRollout,
  }),
];
