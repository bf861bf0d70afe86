/** What a language is given to run its app with. */
export interface Workshop {
  /** Folder with the packages, one folder a language. */
  readonly packages: string;
  /** An empty folder for the project of this language. */
  readonly folder: string;
  /** Folder that the app writes its manifests into. */
  readonly outdir: string;
  /** Oldest versions that the library works with; every language uses them, so that only the language differs. */
  readonly floors: { readonly cdk8s: string; readonly constructs: string };
  /** Environment variables for the app. */
  readonly env: { readonly [name: string]: string };
  /** Tells the person who waits. */
  readonly say: (line: string) => void;
}

/** One way to use the library. */
export interface Language {
  /** Name of the language. */
  readonly name: string;
  /** Why it cannot be tried on this machine; undefined when it can. */
  readonly obstacle?: () => string | undefined;
  /** Makes a fresh project with the package in it and runs the app, which writes into the output folder. */
  readonly run: (workshop: Workshop) => void;
}
