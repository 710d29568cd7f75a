import type { Message } from '@remedykit/core';
import { viewMessage } from '../fit/message-view.ts';
import { renderPlainText } from '../fit/plain-text.ts';
import { attributeBytes, attributesOf, type SnsAttribute } from './attributes.ts';
import { snsBudget } from './limits.ts';
import { renderSubject } from './subject.ts';

/** What is published to a topic, beside its ARN. */
export interface SnsPayload {
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes: Readonly<Record<string, SnsAttribute>>;
}

/**
 * A message as plain text for people, with a subject and attributes, within `maxBytes` of body and attributes together.
 * The text never is JSON, so no subscriber takes it for an instruction.
 */
export const renderSnsMessage = (message: Message, maxBytes: number = snsBudget.bytes): SnsPayload => {
  const view = viewMessage(message);
  const MessageAttributes = attributesOf(message);
  return {
    Subject: renderSubject(view),
    Message: renderPlainText(view, maxBytes - attributeBytes(MessageAttributes)),
    MessageAttributes,
  };
};
