import { type Source, supports } from '../domains/index.ts';
import { type Door, needsOf, type Operation, type Toolset } from '../operations/operation.ts';
import type { Principal } from './principal.ts';
import { shownTo } from './roles.ts';

/** Whether this principal has this operation at this door, on what its clinic's record systems can do. tools/list, OpenAPI and execute all ask here.
 *  `narrowed`: the toolsets that the caller asked to be held to. They take away from what the credential carries; where neither is said, a model has what its
 *  role is shown. */
export function permits(
  principal: Principal,
  operation: Operation,
  door: Door,
  { source, narrowed }: { source: Source; narrowed?: ReadonlySet<Toolset> | undefined },
): boolean {
  const { toolset, permission } = operation;
  const asked = narrowed ?? principal.toolsets ?? (door === 'mcp' ? shownTo(principal.role) : undefined);
  return (
    (operation.doors as readonly Door[]).includes(door) &&
    principal.permissions.has(permission) &&
    [principal.toolsets, asked].every((carried) => toolset === 'always' || carried?.has(toolset) !== false) &&
    needsOf(operation).every((need) => supports(source, need))
  );
}
