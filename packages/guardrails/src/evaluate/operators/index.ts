import { ipAddress } from './ip.ts';
import type { Compare, Operator } from './operator.ts';
import * as order from './order.ts';
import * as text from './text.ts';

const is = (compare: Compare): Operator => ({ compare, negated: false });
const isNot = (compare: Compare): Operator => ({ compare, negated: true });

/**
 * Every condition operator of IAM but `Null`, which looks at presence alone.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
 */
export const operators: Readonly<Record<string, Operator>> = {
  StringEquals: is(text.stringEquals),
  StringNotEquals: isNot(text.stringEquals),
  StringEqualsIgnoreCase: is(text.stringEqualsIgnoreCase),
  StringNotEqualsIgnoreCase: isNot(text.stringEqualsIgnoreCase),
  StringLike: is(text.stringLike),
  StringNotLike: isNot(text.stringLike),
  NumericEquals: is(order.numericEquals),
  NumericNotEquals: isNot(order.numericEquals),
  NumericLessThan: is(order.numericLessThan),
  NumericLessThanEquals: is(order.numericLessThanEquals),
  NumericGreaterThan: is(order.numericGreaterThan),
  NumericGreaterThanEquals: is(order.numericGreaterThanEquals),
  DateEquals: is(order.dateEquals),
  DateNotEquals: isNot(order.dateEquals),
  DateLessThan: is(order.dateLessThan),
  DateLessThanEquals: is(order.dateLessThanEquals),
  DateGreaterThan: is(order.dateGreaterThan),
  DateGreaterThanEquals: is(order.dateGreaterThanEquals),
  Bool: is(text.bool),
  BinaryEquals: is(text.binaryEquals),
  IpAddress: is(ipAddress),
  NotIpAddress: isNot(ipAddress),
  ArnEquals: is(text.arnLike),
  ArnNotEquals: isNot(text.arnLike),
  ArnLike: is(text.arnLike),
  ArnNotLike: isNot(text.arnLike),
};
