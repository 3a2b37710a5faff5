/**
 * A consent from the page's side: prepared while the person reads, opened by their click, followed to its end.
 *
 * The popup's end proves nothing; what the server says of the transaction is the outcome.
 */
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../api/client.ts';
import { type ConsentAsk, readConsent, startConsent, useApi } from '../api/queries.ts';
import type { ConsentDocument, StartedConsent } from '../../contract/api/consents.ts';
import type { Refusal } from '../../domain/refusals.ts';
import type { Host, PopupEnd } from '../hosts/host.ts';
import { useSame } from './useSame.ts';

export type ConsentState =
  | { readonly kind: 'preparing' }
  | { readonly kind: 'ready'; readonly started: StartedConsent }
  | { readonly kind: 'waiting'; readonly started: StartedConsent }
  | { readonly kind: 'propagating' }
  | { readonly kind: 'done' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'popupBlocked'; readonly started: StartedConsent }
  | { readonly kind: 'refused'; readonly reason: Refusal }
  | { readonly kind: 'failed'; readonly error: Error };

export interface Consent {
  readonly state: ConsentState;
  /** Opens Microsoft's page; must be called from a click. */
  open(): void;
  /** The newest transaction, also one that was refused from the start: what a link is made from. */
  readonly id: string | null;
  /** Begins a new transaction after one has ended. */
  again(): void;
}

/** Whether a state follows a question that stands until the person begins again. */
const IS_SUBMITTED: Readonly<Record<ConsentState['kind'], boolean>> = {
  preparing: false,
  ready: false,
  waiting: true,
  closed: true,
  popupBlocked: true,
  propagating: true,
  done: true,
  refused: true,
  failed: false,
};

export function isSubmitted({ kind }: ConsentState): boolean {
  return IS_SUBMITTED[kind];
}

const POLL_INTERVAL_MS = 700;
/** A popup may close itself before the server's answer is seen here. */
const POLLS_AFTER_CLOSE = 3;

/** `asking` is `null` while there is nothing to ask; a changed one replaces the transaction. */
export function useConsent(host: Host, asking: ConsentAsk | null): Consent {
  const api = useApi();
  const ask = useSame(asking);
  const [state, setState] = useState<ConsentState>({ kind: 'preparing' });
  const [attempt, setAttempt] = useState(0);
  const [id, setId] = useState<string | null>(null);
  const followed = useRef<AbortController | null>(null);
  useEffect(() => {
    // Let a transaction in progress finish, even if a live update changes the request.
    if (followed.current?.signal.aborted === false) {
      return undefined;
    }
    setState({ kind: 'preparing' });
    if (ask === null) {
      return undefined;
    }
    let isCurrent = true;
    startConsent(api, ask).then(
      (started) => {
        if (isCurrent) {
          setId(started.id);
          setState({ kind: 'ready', started });
        }
      },
      (error: unknown) => {
        if (isCurrent) {
          setId(error instanceof ApiError ? (error.problem?.consent?.id ?? null) : null);
          setState({ kind: 'failed', error: error instanceof Error ? error : new Error('unknown') });
        }
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [api, ask, attempt]);
  useEffect(() => () => followed.current?.abort(), []);

  const open = () => {
    if (state.kind !== 'ready' || ask === null) {
      return;
    }
    const { started } = state;
    const popup = host.openPopup(started.startUrl);
    const following = new AbortController();
    followed.current = following;
    setState({ kind: 'waiting', started });
    let popupEnd: PopupEnd | null = null;
    void popup.ended.then((end) => {
      popupEnd = end;
    });
    const look = () => readConsent(api, ask.consentType, started.id);
    const isOver = () => popupEnd;
    void follow(look, isOver, following.signal, (next) => {
      if (next.kind === 'propagating' || next.kind === 'refused' || next.kind === 'done') {
        popup.close();
      }
      if (next.kind === 'refused' || next.kind === 'done') {
        following.abort();
      }
      setState(
        next.kind === 'popupBlocked' ? { ...next, started } : next.kind === 'waiting' ? { ...next, started } : next,
      );
    });
  };
  return {
    state,
    id,
    open,
    again: () => {
      followed.current?.abort();
      setState({ kind: 'preparing' });
      setAttempt(attempt + 1);
    },
  };
}

type Seen =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'popupBlocked' }
  | Exclude<ConsentState, { kind: 'waiting' | 'popupBlocked' | 'preparing' | 'ready' }>;

async function follow(
  look: () => ReturnType<typeof readConsent>,
  popupEnd: () => PopupEnd | null,
  signal: AbortSignal,
  onChange: (seen: Seen) => void,
): Promise<void> {
  let looksAfterClosing = 0;
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    // A look that fails is repeated: only an answer can end the waiting.
    const consent = await look().catch(() => null);
    if (signal.aborted) {
      return;
    }
    const seen = consent === null ? null : seenOf(consent.state, consent.reason);
    if (seen !== null && seen.kind !== 'waiting') {
      onChange(seen);
    }
    if (seen?.kind === 'done' || seen?.kind === 'refused') {
      return;
    }
    if (popupEnd()?.kind === 'blocked' && seen?.kind !== 'propagating') {
      // The person may still open the page by the link that is shown then.
      onChange({ kind: 'popupBlocked' });
    } else if (seen?.kind === 'waiting' && popupEnd() !== null) {
      looksAfterClosing += 1;
      if (looksAfterClosing > POLLS_AFTER_CLOSE) {
        // Only a hint: a sign-in page with Cross-Origin-Opener-Policy looks closed while it is being read.
        onChange({ kind: 'closed' });
      }
    }
  }
}

function seenOf(state: ConsentDocument['state'], reason: Refusal | undefined): Seen {
  switch (state) {
    case 'verified':
    case 'grantedUnproven':
      return { kind: 'done' };
    case 'propagating':
    case 'settling':
      return { kind: 'propagating' };
    case 'refused':
      return { kind: 'refused', reason: reason ?? 'other' };
    case 'expired':
      return { kind: 'refused', reason: 'expired' };
    case 'started':
      return { kind: 'waiting' };
  }
}
