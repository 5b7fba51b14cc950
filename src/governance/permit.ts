import { type Source, supports } from '../domains/index.ts';
import type { Door, Operation } from '../operations/operation.ts';
import type { Principal } from './principal.ts';

/** Whether this principal has this operation at this door, on what its clinic's record systems can do. tools/list, OpenAPI and execute all ask here. */
export function permits(principal: Principal, operation: Operation, door: Door, source: Source): boolean {
  return (
    (operation.doors as readonly Door[]).includes(door) &&
    principal.permissions.has(operation.permission) &&
    operation.needs.every((need: Parameters<typeof supports>[1]) => supports(source, need))
  );
}
