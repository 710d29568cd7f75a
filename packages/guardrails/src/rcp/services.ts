import { rcpServiceNames } from '../data/rcp-services.ts';
import type { CommonParameters } from '../templates/build.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { atLeastOne } from '../templates/names.ts';
import { literal } from '../templates/placeholder.ts';

/** What resource control policies on several services take. */
export interface ResourceServices extends CommonParameters {
  /** Service prefixes, `s3`; each must be supported by resource control policies. */
  readonly services?: readonly string[];
}

/** The services that AWS documents for resource control policies since early 2026. */
export const documentedServices: readonly string[] = [
  'aoss',
  'cognito-identity',
  'cognito-idp',
  'dynamodb',
  'ecr',
  'kms',
  'logs',
  's3',
  'secretsmanager',
  'sqs',
  'sts',
];

/** Checks the services. */
export const parseServices = (id: string, services: readonly string[]): readonly string[] =>
  atLeastOne(id, 'services', services).map((service) => {
    if (!rcpServiceNames.includes(literal(id, service)))
      throw invalidParameter(
        id,
        `"${service}" is not supported by resource control policies: ${rcpServiceNames.join(', ')}.`,
      );
    return service;
  });
