import type { PreviewReport } from '../report.ts';
export const previewHtml = (report: PreviewReport): string => report.library;
