/**
 * Goes through Microsoft's pages as a browser would, without one: follows redirects, keeps cookies, and posts
 * the forms of the sandbox's screens.
 */
import type { Answer, World } from './createWorld.ts';

export interface Walk {
  /** The last page, and the address at which it was. */
  readonly page: Answer;
  readonly path: string;
  readonly cookies: ReadonlyMap<string, string>;
}

/** Opens `path` and follows redirects to the first page that is shown. */
export async function visit(world: World, path: string, cookies = new Map<string, string>()): Promise<Walk> {
  return follow(world, path, await world.request(path, { headers: cookieHeader(cookies) }), cookies);
}

/** Submits a form of the page that is shown, with the button's name and value. */
export async function press(world: World, walk: Walk, name: string, value: string): Promise<Walk> {
  const forms = walk.page.text.match(/<form[\s\S]*?<\/form>/g) ?? [];
  const form = forms.find((text) => text.includes(`name="${name}" value="${value}"`));
  if (form === undefined) {
    throw new Error(`The page has no button ${name}=${value}: ${walk.page.text.slice(0, 2_000)}`);
  }
  const fields = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  const body = new URLSearchParams(fields.map(([, key = '', text = '']) => [key, unescape(text)]));
  body.set(name, value);
  const cookies = new Map(walk.cookies);
  const answer = await world.request(walk.path, {
    method: 'POST',
    headers: { ...cookieHeader(cookies), 'content-type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
  });
  return follow(world, walk.path, answer, cookies);
}

async function follow(world: World, from: string, first: Answer, cookies: Map<string, string>): Promise<Walk> {
  let answer = first;
  let path = from;
  for (let hops = 0; hops < 10; hops += 1) {
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) {
      return { page: answer, path, cookies };
    }
    const next = new URL(location, world.origin);
    path = `${next.pathname}${next.search}`;
    answer = await world.request(path, { headers: cookieHeader(cookies) });
  }
  throw new Error('The redirects do not end');
}

function cookieHeader(cookies: ReadonlyMap<string, string>): Record<string, string> {
  return cookies.size === 0 ? {} : { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
}

function unescape(text: string): string {
  return text.replace(/&#(\d+);/g, (_match, code) => String.fromCharCode(Number(code)));
}
