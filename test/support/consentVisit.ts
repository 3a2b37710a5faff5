/** Someone who is at Microsoft for a consent, and the ways back from there. */
import type { ConsentStory } from './consentStory.ts';

export interface Visit {
  readonly id: string;
  readonly address: URL;
  readonly browserSecret: string;
}

type Answer = ReturnType<ConsentStory['comesBack']>;

/** Opens what an id stands for; what was recorded until then is forgotten. */
export async function visitOf(story: ConsentStory, id: string): Promise<Visit> {
  const opened = await story.opens(id);
  story.recorded();
  return { id, ...opened };
}

export function back(
  story: ConsentStory,
  { address, browserSecret }: Visit,
  answer: Readonly<Record<string, string>>,
): Answer {
  return story.comesBack(address, browserSecret, answer);
}

/** Someone signs in at the end, having passed the page for admins. */
export async function signsIn(story: ConsentStory, visit: Visit, memberId: string): Promise<Awaited<Answer>> {
  const next = await back(story, visit, { admin_consent: 'True' });
  return next.kind === 'redirect'
    ? back(story, { ...visit, address: new URL(next.url) }, { code: memberId })
    : Promise.reject(new Error(`It ended with ${next.kind}`));
}
