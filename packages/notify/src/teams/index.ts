export type { AdaptiveCard, CardElement, TeamsMessage } from './card.ts';
export { teamsLimits } from './limits.ts';
export { createTeamsNotifier, type TeamsNotifierOptions } from './notifier.ts';
export { renderTeamsMessage, type TeamsEnvelope } from './render.ts';
