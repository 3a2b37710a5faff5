/** What Fluent UI and teams-js need of a browser and jsdom lacks. */
class StillResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

Object.defineProperty(globalThis, 'ResizeObserver', { value: StillResizeObserver, writable: true });
Object.defineProperty(globalThis, 'matchMedia', {
  value: () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }),
});
if (!('fetch' in globalThis)) {
  // Offline: teams-js asks a server of Microsoft's which hosts there are, and knows some by itself.
  Object.defineProperty(globalThis, 'fetch', { value: () => Promise.reject(new TypeError('Failed to fetch')) });
}
