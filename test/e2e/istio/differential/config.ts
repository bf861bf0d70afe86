import { Random } from './random';
import { Manifest } from '../../lab/api-client';

/** A random configuration, with the features that it uses. */
export class RandomConfig {
  readonly objects: Manifest[] = [];
  readonly features = new Set<string>();

  constructor(readonly random: Random, private readonly number: number) {}

  /** Adds an object; its name is its own in the whole run, so that its age is that of its configuration. */
  add(apiVersion: string, kind: string, namespace: string, spec: object, annotations?: Record<string, string>): string {
    const name = `${String.fromCharCode(97 + this.random.integer(0, 25))}${this.objects.length}-${this.number}`;
    this.objects.push({ apiVersion, kind, metadata: { name, namespace, ...(annotations && { annotations }) }, spec });
    this.uses(kind === 'Gateway' ? (apiVersion.startsWith('networking') ? 'Gateway' : 'Gateway of Gateway API') : kind);
    return name;
  }

  uses(...features: readonly string[]): void {
    for (const feature of features) this.features.add(feature);
  }

  /** A part with its feature, by chance. */
  maybe<T extends object>(probability: number, feature: string, make: () => T): T | Record<string, never> {
    if (!this.random.chance(probability)) return {};
    this.uses(feature);
    return make();
  }
}

export const PATHS = ['/', '/a', '/a/b', '/ab', '/A', '/b', '/b/c'] as const;
export const HEADERS: { readonly [name: string]: readonly string[] } = { 'x-user': ['ann', 'bob', ''], 'x-env': ['prod', 'test-1'] };
