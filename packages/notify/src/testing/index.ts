export { checkSlackPayload } from './check-slack-payload.ts';
export {
  type SlackFailure,
  type SlackRequest,
  type SlackServer,
  type SlackServerOptions,
  startSlackServer,
} from './slack-server.ts';
