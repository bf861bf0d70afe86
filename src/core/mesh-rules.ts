import type { IConstruct } from 'constructs';
import { ruleEngine, suppressBelow } from './private/app-rules';
import { MeshApp } from './private/mesh-app';
import { fail } from '../private/errors';

/** How much a finding matters. */
export enum RuleSeverity {
  /** Something does not work, or not as it is written. Stops synthesis. */
  ERROR = 'error',
  /** Something is likely not meant. */
  WARNING = 'warning',
  /** Something worth knowing. */
  INFO = 'info',
}

/** Why findings of a rule are meant. */
export interface SuppressOptions {
  /** The reason, for those who read the manifests later. */
  readonly reason: string;
}

/** Something that a rule found in the objects of an app. */
export interface RuleFinding {
  /** Id of the rule, such as `MESH0102`; docs/rules has a page on each. */
  readonly ruleId: string;
  /** How much it matters. */
  readonly severity: RuleSeverity;
  /** What is wrong. */
  readonly message: string;
  /** How to mend it; empty when there is nothing to say. */
  readonly fix: string;
  /** Path of the construct that writes the object. */
  readonly constructPath: string;
  /** The field, such as `spec.http[0].route`; empty for the object itself. */
  readonly field: string;
  /** Codes of other tools for the same problem, such as `IST0101`. */
  readonly upstreamCodes: string[];
}

/**
 * What is wrong in all the objects of an app together.
 *
 * Every synthesis of an app that declares something of a mesh looks at the objects that it is about to write, and stops when it finds
 * an error. What only would be wrong if there was nothing beside the app is a warning.
 *
 * @see https://github.com/cdk8s-mesh/cdk8s-mesh/tree/main/docs/rules
 */
export class MeshRules {
  /**
   * Says that findings of a rule are meant, in the objects of a construct and of everything below it.
   *
   * The reason is written into the annotations of the objects that have such findings, so that other tools know of it.
   * A suppression that suppresses nothing is a finding itself (`MESH0002`).
   *
   * Fails for an unknown rule, and without a reason.
   *
   * @param construct an object, a chart, or anything else of an app
   * @param ruleId the id of a rule, such as `MESH0102`
   * @param options the reason
   */
  public static suppress(construct: IConstruct, ruleId: string, options: SuppressOptions): void {
    const { path } = construct.node;
    if (!ruleEngine().isRule(ruleId)) { fail('MESH-E072', `there is no rule ${ruleId}`, 'docs/rules lists all of them', path); }
    if (options.reason.trim() === '') { fail('MESH-E072', `nobody says why ${ruleId} is suppressed`, 'give a reason', path); }
    suppressBelow(construct, ruleId, options.reason);
    MeshApp.of(construct).touch();
  }

  /**
   * Everything that the rules find in the objects of an app as it stands now, in the order of the objects.
   *
   * @param construct any construct of the app
   */
  public static findings(construct: IConstruct): RuleFinding[] {
    return MeshApp.of(construct).ruleFindings().map(({ id, severity, message, fix, location, constructPath, upstream }) => ({
      ruleId: id,
      severity: severity as RuleSeverity,
      message,
      fix,
      constructPath: constructPath ?? '',
      field: location.path,
      upstreamCodes: [...upstream],
    }));
  }

  /**
   * Says whether errors that rules find stop the synthesis of an app; without this they do.
   *
   * @param construct any construct of the app
   * @param isStopping false to synthesize all the same
   */
  public static stopSynth(construct: IConstruct, isStopping: boolean): void {
    const app = MeshApp.of(construct);
    app.rulesStopSynth = isStopping;
    app.touch();
  }

  private constructor() {}
}
