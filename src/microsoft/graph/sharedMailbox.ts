/**
 * Whether Microsoft opens a shared mailbox to a member: one request a category, the first that reading it makes.
 *
 * Source  "Get Outlook messages in a shared or delegated folder", "Get Outlook contacts in a shared folder"
 *         (learn.microsoft.com/graph): both the scope and Exchange's own permission are needed.
 */
import { z } from 'zod';
import type { Category } from '../../domain/categories/categories.ts';
import type { GraphAccess, GraphAnswer } from '../../sync/ports.ts';
import type { GraphTransport } from './transport.ts';
import { RESOURCES } from './resources.ts';

const Anything = z.object({});

/** `value` is whether it is open; `access` leads into that mailbox. */
export async function probeSharedMailbox(
  transport: GraphTransport,
  { accessToken, mailbox }: GraphAccess,
  category: Category,
): Promise<GraphAnswer<boolean>> {
  const answer = await transport.get(
    accessToken,
    transport.url(`${mailbox}/${RESOURCES[category].sharedProbe ?? ''}`),
    Anything,
  );
  if (answer.kind === 'ok') {
    return { kind: 'ok', value: true };
  }
  return isClosed(answer) ? { kind: 'ok', value: false } : answer;
}

/** Whether Graph answers as it does of a mailbox that is not open to the caller. */
export function isClosed({ kind }: GraphAnswer<unknown>): boolean {
  return kind === 'forbidden' || kind === 'notFound' || kind === 'mailboxUnavailable';
}
