import { statementsOf } from './elements.ts';
import type { LintRule } from './finding.ts';
import { nearest } from './nearest.ts';
import { hasPlaceholder } from './placeholders.ts';

/** Actions that are none, in Action and in NotAction. */
export const deadActions: LintRule = ({ document, data }) =>
  statementsOf(document).flatMap(({ actions }) =>
    actions.flatMap(({ path, text }) => {
      if (hasPlaceholder(text) || data.actionsLike(text).length > 0) return [];
      const [service = '', name = ''] = text.split(':');
      const formed = /^[^:]+:[^:]+$/.test(text);
      const known = formed && data.services.includes(service.toLowerCase());
      const meant = known
        ? nearest(
            text,
            data.actionsLike(`${service}:*`).map(({ action }) => action),
          )
        : [`${service}2`, nearest(service, data.services)].find((other) => data.services.includes(other ?? ''));
      const what = known
        ? `${service} has no action ${name}`
        : formed
          ? `there is no service ${service}`
          : 'an action is service:Name';
      return [
        {
          code: 'dead-action',
          path,
          message: `${text} does nothing: ${what} (as of ${data.asOf}).`,
          fix:
            meant === undefined
              ? 'Take it out, or correct it.'
              : `Write ${known ? meant : `${meant}:${name}`}, if that is meant.`,
        },
      ];
    }),
  );
