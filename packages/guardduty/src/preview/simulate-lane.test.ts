import { days, hours, minutes } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { sampleLane, sampleSighting } from './sample-sightings.ts';
import { type LaneSettings, type Placed, type Sighting, simulateLane } from './simulate-lane.ts';

const play = (sightings: readonly Sighting[], settings: LaneSettings = sampleLane(16)) => {
  const placed: Placed[] = [];
  const ended: (readonly [string, number])[] = [];
  const fills = simulateLane(sightings, settings, {
    onPlaced: (_, each) => void placed.push(each),
    onEnded: (cidr, ms) => void ended.push([cidr, ms]),
  });
  return { placed, ended, fills };
};

const hosts = (count: number): string[] => Array.from({ length: count }, (_, index) => `198.51.100.${index}/32`);

describe('simulateLane', () => {
  it('holds a deny until it ends, and counts it on each day that it touches', () => {
    const { fills, ended, placed } = play([sampleSighting('198.51.100.7/32', 0)]);
    expect(fills).toMatchObject([
      { family: 4, peak: 1, peakDay: '2026-09-01', fullDays: 0, written: 1, extended: 0, withoutRoom: 0 },
    ]);
    expect(fills[0]?.days).toEqual([
      ['2026-09-01', 1],
      ['2026-09-02', 1],
    ]);
    expect(ended).toEqual([['198.51.100.7/32', hours(24)]]);
    expect(placed).toMatchObject([{ held: true, reason: 'new' }]);
  });

  it('lets a later sighting extend the deny, and one after its end begin a new one', () => {
    const { fills, ended, placed } = play([
      sampleSighting('198.51.100.7/32', 0),
      sampleSighting('198.51.100.7/32', hours(20)),
      sampleSighting('198.51.100.7/32', hours(45)),
    ]);
    expect(fills).toMatchObject([{ written: 2, extended: 1, peak: 1 }]);
    expect(ended).toEqual([
      ['198.51.100.7/32', hours(44)],
      ['198.51.100.7/32', hours(24)],
    ]);
    expect(placed.map(({ reason }) => reason)).toEqual(['new', 'seen-again', 'new']);
  });

  it('ends a deny after the longest block, however often it is seen', () => {
    const everyHalfDay = Array.from({ length: 20 }, (_, index) => sampleSighting('198.51.100.7/32', index * hours(12)));
    expect(play(everyHalfDay).ended[0]).toEqual(['198.51.100.7/32', days(7)]);
  });

  it('says of whom there was no room, and has room again once a deny has ended', () => {
    const crowd = hosts(4).map((cidr, index) => sampleSighting(cidr, index * minutes(1)));
    const later = sampleSighting('203.0.113.9/32', hours(25));
    const { placed, fills } = play([...crowd, later], sampleLane(3));
    expect(placed.map(({ held }) => held)).toEqual([true, true, true, false, true]);
    expect(placed[3]).toMatchObject({ reason: 'quota' });
    expect(fills).toMatchObject([{ peak: 3, fullDays: 2, withoutRoom: 1, written: 4 }]);
  });

  it('has no room at all where the quota is used up by people', () => {
    const { placed, fills } = play([sampleSighting('198.51.100.7/32', 0)], sampleLane(0));
    expect(placed).toMatchObject([{ held: false, reason: 'quota' }]);
    expect(fills).toMatchObject([{ peak: 0, written: 0, withoutRoom: 1, days: [] }]);
  });

  it('writes no more in an hour than the policy allows', () => {
    const settings = sampleLane(16);
    const policy = { ...settings.policy, entryWritesPerHour: 2 };
    const { placed } = play(
      hosts(3).map((cidr, index) => sampleSighting(cidr, index)),
      { ...settings, policy },
    );
    expect(placed.map(({ held, reason }) => [held, reason])).toEqual([
      [true, 'new'],
      [true, 'new'],
      [false, 'flood'],
    ]);
  });

  it('counts both families apart', () => {
    const { fills } = play(
      [sampleSighting('198.51.100.7/32', 0), sampleSighting('2001:db8::/64', 1), sampleSighting('2001:db8:1::/64', 2)],
      sampleLane(1),
    );
    expect(fills).toMatchObject([
      { family: 4, peak: 1, withoutRoom: 0 },
      { family: 6, peak: 1, withoutRoom: 1 },
    ]);
  });

  it('writes one entry per run of ports', () => {
    const runs = [
      { from: 22, to: 22 },
      { from: 443, to: 443 },
    ];
    expect(play([sampleSighting('198.51.100.7/32', 0, { runs })]).fills).toMatchObject([{ written: 2, peak: 2 }]);
  });

  it('lets who comes back take the place of who was seen once, once the residence is over', () => {
    const crowd = hosts(2).map((cidr, index) => sampleSighting(cidr, index));
    const persistent = sampleSighting('203.0.113.9/32', hours(3), { sightings: 8 });
    const { fills, placed, ended } = play([...crowd, persistent], sampleLane(2));
    expect(placed.at(-1)).toMatchObject({ held: true });
    expect(fills).toMatchObject([{ peak: 2, swapped: 1, written: 3 }]);
    expect(ended.find(([, ms]) => ms < hours(24))?.[1]).toBeGreaterThanOrEqual(hours(1));
  });
});
