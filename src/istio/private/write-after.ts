import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** Makes an object stand behind another of the same chart, so that what it names is there when it is applied. */
export function writeAfter(resource: IConstruct, earlier: IConstruct | undefined): void {
  if (earlier !== undefined && earlier !== resource && Chart.of(earlier) === Chart.of(resource)) {
    ApiObject.of(resource).addDependency(ApiObject.of(earlier));
  }
}
