export type { PolicyDocument, PolicyStatement } from '../permissions/policy.ts';
export { sesLimits } from './limits.ts';
export { createSesNotifier, type SesNotifier, type SesNotifierOptions } from './notifier.ts';
export { type SesPermissionOptions, sesPermissions } from './permissions.ts';
export { type Mail, type MailRendering, renderMail } from './render.ts';
export { mailAccountTag, mailKeyHash, mailKeyTag } from './tags.ts';
