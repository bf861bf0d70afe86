import type { CelError, CelValue } from '@bufbuild/cel';
import { loadCel } from './library';
import { compile } from './program';
import { CelValues } from './values';
import { isObject, JsonObject } from '../../model/json';
import { CelRule } from '../../schema/types';
import { FieldPath } from '../field-path';
import { SchemaNode } from '../schema/schema-node';
import { shown, ViolationReason, Violations } from '../violation';

const REASONS: Readonly<Record<NonNullable<CelRule['reason']>, ViolationReason>> = {
  FieldValueInvalid: 'FieldValueInvalid',
  FieldValueForbidden: 'FieldValueForbidden',
  FieldValueRequired: 'FieldValueRequired',
  FieldValueDuplicate: 'FieldValueDuplicate',
};

/** Longest message that an expression may give. */
const LONGEST_MESSAGE = 5 * 1024;

/** Runs the CEL rules of a schema over an object that is about to be created. */
export function checkRules(object: JsonObject, schema: SchemaNode, violations: Violations): void {
  new RuleRun(violations).root(object, schema);
}

class RuleRun {
  private readonly values = new CelValues();

  constructor(private readonly violations: Violations) {}

  root(object: JsonObject, schema: SchemaNode): void {
    if (schema.rules.length > 0) this.own(schema, () => this.values.ofRoot(object, schema), object, FieldPath.ROOT);
    this.below(object, schema, FieldPath.ROOT);
  }

  private value(value: unknown, schema: SchemaNode, path: FieldPath, typed: SchemaNode = schema): void {
    if (!schema.hasRules || value === null || value === undefined) return;
    if (schema.rules.length > 0) this.own(schema, () => this.values.of(value, typed), value, path);
    // Rules of a part that holds beside others see the value by its own schema.
    for (const part of schema.allOf) this.value(value, part, path, typed);
    this.below(value, schema, path, typed);
  }

  private below(value: unknown, schema: SchemaNode, path: FieldPath, typed: SchemaNode = schema): void {
    if (Array.isArray(value)) {
      if (schema.items?.hasRules) value.forEach((item, index) => this.value(item, schema.items!, path.index(index), typed.items));
    } else if (isObject(value)) {
      for (const name of Object.keys(value)) {
        const child = schema.child(name);
        if (child?.hasRules) this.value(value[name], child, schema.properties?.has(name) ? path.field(name) : path.key(name), typed.child(name));
      }
    }
  }

  private own(schema: SchemaNode, self: () => CelValue | CelError, value: unknown, path: FieldPath): void {
    const { cel } = loadCel();
    let made: CelValue | CelError | undefined;
    for (const rule of schema.rules) {
      // A rule about a change has nothing to say when an object is created.
      if (/\boldSelf\b/.test(rule.rule) && !rule.optionalOldSelf) continue;
      const program = compile(rule.rule);
      if (program instanceof Error || rule.optionalOldSelf) {
        this.violations.add('FieldValueInvalid', path, `a rule cannot be checked: ${textOf(rule)}`, { severity: 'warning' });
        continue;
      }
      made ??= self();
      const result = cel.isCelError(made) ? made : program(made);
      if (result === true) continue;
      if (result === false) this.tell(rule, made as CelValue, value, path);
      else this.violations.add('FieldValueInvalid', path, `${shown(value)} cannot be judged by the rule: ${textOf(rule)}`);
    }
  }

  private tell(rule: CelRule, self: CelValue, value: unknown, path: FieldPath): void {
    const place = rule.fieldPath ? path.fields(...fieldsOf(rule.fieldPath)) : path;
    const message = (rule.messageExpression && this.evaluate(rule.messageExpression, self)) || rule.message?.trim() || `breaks the rule ${rule.rule.trim()}`;
    const subject = typeof value === 'object' || rule.fieldPath ? '' : `${shown(value)}: `;
    this.violations.add(rule.reason ? REASONS[rule.reason] : 'FieldValueInvalid', place, `${subject}${message}`);
  }

  /** The message that an expression gives; undefined when it gives none that the API server would show. */
  private evaluate(expression: string, self: CelValue): string | undefined {
    const program = compile(expression);
    const result = program instanceof Error ? undefined : program(self);
    const text = typeof result === 'string' ? result.trim() : '';
    return text === '' || text.includes('\n') || text.length > LONGEST_MESSAGE ? undefined : text;
  }
}

function textOf(rule: CelRule): string {
  return (rule.message ?? rule.rule).trim();
}

/** The steps of a JSON path such as `.spec.labels['a.b']`. */
function fieldsOf(jsonPath: string): string[] {
  return [...jsonPath.matchAll(/\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/g)].map(([, name, quoted]) => name ?? quoted.replace(/\\(.)/g, '$1'));
}
