// Eight nodes that share the accounts of one vendor: the real keepers over simulated books, mail and vendor; what no node may ever do is watched at each write to a socket.
import { type Account, type Answer, type Machines, machinesOf, NEW_ACCOUNT, type Order } from '../../src/connections/account.ts';
import { LEASE_MS, type LeaseMachine, leaseMachine } from '../../src/connections/lease.ts';
import type { FactorRule } from '../../src/connections/mfa.ts';
import type { SessionRule } from '../../src/connections/session.ts';
import { openSessionKeeper, type SessionKeeper } from '../../src/connections/session-keeper.ts';
import type { Books, Question, Sending, Told, VendorDoor } from '../../src/connections/session-ports.ts';
import { totpCode } from '../../src/connections/totp.ts';
import { type BooksModel, booksModel } from './books-model.ts';
import { type Faults, NO_FAULTS, nodeOf, type Process, processOf, type SimNode } from './nodes.ts';
import { mailOf, SEED, type VendorAccount, type VendorPlan, vendorAccount } from './vendor-accounts.ts';
import type { World } from './world.ts';

const NODES = 8;

/** A design with a fault in it: other pieces than the real ones. */
export interface Design {
  machines(rule: { session: SessionRule; factor: FactorRule }): Machines & { readonly lease: LeaseMachine };
  books(books: Books, process: Process, model: BooksModel): Books;
  /** The answer as the door understood it. */
  understood(answer: Answer, account: string): Answer;
  mailboxKey(account: string): string;
  /** The epoch that a caller reports as expired, of the one that it used and the present one. */
  reported(used: number, present: number): number;
}

export const SOUND: Design = {
  machines: (rule) => ({ ...machinesOf(rule), lease: leaseMachine(LEASE_MS) }),
  books: (books) => books,
  understood: (answer) => answer,
  mailboxKey: () => 'mailbox',
  reported: (used) => used,
};

/** One account, seen from everywhere. */
export interface SimAccount {
  readonly key: string;
  readonly vendor: VendorAccount;
  /** The password that people have entered here. */
  password: string;
  in_flight: number;
  told: string[];
}

export interface SimClinic {
  readonly world: World;
  readonly books: BooksModel;
  readonly accounts: readonly SimAccount[];
  readonly plan: VendorPlan;
  faults: Faults;
  /** What broke a law, in words. */
  readonly violations: string[];
  /** Faults that did strike. */
  struck: number;
  /** Of sign-ins and refreshes of one account. */
  most_in_flight: number;
  keeper(node: number, account: number): SessionKeeper;
  isUp(node: number): boolean;
  restart(node: number): void;
  account(index: number): Account;
  /** Asks until it has a session that answers; false where a person is told to act. */
  serve(caller: { node: number; account: number; stale_epoch: number; patience_ms: number }): Promise<Served>;
  break(what: string): void;
}

interface Served {
  is: 'served' | 'person' | 'gone';
  epoch: number;
}

