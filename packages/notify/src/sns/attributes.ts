import type { Message } from '@remedykit/core';

/** A message attribute as SNS takes it. */
export interface SnsAttribute {
  readonly DataType: 'String';
  readonly StringValue: string;
}

/** Values that subscription filters can name; anything else is no account, Region or type of ours. */
const filterable = /^[A-Za-z0-9_:/.!-]{1,256}$/;

/** The attributes by which subscribers filter: `severity`, `status`, `preview`, `undone`, `accountId`, `region`, `type`. */
export const attributesOf = (message: Message): Readonly<Record<string, SnsAttribute>> => {
  const { severity, status = 'open', preview, undone = false, subject = {} } = message;
  const values = {
    severity,
    status,
    preview: String(preview),
    undone: String(undone),
    accountId: subject.accountId,
    region: subject.region,
    type: subject.type,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value !== undefined && filterable.test(value) ? [[name, { DataType: 'String', StringValue: value }]] : [],
    ),
  );
};

/** Bytes that attributes take of a message: names, types and values. */
export const attributeBytes = (attributes: Readonly<Record<string, SnsAttribute>>): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue }]) => sum + Buffer.byteLength(name + DataType + StringValue),
    0,
  );
