import type * as celLibrary from '@bufbuild/cel';
import type * as celExtensions from '@bufbuild/cel/ext';
import type * as protobuf from '@bufbuild/protobuf';
import type * as wellKnown from '@bufbuild/protobuf/wkt';

/** The parts of the CEL library that we use. */
export interface CelLibrary {
  readonly cel: typeof celLibrary;
  readonly strings: typeof celExtensions.strings;
  readonly protobuf: typeof protobuf;
  readonly wellKnown: typeof wellKnown;
}

let library: CelLibrary | undefined;

/** Loads the library on first use: it takes a tenth of a second, and many runs meet no rule. */
export function loadCel(): CelLibrary {
  /* eslint-disable @typescript-eslint/no-require-imports */
  library ??= {
    cel: require('@bufbuild/cel') as typeof celLibrary,
    strings: (require('@bufbuild/cel/ext') as typeof celExtensions).strings,
    protobuf: require('@bufbuild/protobuf') as typeof protobuf,
    wellKnown: require('@bufbuild/protobuf/wkt') as typeof wellKnown,
  };
  /* eslint-enable @typescript-eslint/no-require-imports */
  return library;
}
