import { FieldPath } from './field-path';
import { ViolationDetails, ViolationReason, Violations } from './violation';
import { isObject, JsonObject } from '../model/json';

/**
 * A value with its place in an object, read as Protobuf reads it: absent, null and empty lists are the same,
 * and an absent text is empty.
 */
export class Place {
  constructor(readonly value: unknown, readonly path: FieldPath, private readonly violations: Violations) {}

  get isSet(): boolean {
    return this.value !== undefined && this.value !== null && !(Array.isArray(this.value) && this.value.length === 0);
  }

  get text(): string {
    return typeof this.value === 'string' ? this.value : '';
  }

  get number(): number {
    return typeof this.value === 'number' ? this.value : 0;
  }

  get isTrue(): boolean {
    return this.value === true;
  }

  /** The field of an object; absent when this is none. */
  at(name: string): Place {
    return new Place(isObject(this.value) && Object.hasOwn(this.value, name) ? this.value[name] : undefined, this.path.field(name), this.violations);
  }

  /** The entry of a map. */
  entry(name: string): Place {
    return new Place(isObject(this.value) && Object.hasOwn(this.value, name) ? this.value[name] : undefined, this.path.key(name), this.violations);
  }

  /** The items of a list; nulls are left out. */
  items(): Place[] {
    if (!Array.isArray(this.value)) return [];
    return this.value.map((item, index) => new Place(item, this.path.index(index), this.violations)).filter((it) => it.isSet);
  }

  /** The entries of a map, in the order of writing. */
  entries(): [string, Place][] {
    return isObject(this.value) ? Object.entries(this.value).map(([key, value]) => [key, new Place(value, this.path.key(key), this.violations)]) : [];
  }

  /** The same place with another value: the key of an entry, where the key is what is checked. */
  named(value: unknown): Place {
    return new Place(value, this.path, this.violations);
  }

  /** How much was found wrong so far, here and elsewhere in the object. */
  get complaints(): number {
    return this.violations.list().length;
  }

  /** The names of fields that are set, of some. */
  setOf(names: readonly string[]): string[] {
    return names.filter((name) => this.at(name).isSet);
  }

  asObject(): JsonObject {
    return isObject(this.value) ? this.value : {};
  }

  error(reason: ViolationReason, message: string, allowed?: string): void {
    this.violations.add(reason, this.path, message, { allowed });
  }

  invalid(message: string, allowed?: string): void {
    this.error('FieldValueInvalid', message, allowed);
  }

  required(why?: string): void {
    this.error('FieldValueRequired', why === undefined ? 'is required' : `is required, because ${why}`);
  }

  forbidden(why: string): void {
    this.error('FieldValueForbidden', why);
  }

  duplicate(): void {
    this.error('FieldValueDuplicate', `duplicate value ${JSON.stringify(this.value)}`);
  }

  warn(message: string, details: Omit<ViolationDetails, 'severity'> = {}): void {
    this.violations.add('FieldValueInvalid', this.path, message, { ...details, severity: 'warning' });
  }

  /** Tells what upstream warns of although nothing need be wrong. */
  note(message: string, details: Omit<ViolationDetails, 'severity'> = {}): void {
    this.violations.add('FieldValueInvalid', this.path, message, { ...details, severity: 'info' });
  }
}
