export { replayHtml } from '../report/html/page.ts';
export { replayText } from '../report/text.ts';
export { createReplay, type Replay, type ReplayedEvent, type ReplayOptions } from './create-replay.ts';
export { type CloudTrailSource, type ReadCloudTrailOptions, readCloudTrail } from './records/read-cloudtrail.ts';
export type { CloudTrailRecord } from './records/unwrap.ts';
export type {
  DenialRow,
  NotEvaluated,
  PrincipalRow,
  ReplayExample,
  ReplayOutcome,
  ReplayReport,
  ReplayRows,
  ReportedStatement,
  Seen,
  StatementRow,
  UnknownRow,
  UnmappedRow,
} from './report.ts';
