/** Random histories of the engine, each from its seed; `SIMULATION_SEED` and `SIMULATION_RUNS` try others. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../src/db/openDatabase.ts';
import { openTestDatabase } from '../support/databases.ts';
import { Simulation } from './simulation.ts';

const FIRST = Number(process.env['SIMULATION_SEED'] ?? 1);
const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 100);

let database: Database;

beforeAll(async () => {
  database = await openTestDatabase('pglite');
});
afterAll(() => database.close());

test.each(Array.from({ length: RUNS }, (_, index) => FIRST + index))(
  'whatever happens in whatever order, what is stored ends up as Microsoft has it: seed %i',
  async (seed) => {
    const simulation = await Simulation.open(seed, database);

    await expect(simulation.run()).resolves.toBeUndefined();
  },
);
