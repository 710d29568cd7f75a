import type { Source } from './part.ts';

/** `protectGuardDuty` as `ProtectGuardDuty`; a Sid takes letters and digits alone. */
const camelCase = (text: string): string =>
  text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/**
 * The Sid of a statement with these sources: its own where it has one source, else the ids of the guardrails that it is made
 * of, each once. A source without an id is named by its Sid, one without both by nothing.
 */
const sidOf = (sources: readonly Source[]): string => {
  const [first, ...others] = sources;
  if (first !== undefined && others.length === 0) return first.sid ?? '';
  return [...new Set(sources.map(({ policy, sid = '' }) => camelCase(policy ?? sid)))].join('');
};

/** A Sid for each list of sources. Where two would be the same, the later one gets a number. */
export const sidsOf = (sources: readonly (readonly Source[])[]): readonly string[] => {
  const taken = new Set<string>();
  return sources.map((list) => {
    const sid = sidOf(list);
    if (sid === '') return '';
    let free = sid;
    for (let number = 2; taken.has(free); number += 1) free = `${sid}${number}`;
    taken.add(free);
    return free;
  });
};
