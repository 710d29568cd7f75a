export { checkChatbotNotification } from '../chatbot/check-notification.ts';
export { type ChatbotReading, readAsChatbot } from './chatbot-schema.ts';
export { checkSlackPayload } from './check-slack-payload.ts';
export type { AwsCall, AwsFault, FakeAwsControls } from './fake-aws-client.ts';
export type { FakeServer, ServerFailure, ServerRequest } from './fake-server.ts';
export { createFakeSes, type FakeSes, type FakeSesOptions, type SentMail } from './mail-server.ts';
export { type NotifierHarness, notifierContract } from './notifier-contract.ts';
export {
  checkPagerDutyEvent,
  type PagerDutyAlert,
  type PagerDutyServer,
  type PagerDutyServerOptions,
  startPagerDutyServer,
} from './pagerduty-server.ts';
export {
  createRecordingNotifier,
  type RecordedFailure,
  type RecordedMessage,
  type RecordingNotifier,
} from './recording-notifier.ts';
export {
  type SlackApiMessage,
  type SlackApiServer,
  type SlackApiServerOptions,
  startSlackApiServer,
} from './slack-api-server.ts';
export {
  type SlackFailure,
  type SlackRequest,
  type SlackServer,
  type SlackServerOptions,
  startSlackServer,
} from './slack-server.ts';
export { createFakeSns, type FakeSns, type FakeSnsOptions, type PublishedMessage } from './sns-server.ts';
export { startTeamsServer, type TeamsServer, type TeamsServerOptions } from './teams-server.ts';
export { checkTeamsCard, checkTeamsMessage } from './teams-server-card.ts';
