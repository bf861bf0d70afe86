import type { Command } from 'commander';
import { DAY, HOUR, YEAR } from '../../engine/pki/lifetimes';
import { authoritiesOf, storeId } from '../../engine/pki/store/authority-store';
import { StorePlace } from '../../engine/pki/store/change';
import { Io, UsageError } from '../io';

/** Options as they were given. */
export interface Given {
  readonly [name: string]: unknown;
}

const UNITS: { readonly [unit: string]: number } = { m: 60, h: HOUR, d: DAY, y: YEAR };

/** Declares the options that name a store. */
export function declareStore(command: Command): Command {
  return command
    .option('--store <folder>', 'folder of the public half of the store', 'pki')
    .option('--authority <name>', 'authority of the store (default: the only one)')
    .option('--private <folder>', 'folder of the private half (also CDK8S_MESH_PKI_PRIVATE; the keys themselves may be in CDK8S_MESH_PKI_KEYS)');
}

/** The authority that was named, or the only one of the store. */
export function placeOf(given: Given, io: Io): StorePlace {
  const places = placesOf(given, io);
  if (places.length !== 1) { throw new UsageError(`the store has ${places.length} authorities; name one of ${places.map(({ authority }) => authority).join(', ')} with --authority`); }
  return places[0];
}

/** The authority that was named, or all of the store. */
export function placesOf(given: Given, io: Io): StorePlace[] {
  const folder = String(given.store);
  const names = given.authority === undefined ? known(folder) : [String(given.authority)];
  return names.map((authority) => ({ folder, authority, privateFolder: textOf(given.private), environment: io.env }));
}

/** A length of time such as `36h`, `90d` or `10y`, in seconds; undefined when it was not given. */
export function secondsOf(option: string, value: unknown): number | undefined {
  if (value === undefined) { return undefined; }
  const match = /^(\d+)([mhdy])$/.exec(String(value));
  if (!match) { throw new UsageError(`${option} is a number with m, h, d or y behind it, such as 90d, not "${String(value)}"`); }
  return Number(match[1]) * UNITS[match[2]];
}

/** The instant that was given, or now. */
export function instantOf(value: unknown): Date {
  const at = value === undefined ? new Date() : new Date(String(value));
  if (Number.isNaN(at.getTime())) { throw new UsageError(`--at is an instant such as 2031-05-06T07:08:09Z, not "${String(value)}"`); }
  return at;
}

/** One of some words. */
export function oneOf<T extends string>(option: string, value: unknown, words: readonly T[]): T {
  const found = words.find((word) => word === value);
  if (found === undefined) { throw new UsageError(`${option} is one of ${words.join(', ')}, not "${String(value)}"`); }
  return found;
}

/** Words separated by commas; none when they were not given. */
export function listOf(value: unknown): string[] {
  return typeof value === 'string' ? value.split(',').map((word) => word.trim()).filter((word) => word !== '') : [];
}

/** A text; undefined when it was not given. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function known(folder: string): string[] {
  storeId(folder);
  const names = authoritiesOf(folder);
  if (names.length === 0) { throw new UsageError(`store ${folder} has no authority; make one with "cdk8s-mesh pki init --store ${folder}"`); }
  return names;
}
