import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/**
 * The table of `createDynamoDbStore`, as the input of CreateTable without its name. Keys and versions need nothing more;
 * no TTL is set, for nothing of ours expires by deletion alone.
 */
export const tableSchema: Omit<CreateTableCommandInput, 'TableName'> = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
};

/** What a production table should have besides; `PointInTimeRecoverySpecification` is set by UpdateContinuousBackups. */
export const recommendedTableSettings: {
  readonly DeletionProtectionEnabled: true;
  readonly PointInTimeRecoverySpecification: { readonly PointInTimeRecoveryEnabled: true };
} = {
  DeletionProtectionEnabled: true,
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
};

/** IAM actions and the resources on which they are needed. */
export interface Permissions {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Exactly the IAM permissions that `createDynamoDbStore` needs on its table. */
export const dynamoDbPermissions = ({ tableArn }: { readonly tableArn: string }): Permissions => ({
  actions: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
  resources: [tableArn],
});