export function clinicOf(
  world: World,
  { plan, accounts: count, design }: { plan: VendorPlan; accounts: number; design: Design },
): SimClinic {
  const { chance } = world;
  const books = booksModel(world);
  const vendor_skew_ms = chance.between(-90_000, 90_000);
  const vendorNow = () => world.now() + vendor_skew_ms;
  const struck = () => {
    clinic.struck += 1;
  };
  const mail = mailOf(world, vendorNow, struck);
  const accounts: SimAccount[] = Array.from({ length: count }, (_, at) => {
    const name = `account-${at}`;
    return {
      key: name,
      vendor: vendorAccount(world, { name, plan, mail, vendorNow, splash: () => clinic.faults.splash, struck }),
      password: 'right',
      in_flight: 0,
      told: [],
    };
  });
  const nodes: SimNode[] = Array.from({ length: NODES }, (_, index) => nodeOf(world, index));
  const processes: Process[] = [];
  const keepers: SessionKeeper[][] = [];
  const factor: FactorRule = {
    channel: plan.channel === 'none' ? 'person' : plan.channel,
    senders: ['no-reply@vendor.example'],
    pattern: /code is (\d{6})/,
  };

  const clinic: SimClinic = {
    world,
    books,
    accounts,
    plan,
    faults: NO_FAULTS,
    violations: [],
    struck: 0,
    most_in_flight: 0,
    keeper: (node, account) => (keepers[node] as SessionKeeper[])[account] as SessionKeeper,
    isUp: (node) => (processes[node] as Process).isAlive(),
    restart(node) {
      (processes[node] as Process).crash();
    },
    account: (index) => books.stored((accounts[index] as SimAccount).key)?.account ?? NEW_ACCOUNT,
    serve,
    break(what) {
      clinic.violations.push(what);
      world.tell(() => `BROKEN: ${what}`);
    },
  };
  const start = (index: number) => {
    const process = processOf(
      world,
      nodes[index] as SimNode,
      () => clinic.faults,
      () => start(index),
      struck,
    );
    processes[index] = process;
    keepers[index] = accounts.map((account) => openKeeper(process, account));
  };
  for (const { index } of nodes) start(index);

  function openKeeper(process: Process, account: SimAccount): SessionKeeper {
    const { key } = account;
    const rule = {
      session: { user_id: key, practice_code: 'JUNIPER', lock_after: plan.lock_after, lock_window_ms: plan.lock_window_ms },
      factor,
    };
    return openSessionKeeper({
      me: process.me,
      key,
      rule,
      books: design.books(
        books.seenBy(process, () => clinic.faults, struck),
        process,
        books,
      ),
      vendor: doorOf(process, account),
      mailbox: { key: design.mailboxKey(key), read: (since) => process.call(20, () => mail.inbox(since), 20) },
      totp: async (step) => totpCode(SEED, step),
      peers: {
        ask(owner: string, asked: string, question: Question) {
          const at = processes.findIndex(({ me }) => me === owner);
          return new Promise<never>((resolve, reject) => {
            process.here(10_000, () => reject(new Error('no answer')));
            processes[at]?.here(chance.between(1, 4), () => {
              const heard = keepers[at]?.[accounts.findIndex(({ key }) => key === asked)]?.hear(question);
              void heard?.then((told) => process.here(chance.between(1, 4), () => resolve(told as never)));
            });
          });
        },
      },
      clock: process.clock,
      chance: () => chance.next(),
      tell: (what) => account.told.push(what),
      machines: design.machines(rule),
    });
  }

  /** The way to the vendor: some milliseconds until the socket is written to, the vendor's own time, the way back. */
  function doorOf(process: Process, account: SimAccount): VendorDoor {
    return {
      send: (order, sending) =>
        new Promise((resolve) => {
          const begun = world.now();
          const finish = (answer: Answer, ms: number) => process.here(ms, () => resolve(design.understood(answer, account.key)));
          finish({ page: 'unanswered' }, sending.time_ms);
          process.here(chance.between(2, 30), () => {
            if (!sending.mayLeave() || world.now() - begun >= sending.time_ms) return finish({ page: 'unsent' }, 0);
            if (chance.happens(clinic.faults.crash)) return clinic.restart(Number(process.me.slice(1).split('.')[0]));
            wrote(process, account, order, sending, begun + sending.time_ms, finish);
          });
        }),
    };
  }

  function wrote(
    process: Process,
    account: SimAccount,
    order: Order,
    sending: Sending,
    ends_at: number,
    finish: (answer: Answer, ms: number) => void,
  ) {
    world.tell(() => `${process.me} writes ${order.do} of ${account.key} to the socket`);
    if (!books.holds(account.key, process.me, sending.fence)) clinic.break(`${order.do} was sent without the lease`);
    if (order.do === 'login') account.vendor.seen.logins.push(world.now());
    const isSignIn = order.do === 'login' || order.do === 'refresh';
    let isOpen = isSignIn;
    const end = () => {
      if (isOpen) account.in_flight -= 1;
      isOpen = false;
    };
    if (isSignIn) {
      account.in_flight += 1;
      clinic.most_in_flight = Math.max(clinic.most_in_flight, account.in_flight);
      if (account.in_flight > 1) clinic.break('two sign-ins of one account were in flight at once');
      world.after(ends_at - world.now(), end);
    }
    const { password } = account;
    // Three of a hundred are in the slow tail: slower than any time limit, at times.
    const isSlow = order.do !== 'submit' && chance.happens(0.03);
    const work_ms = isSlow ? chance.between(6_000, 45_000) : chance.between(80, 500);
    const isLost = chance.happens(clinic.faults.lost);
    if (isLost || isSlow) struck();
    if (isLost && chance.happens(0.4)) return; // it never arrives
    world.after(work_ms, () => {
      const answer = account.vendor.handle(order, { password, code: sending.code, jar: sending.jar });
      world.tell(() => `${account.key} answers ${order.do} by ${answer.page}${isLost ? ', which is lost' : ''}`);
      if (isLost) return;
      const back_ms = chance.between(10, 60);
      world.after(back_ms, end);
      finish(answer, back_ms);
    });
  }

  async function serve({
    node,
    account: at,
    stale_epoch,
    patience_ms,
  }: {
    node: number;
    account: number;
    stale_epoch: number;
    patience_ms: number;
  }): Promise<Served> {
    const account = accounts[at] as SimAccount;
    const until = world.now() + patience_ms;
    let stale = stale_epoch;
    let home = node;
    while (world.now() < until) {
      const told = await asked(home, at, stale);
      if (told === 'died') home = (home + 1) % NODES;
      else if (told.is === 'person') return { is: 'person', epoch: stale };
      else if (told.is === 'later') await world.sleep(told.after_ms);
      else {
        const found = await read(account, at, told);
        if (found === 'ok') return { is: 'served', epoch: told.epoch };
        if (found === 'later') await world.sleep(500);
        else stale = Math.max(stale, told.epoch);
      }
    }
    return { is: 'gone', epoch: stale };
  }

  /** What the keeper of a node says; 'died' where the node did meanwhile. */
  async function asked(node: number, account: number, stale_epoch: number): Promise<Told | 'died'> {
    const process = processes[node] as Process;
    if (!process.isAlive()) {
      await world.sleep(200);
      return 'died';
    }
    const reported = design.reported(stale_epoch, clinic.account(account).session.epoch);
    const told = new Promise<Told>((resolve) => {
      process.here(0, () => void clinic.keeper(node, account).need({ stale_epoch: reported, within_ms: 20_000 }).then(resolve));
    });
    return Promise.race([told, process.died]);
  }

  const reads = new Map<string, Promise<'ok' | 'stale' | 'later'>>();
  /** A request on the session, which only its owner sends; of many at the same moment one stands for all. */
  function read(account: SimAccount, at: number, told: Told & { is: 'live' }): Promise<'ok' | 'stale' | 'later'> {
    const id = `${account.key} ${told.epoch} ${told.owner} ${Math.floor(world.now() / 100)}`;
    const known = reads.get(id);
    if (known) return known;
    const made = readOnce(account, at, told);
    reads.clear();
    reads.set(id, made);
    return made;
  }

  async function readOnce(account: SimAccount, at: number, told: Told & { is: 'live' }): Promise<'ok' | 'stale' | 'later'> {
    const index = processes.findIndex(({ me }) => me === told.owner);
    const keeper = keepers[index]?.[at];
    const isThere = new Promise<'there'>((resolve) => processes[index]?.here(chance.between(2, 8), () => resolve('there')));
    if ((await Promise.race([isThere, world.sleep(10_000)])) !== 'there') return 'later';
    const use = keeper?.use(told, 10_000);
    if (!keeper || !use?.mayLeave() || !(processes[index] as Process).isAlive()) return 'later';
    if (!books.holds(account.key, told.owner, told.fence)) clinic.break('a request was sent without the lease');
    await world.sleep(chance.between(100, 300));
    const found = account.vendor.read(use.jar);
    if (use.jar.split('/')[1] === '0') clinic.break('a page that is not ours was taken for the home page');
    processes[index]?.here(0, () => {
      if (found === 'evicted') void keeper.note({ on: 'evicted', epoch: told.epoch });
      if (found === 'ok') void keeper.note({ on: 'used' });
    });
    return found === 'ok' ? 'ok' : 'stale';
  }
  return clinic;
}
