export { checkSlackPayload } from './check-slack-payload.ts';
export {
  type SlackFailure,
  type SlackRequest,
  type SlackServer,
  type SlackServerOptions,
  startSlackServer,
} from './slack-server.ts';
export { startTeamsServer, type TeamsServer, type TeamsServerOptions } from './teams-server.ts';
export { checkTeamsCard, checkTeamsMessage } from './teams-server-card.ts';
