import { ErrorCode } from './error-codes';

/** What an error says: what was wrong, and how to mend it. */
export interface ErrorFacts {
  readonly code: ErrorCode;
  /** What was wrong, with the value that was given; lower case, no full stop. */
  readonly what: string;
  /** What to do about it; lower case, no full stop. */
  readonly fix: string;
  /** Path of the construct that the error is about. */
  readonly path?: string;
}

/** An error that a user can act on. */
export class MeshFault extends Error {
  public readonly code: ErrorCode;
  public readonly what: string;
  public readonly fix: string;
  public readonly path?: string;

  public constructor(facts: ErrorFacts) {
    super(describeFault(facts));
    this.name = 'MeshError';
    this.code = facts.code;
    this.what = facts.what;
    this.fix = facts.fix;
    this.path = facts.path;
  }

  /** The same error, said of a construct. */
  public at(path: string): MeshFault {
    return this.path === undefined ? new MeshFault({ code: this.code, what: this.what, fix: this.fix, path }) : this;
  }
}

/** One line: what; fix [code] (at path). */
export function describeFault(facts: ErrorFacts): string {
  const place = facts.path ? ` (at ${facts.path})` : '';
  return `${facts.what}; ${facts.fix} [${facts.code}]${place}`;
}

/** Throws an error that a user can act on. */
export function fail(code: ErrorCode, what: string, fix: string, path?: string): never {
  throw new MeshFault({ code, what, fix, path });
}
