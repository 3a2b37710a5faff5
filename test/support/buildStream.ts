/** A stream as it is before anything was read. */
import type { Category } from '../../src/domain/categories/categories.ts';
import type { Stream } from '../../src/sync/ports.ts';

export function aStream(category: Category, container: string, level: Stream['level'], dueAt: Date): Stream {
  return {
    key: `${category}:${container}`,
    category,
    container,
    level,
    cursor: null,
    generation: 1,
    stage: 'baseline',
    windowOn: null,
    reconciledAt: null,
    dueAt,
    failures: 0,
    begunRound: null,
    rejudgeAt: null,
    isShared: false,
    succeededAt: null,
    wakes: 0,
    pageSize: null,
    isLight: false,
    emptyPages: 0,
    endless: 0,
  };
}
