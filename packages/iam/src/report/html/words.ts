import { addTo, days, type Instant } from '@remedykit/core';
import { ageInDays } from '../../days.ts';
import type { CaseState, RuleName, Stage } from '../../model/case.ts';

/** `12000` as `12,000`. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 user`, `5,000 users`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`;

/** The day of an instant, in UTC. */
export const dayOf = (instant: Instant): string => instant.split('T')[0] ?? '';

/** An instant to the minute, in UTC. */
export const minuteOf = (instant: Instant): string => instant.slice(0, 16).replace('T', ' ');

/** A day, as seen from another: `today`, `in 10 days`, `3 days ago`; nothing for what is no instant. */
export const awayWords = (instant: Instant, from: Instant): string => {
  if (Number.isNaN(Date.parse(instant))) return '';
  const away = -ageInDays(instant, from);
  if (away === 0) return 'today';
  return away > 0 ? `in ${counted(away, 'day')}` : `${counted(-away, 'day')} ago`;
};

/** The age of what exists since an instant; nothing for what is no instant. */
export const ageWords = (since: Instant, at: Instant): string =>
  Number.isNaN(Date.parse(since)) ? '' : `${counted(Math.max(0, ageInDays(since, at)), 'day')} old`;

/** True for what ends within so many days. */
export const isWithin = (instant: Instant, from: Instant, count: number): boolean =>
  Date.parse(instant) <= Date.parse(addTo(from, days(count)));

/** Rules as short as a choice needs them. */
export const ruleWords: Readonly<Record<RuleName, string>> = {
  mfa: 'No MFA',
  'key-age': 'Old access key',
  'key-unused': 'Unused access key',
  'service-specific-age': 'Old service credential',
  'certificate-age': 'Old certificate',
  'ssh-key-age': 'Old SSH key',
};

/** Where a case stands for who reads a report. */
export type Standing = 'incident' | 'left' | 'due' | 'held' | 'denied' | 'acted' | CaseState;

/** What weighs most comes first. */
export const standings: readonly Standing[] = [
  'incident',
  'left',
  'due',
  'held',
  'cannot-warn',
  'undeliverable',
  'unowned',
  'warned',
  'new',
  'denied',
  'acted',
  'exempt',
];

/** Standings for people. */
export const standingWords: Readonly<Record<Standing, string>> = {
  incident: 'incident',
  left: 'left to security',
  due: 'time is up',
  held: 'on hold',
  'cannot-warn': 'no mail possible',
  undeliverable: 'not reached',
  unowned: 'no owner',
  warned: 'warned',
  new: 'not warned yet',
  denied: 'denied until MFA',
  acted: 'acted on',
  exempt: 'exempt',
};

/** What a standing means. */
export const standingMeanings: Readonly<Record<Standing, string>> = {
  incident: 'made active again after every deactivation',
  left: 'a person has to decide',
  due: 'the deadline has passed, and nothing was done',
  held: 'every session is denied until a person answers',
  'cannot-warn': 'nothing is done as long as this lasts',
  undeliverable: 'security is asked',
  unowned: 'only the fallback could be told',
  warned: 'an owner knows the deadline',
  new: 'the first mail is still to come',
  denied: 'since an earlier run, until MFA is set up',
  acted: 'this run did what was due',
  exempt: 'until its exemption ends',
};

/** Which mail. */
export const stageWords = (stage: Stage): string => {
  if (stage === 'unowned') return 'second mail to the fallback';
  if (stage === 'undeliverable') return 'request to security';
  return stage === 0 ? 'mail on the day of the deadline' : `mail ${counted(stage, 'day')} before the deadline`;
};
