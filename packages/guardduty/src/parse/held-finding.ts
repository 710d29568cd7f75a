import type { Finding, Provenance } from '../finding.ts';
import { readFindingDocument } from './finding-document.ts';

/**
 * A finding as GuardDuty holds it: one element of the SDK's GetFindings answer, which is PascalCase.
 * @param provenance that of the event whose finding is read back: reading back proves the content, not the channel
 * @throws RemediationError `FINDING_MALFORMED`, naming the field by its path
 */
export const parseHeldFinding = (finding: unknown, provenance: Provenance): Finding =>
  readFindingDocument(finding, { envelope: 'a GetFindings (PascalCase) document', path: [] }, provenance);
