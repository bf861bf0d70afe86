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
    const what = oneLine(facts.what);
    // The last semicolon parts what was wrong from how to mend it.
    const fix = oneLine(facts.fix).replace(/; /g, ', ');
    super(describeFault({ ...facts, what, fix }));
    this.name = 'MeshError';
    this.code = facts.code;
    this.what = what;
    this.fix = fix;
    this.path = facts.path;
  }

  /** The same error, said of a construct. */
  public at(path: string): MeshFault {
    return this.path === undefined ? new MeshFault({ code: this.code, what: this.what, fix: this.fix, path }) : this;
  }
}

/** Several errors that a user can act on, found in one go. */
export class MeshFaults extends Error {
  public constructor(public readonly faults: readonly MeshFault[]) {
    super(faults.map((fault) => fault.message).join('\n'));
    this.name = 'MeshError';
  }
}

/** One line: what; fix [code] (at path). */
function describeFault(facts: ErrorFacts): string {
  const place = facts.path ? ` (at ${facts.path})` : '';
  return `${facts.what}; ${facts.fix} [${facts.code}]${place}`;
}

/** Reports are read line by line, and values that users gave may hold anything. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ');
}

/** Throws an error that a user can act on. */
export function fail(code: ErrorCode, what: string, fix: string, path?: string): never {
  throw new MeshFault({ code, what, fix, path });
}

/** The errors in what was thrown that a user can act on; undefined for anything else. */
export function faultsOf(thrown: unknown): readonly MeshFault[] | undefined {
  if (thrown instanceof MeshFault) { return [thrown]; }
  return thrown instanceof MeshFaults ? thrown.faults : undefined;
}

/** Runs a step; what it throws for the user is said of a construct, unless it is of another one. */
export function placed<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (thrown) {
    const faults = faultsOf(thrown);
    if (!faults) { throw thrown; }
    throw faults.length === 1 ? faults[0].at(path) : new MeshFaults(faults.map((fault) => fault.at(path)));
  }
}

/** Runs every step, whatever the others do, and throws the errors of all of them together. */
export function together(steps: readonly (() => void)[]): void {
  const faults = steps.flatMap((step) => {
    try {
      step();
      return [];
    } catch (thrown) {
      return faultsOf(thrown) ?? rethrow(thrown);
    }
  });
  if (faults.length > 0) { throw faults.length === 1 ? faults[0] : new MeshFaults(faults); }
}

function rethrow(thrown: unknown): never {
  throw thrown;
}
