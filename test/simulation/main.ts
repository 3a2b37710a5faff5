/** Runs any number of seeds one after another, and prints what led to each failure and how far it has come. */
import { parseArgs } from 'node:util';
import { openTestDatabase } from '../support/databases.ts';
import { Simulation } from './simulation.ts';

const { values } = parseArgs({
  options: { from: { type: 'string', default: '1' }, seeds: { type: 'string', default: '100' } },
});
const from = Number(values.from);
const seeds = Number(values.seeds);
/** After so many seeds a line says that the run is alive, and what would be known if it ended here. */
const SEEDS_PER_LINE = 100;

const database = await openTestDatabase('pglite');
const failed: number[] = [];
for (let seed = from; seed < from + seeds; seed += 1) {
  const simulation = await Simulation.open(seed, database);
  try {
    await simulation.run();
  } catch (error) {
    failed.push(seed);
    const history = simulation.scheduler.history.join('\n  ');
    process.stdout.write(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n  ${history}\n`);
  }
  if ((seed + 1 - from) % SEEDS_PER_LINE === 0) {
    process.stdout.write(`to ${seed}: ${failed.length} failed\n`);
  }
}
process.stdout.write(
  `${seeds} seeds from ${from}: ${failed.length} failed${failed.map((seed) => ` ${seed}`).join('')}\n`,
);
await database.close();
process.exitCode = failed.length === 0 ? 0 : 1;
