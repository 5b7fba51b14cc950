// What an answer must hold, in one form for every tool: rows of a list, values at paths, ids that must not appear.
import type { StaffRow } from '../rows.ts';

/** Every key that is present must hold; what is not named is free. A path is the names of the answer joined by dots; a number is a place in a list. */
export interface Expectation {
  rows?: {
    /** The name of the list in the answer. */
    list: string;
    /** The field of a row that tells it from the others. */
    id: string;
    /** All rows of all pages, in order. */
    ids: string[];
    /** By id: fields the row must hold, each as given; undefined means the field is not there. */
    fields?: Record<string, Record<string, unknown>>;
  };
  /** The value at each path equals this one; undefined means that there is none. */
  same?: Record<string, unknown>;
  /** Texts (ids) that stand somewhere in the answer. */
  present?: string[];
  /** Texts (ids) that stand nowhere in the answer. */
  absent?: string[];
}

/** A question for a tool whose answer is told by an Expectation. */
export interface Question {
  tool: string;
  /** Whose credential asks; a physician's where nothing is said. */
  as?: StaffRow['role'];
  /** The question as a person of the staff would ask it. */
  ask?: string;
  /** What makes this question worth asking. */
  trap: string;
  arguments: Record<string, unknown>;
  expect: Expectation;
}
