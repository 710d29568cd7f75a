import { consistencyWindow } from '../policy.ts';
import { type Notice, releasedPrefix } from './ledger.ts';

/** As many characters as a notice holds whole: a number that was cut would be another one. */
const maxLength = 600;

/** Rule numbers that were taken out together. */
interface Batch {
  readonly at: number;
  readonly numbers: readonly number[];
}

const isRecent = ({ at }: Batch, now: Date): boolean => now.getTime() - at <= consistencyWindow;

/** What the notice holds, `released/0:11,14;12000:10`: each batch with its age at the time of the notice, ms. */
const batchesOf = (notices: readonly Notice[]): Batch[] => {
  const notice = notices.find(({ about }) => about.startsWith(releasedPrefix));
  if (notice === undefined) return [];
  return notice.about
    .slice(releasedPrefix.length)
    .split(';')
    .flatMap((text): Batch[] => {
      const [age = '', numbers = ''] = text.split(':');
      const at = Date.parse(notice.at) - Number(age);
      return Number.isNaN(at) ? [] : [{ at, numbers: numbers.split(',').map(Number) }];
    });
};

/** Rule numbers that were taken out a moment ago: EC2 may still show their entries. Pure. */
export const releasedLately = (notices: readonly Notice[], now: Date): ReadonlySet<number> =>
  new Set(batchesOf(notices).flatMap((batch) => (isRecent(batch, now) ? batch.numbers : [])));

/** What is to be noted when `numbers` are taken out: those of a moment ago stay with them, each as old as it is. Pure. */
export const releasedNotice = (notices: readonly Notice[], numbers: readonly number[], now: Date): Notice => {
  const before = batchesOf(notices).flatMap((batch): Batch[] => {
    const others = batch.numbers.filter((number) => !numbers.includes(number));
    return isRecent(batch, now) && others.length > 0 ? [{ at: batch.at, numbers: others }] : [];
  });
  const texts = [{ at: now.getTime(), numbers }, ...before].map(
    (batch) => `${now.getTime() - batch.at}:${batch.numbers.join(',')}`,
  );
  while (texts.length > 1 && texts.join(';').length > maxLength) texts.pop();
  return { about: `${releasedPrefix}${texts.join(';')}`, at: now.toISOString() };
};
