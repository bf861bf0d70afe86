import { isObject, JsonObject, objectsOf, textOf } from './json';

/** Where an object came from. */
export interface Origin {
  /** File as the caller named it; absent for objects handed over in memory. */
  readonly file?: string;
  /** Number of the YAML document within the file, from 0. */
  readonly docIndex?: number;
  /** First line of the document within the file, from 1. */
  readonly startLine?: number;
  /** Path of the construct that made the object. */
  readonly constructPath?: string;
}

/** One Kubernetes object as read, with its origin. */
export interface SourceDocument {
  readonly object: JsonObject;
  readonly origin: Origin;
  /** Path of the object within its document: empty, or `items`, n for a List's item. */
  readonly path: readonly (string | number)[];
  /** Cluster that the object is for; absent means the only one. */
  readonly cluster?: string;
  /** The file's text, to find positions later. */
  readonly text?: () => string | undefined;
}

/** Stable names of what can go wrong while reading. */
export type ProblemCode =
  | 'alias-expansion' | 'binary' | 'duplicate-key' | 'not-an-object' | 'symlink-loop' | 'syntax' | 'too-large' | 'unreadable';

/** Something that could not be read; the rest is read all the same. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  readonly docIndex?: number;
}

/** What a reader found. */
export interface ReadResult {
  readonly documents: SourceDocument[];
  readonly problems: Problem[];
}

/** An object in memory with the construct that made it. */
export interface MemoryObject {
  readonly object: unknown;
  readonly constructPath?: string;
  readonly cluster?: string;
}

/** Documents of objects in memory, such as those that synthesis produced. */
export function documentsFromObjects(objects: Iterable<MemoryObject>): ReadResult {
  const result: ReadResult = { documents: [], problems: [] };
  for (const { object, constructPath, cluster } of objects) {
    const origin: Origin = constructPath === undefined ? {} : { constructPath };
    if (!isObject(object)) {
      result.problems.push({ code: 'not-an-object', message: `${constructPath ?? 'an object'} is not a Kubernetes object` });
      continue;
    }
    for (const { item, path } of expandList(object)) result.documents.push({ object: item, origin, path, cluster });
  }
  return result;
}

/** The items of a `List` (or a typed list such as `ServiceList`), or the object itself. */
export function expandList(object: JsonObject): { item: JsonObject; path: (string | number)[] }[] {
  const kind = textOf(object.kind) ?? '';
  if (!kind.endsWith('List') || !Array.isArray(object.items)) return [{ item: object, path: [] }];
  const defaults = kind === 'List' ? undefined : { apiVersion: object.apiVersion, kind: kind.slice(0, -'List'.length) };
  const result: { item: JsonObject; path: (string | number)[] }[] = [];
  objectsOf(object.items).forEach((item, index) => {
    const complete = defaults && item.kind === undefined ? { ...defaults, ...item } : item;
    for (const nested of expandList(complete)) result.push({ item: nested.item, path: ['items', index, ...nested.path] });
  });
  return result;
}
