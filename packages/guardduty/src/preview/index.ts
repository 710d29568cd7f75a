export { createPreview, type Preview } from './create-preview.ts';
export { previewHtml } from './html/page.ts';
export type { PreviewLimits, PreviewOptions } from './options.ts';
export type {
  AttackerRow,
  EscalationRow,
  FillRow,
  PreviewExample,
  PreviewOutcome,
  PreviewReport,
  ReasonRow,
  Rows,
  TypeRow,
  UnmadeCheck,
} from './report.ts';
export { previewText } from './text.ts';
