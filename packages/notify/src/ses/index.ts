export { sesLimits } from './limits.ts';
export { createSesNotifier, type SesNotifier, type SesNotifierOptions } from './notifier.ts';
export { type Mail, type MailRendering, renderMail } from './render.ts';
export { mailAccountTag, mailKeyHash, mailKeyTag } from './tags.ts';
