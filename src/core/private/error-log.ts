import { MeshFault } from '../../private/errors';

/** Collects errors, each at the construct that it is about. */
export class ErrorLog {
  private readonly byPath = new Map<string, MeshFault[]>();
  private readonly texts = new Map<string, string[]>();

  /** Runs a step; what it throws for the user is kept, and anything else goes on. */
  public guard<T>(path: string, step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof MeshFault)) { throw error; }
      this.add(path, error);
      return undefined;
    }
  }

  /** Keeps an error. */
  public add(path: string, error: MeshFault): void {
    const placed = error.at(path);
    const known = this.byPath.get(path) ?? [];
    if (!known.some((other) => other.message === placed.message)) { this.byPath.set(path, [...known, placed]); }
  }

  /** Keeps what a construct that we made said of itself. */
  public addText(path: string, message: string): void {
    this.texts.set(path, [...this.texts.get(path) ?? [], message]);
  }

  /** What is wrong at a construct. */
  public at(path: string): string[] {
    return [...(this.byPath.get(path) ?? []).map((error) => error.message), ...this.texts.get(path) ?? []];
  }

  /** Paths of the constructs that have errors. */
  public paths(): string[] {
    return [...new Set([...this.byPath.keys(), ...this.texts.keys()])];
  }
}
