import { readPaths } from './engine/model/files';
import { FindingSeverity, isAtLeast, resourceTitle } from './engine/report/finding';
import type * as analysis from './engine/rules/analyze';
import type * as rules from './engine/rules/rules';

/** Properties of the plugin in `cdk8s.yaml`. */
export interface MeshValidationProps {
  /** Mesh that workloads belong to where the manifests do not say: `istio`, `istio-ambient`, `linkerd`, `consul` or `gateway-api`. */
  readonly mesh?: string;
  /** The least severity that makes the validation fail: `error`, `warning`, `info` or `never`; `error` by default. */
  readonly failOn?: FindingSeverity | 'never';
}

/** What cdk8s-cli hands to a plugin, as far as this one uses it. */
export interface PluginContext {
  readonly manifests: readonly string[];
  readonly report: {
    addViolation(violation: {
      readonly ruleName: string;
      readonly recommendation: string;
      readonly fix: string;
      readonly violatingResources: readonly { readonly resourceName: string; readonly locations: readonly string[]; readonly manifestPath: string }[];
    }): void;
    submit(status: 'failure' | 'success', metadata?: { readonly [name: string]: string }): void;
  };
}

/** A validation plugin of cdk8s-cli: all that `cdk8s-mesh analyze` finds in the manifests of an app. */
export class MeshValidation {
  constructor(private readonly props: MeshValidationProps = {}) {}

  /** Reports what is wrong in the manifests. */
  async validate(context: PluginContext): Promise<void> {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { analyzeDocuments } = require('./engine/rules/analyze') as typeof analysis;
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { ruleOf } = require('./engine/rules/rules') as typeof rules;
    const { failOn = 'error', mesh } = this.props;
    const { findings, summary } = analyzeDocuments(readPaths(context.manifests), { mesh });
    for (const { id, message, fix, resource, location } of findings) {
      const line = location.line === undefined ? '' : `:${location.line}`;
      context.report.addViolation({
        ruleName: `${id} ${ruleOf(id)?.title ?? ''}`.trim(),
        recommendation: resource ? `${resourceTitle(resource)}: ${message}` : message,
        fix,
        violatingResources: [{ resourceName: resource?.name ?? '', locations: [`${location.path}${line}`], manifestPath: location.file ?? '' }],
      });
    }
    const isFailing = failOn !== 'never' && findings.some((finding) => isAtLeast(finding, failOn));
    context.report.submit(isFailing ? 'failure' : 'success', { errors: `${summary.errors}`, warnings: `${summary.warnings}`, infos: `${summary.infos}` });
  }
}
