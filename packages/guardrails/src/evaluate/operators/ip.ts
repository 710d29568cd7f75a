import type { Compare } from './operator.ts';

const octet = /^(0|[1-9]\d{0,2})$/;

const v4Groups = (text: string): number[] | undefined => {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => octet.test(part) && Number(part) <= 255)) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number);
  return [a * 256 + b, c * 256 + d];
};

const v6Side = (text: string): number[] | undefined => {
  if (text === '') return [];
  const parts = text.split(':');
  const last = parts.at(-1) ?? '';
  const tail = last.includes('.') ? v4Groups(last) : undefined;
  const heads = tail === undefined ? parts : parts.slice(0, -1);
  return heads.every((part) => /^[0-9a-f]{1,4}$/i.test(part))
    ? [...heads.map((part) => Number.parseInt(part, 16)), ...(tail ?? [])]
    : undefined;
};

const v6Groups = (text: string): number[] | undefined => {
  const sides = text.split('::');
  const [left, right] = [v6Side(sides[0] ?? ''), v6Side(sides[1] ?? '')];
  if (left === undefined || right === undefined || sides.length > 2) return undefined;
  if (sides.length === 1) return left.length === 8 ? left : undefined;
  const missing = 8 - left.length - right.length;
  return missing > 0 ? [...left, ...Array.from({ length: missing }, () => 0), ...right] : undefined;
};

/** An address as groups of 16 bits: two of IPv4, eight of IPv6. */
const groupsOf = (text: string): number[] | undefined => (text.includes(':') ? v6Groups(text) : v4Groups(text));

interface Block {
  readonly groups: readonly number[];
  readonly bits: number;
}

/** A CIDR block, or an address as a block of one; undefined for what is neither. */
export const readBlock = (text: string): Block | undefined => {
  const [base = '', length, ...rest] = text.split('/');
  const groups = groupsOf(base);
  if (groups === undefined || rest.length > 0) return undefined;
  const most = groups.length * 16;
  const bits = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  return bits <= most ? { groups, bits } : undefined;
};

/** Whether the address is in the block. Never across the families. */
export const ipAddress: Compare = (policyValue, value) => {
  const [block, address] = [readBlock(policyValue), groupsOf(value)];
  if (block === undefined || address?.length !== block.groups.length) return false;
  return block.groups.every((group, index) => {
    const ignored = 16 - Math.min(16, Math.max(0, block.bits - index * 16));
    return group >> ignored === (address[index] ?? -1) >> ignored;
  });
};
