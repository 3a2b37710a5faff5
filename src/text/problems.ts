/** What a caller is told of each problem, and what to do next. */
import type { ProblemCode } from '../domain/problems.ts';
import en from './en/problems.json' with { type: 'json' };

export interface ProblemText {
  readonly sentence: string;
  readonly action: string;
}

export const PROBLEM_TEXTS: Readonly<Record<ProblemCode, ProblemText>> = en;
