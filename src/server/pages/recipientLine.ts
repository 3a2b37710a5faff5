/** Who receives what is granted, on the pages around Microsoft's. As HTML. */
import type { OperatorSettings } from '../operatorSettings.ts';
import { escapeHtml } from './escapeHtml.ts';
import { pageText } from './pageText.ts';

export function recipientLine(
  says: 'recipient.receives' | 'recipient.decides',
  { name, logoFile, privacyUrl }: OperatorSettings,
): string {
  const logo = logoFile === null ? '' : '<img src="/operator/logo" alt="" width="32" height="32">';
  const policy = pageText('privacy.link', { operator: name });
  const link = privacyUrl === null ? '' : ` <a href="${escapeHtml(privacyUrl)}">${policy}</a>.`;
  return `<p class="recipient">${logo}<span>${pageText(says, { operator: name })} ${pageText('recipient.publisher')}${link}</span></p>`;
}
