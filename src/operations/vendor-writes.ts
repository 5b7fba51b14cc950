import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import {
  DECISIONS,
  OPEN_WRITES,
  OpenedWrite,
  OperationId,
  OperationState,
  VendorId,
  VendorWrite,
  WriteId,
} from '../domains/vendor-writes.ts';
import { operation, pageOf, paging } from './operation.ts';

export const getOperation = operation({
  name: 'get_operation',
  title: 'Get what became of a write to a vendor',
  description:
    'What became of a signed draft that is written to a vendor’s record system: pending, confirmed, rejected, needs_a_person or cancelled. get_draft gives the operation_id. Never draft the same again while it is pending or needs a person: it could be there twice. Ask again after poll_after_s.',
  toolset: 'always',
  rest: 'GET /operations/{operation_id}',
  doors: ['mcp', 'rest'],
  permission: 'vendor_writes:read',
  effect: 'read',
  needs: ['vendor_writes.state'],
  input: z.object({ operation_id: OperationId }),
  output: OperationState,
  run: ({ vendor_writes }, query) => vendor_writes.state(query),
});

export const listVendorWrites = operation({
  name: 'list_vendor_writes',
  title: 'Writes to vendors that are not over',
  description:
    'What was signed and is carried out at a vendor: parked until a person decides, in doubt and looked for, or waiting. The oldest first.',
  toolset: 'always',
  rest: 'GET /vendor-writes',
  doors: ['admin'],
  permission: 'vendor_writes:read',
  effect: 'read',
  needs: ['vendor_writes.list'],
  page: { list: 'writes', id: 'write_id' },
  input: z.object({ state: z.enum(OPEN_WRITES).default('parked'), ...paging(50) }),
  output: z.object({
    writes: z.array(VendorWrite),
    counts: z.object({ parked: z.number().int(), in_doubt: z.number().int(), waiting: z.number().int() }),
  }),
  run: ({ vendor_writes }, { state, ...page }) => vendor_writes.list({ state, ...pageOf(page) }),
});

export const getVendorWrite = operation({
  name: 'get_vendor_write',
  title: 'One write to a vendor',
  description:
    'All that is known of it: who signed it, each time that it may have left and each look for it, why it is parked, and what each choice will do.',
  toolset: 'always',
  rest: 'GET /vendor-writes/{write_id}',
  doors: ['admin'],
  permission: 'vendor_writes:read',
  effect: 'read',
  needs: ['vendor_writes.get'],
  input: z.object({ write_id: WriteId }),
  output: OpenedWrite,
  run: ({ vendor_writes }, query) => vendor_writes.get(query),
});

export const resolveVendorWrite = operation({
  name: 'resolve_vendor_write',
  title: 'Decide on a parked write',
  description:
    'A person has looked at the vendor and says what is so: it is there (with the vendor’s id), it is to be sent again, or it is given up. Who is the owner, or signs such drafts, decides, with a fresh second factor.',
  toolset: 'always',
  rest: 'POST /vendor-writes/{write_id}/resolve',
  doors: ['admin'],
  permission: 'vendor_writes:resolve',
  effect: 'write',
  needs: ['vendor_writes.resolve'],
  input: z.object({ write_id: WriteId, version: z.number().int().min(0), decision: z.enum(DECISIONS), vendor_id: VendorId.optional() }),
  output: VendorWrite,
  run({ vendor_writes }, decision) {
    const isThere = decision.decision === 'there';
    if (isThere && decision.vendor_id === undefined)
      throw new Fault('invalid_input', 'vendor_id: what is there has a number at the vendor. Look at the record there and enter it.');
    if (!isThere && decision.vendor_id !== undefined)
      throw new Fault('invalid_input', 'vendor_id: only what is there has one. Leave it out.');
    return vendor_writes.resolve(decision);
  },
});
