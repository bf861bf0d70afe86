import { faultsOf, MeshFault } from '../../private/errors';

/** Collects errors, each at the construct that it is about. */
export class ErrorLog {
  private readonly byPath = new Map<string, Set<string>>();

  /** Runs a step; what it throws for the user is kept, and anything else goes on. */
  public guard<T>(path: string, step: () => T): T | undefined {
    try {
      return step();
    } catch (thrown) {
      const faults = faultsOf(thrown);
      if (!faults) { throw thrown; }
      faults.forEach((fault) => this.add(path, fault));
      return undefined;
    }
  }

  /** Keeps an error: at the construct that it names, or else at `path`. */
  public add(path: string, fault: MeshFault): void {
    const placed = fault.at(path);
    this.addText(placed.path ?? path, placed.message);
  }

  /** Keeps what a construct that we made said of itself. */
  public addText(path: string, message: string): void {
    const known = this.byPath.get(path);
    if (known) { known.add(message); } else { this.byPath.set(path, new Set([message])); }
  }

  /** What is wrong at a construct. */
  public at(path: string): string[] {
    return [...this.byPath.get(path) ?? []];
  }

  /** Paths of the constructs that have errors. */
  public paths(): string[] {
    return [...this.byPath.keys()];
  }
}
