/** Finds what a control request names, or refuses it with a sentence for whoever asked. */
import type { Tenant, World } from '../world/world.ts';

/** A request that cannot be fulfilled as it is. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function tenantOf(world: World, name: string): Tenant {
  const tenant = world.findTenant(name);
  if (tenant === undefined) {
    throw new ControlError(404, `There is no tenant ${name}`);
  }
  return tenant;
}

export function accountOf(world: World, upn: string) {
  const account = world.findPerson(upn);
  if (account === undefined) {
    throw new ControlError(404, `There is nobody called ${upn}`);
  }
  return account;
}
