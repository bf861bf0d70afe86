import { Model, ModelOptions } from '../../../src/engine/model/model';
import { readText } from '../../../src/engine/model/yaml-text';
import { Decision, ErrorDecision } from '../../../src/engine/simulate/decision';
import { SimulationRequest } from '../../../src/engine/simulate/request';
import { simulate, SimulateOptions } from '../../../src/engine/simulate/simulate';

/** A model of manifests written in a test; broken manifests fail the test. */
export function estate(yaml: string, options: ModelOptions = { mesh: 'istio' }): Model {
  const { documents, problems } = readText(yaml, { file: 'test.yaml' });
  if (problems.length > 0) throw new Error(problems.map(problem => problem.message).join('\n'));
  return new Model(documents, options);
}

/** A decision that must not be an error. */
export function decide(model: Model, request: SimulationRequest, options: SimulateOptions = {}): Decision {
  const decision: Decision | ErrorDecision = simulate(model, request, options);
  if ('error' in decision) throw new Error(decision.error.message);
  return decision;
}

/** A Service with one HTTP port, and a Deployment for each version of it. */
export function service(namespace: string, name: string, versions: readonly string[] = ['v1'], portName = 'http'): string {
  const pods = versions.map(version => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}-${version}, namespace: ${namespace}}
spec: {template: {metadata: {labels: {app: ${name}, version: ${version}}}, spec: {serviceAccountName: ${name}, containers: [{name: app}]}}}`);
  return `
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [{name: ${portName}, port: 80, targetPort: 8080}]}${pods.join('')}
`;
}

/** A VirtualService with the given specification. */
export function virtualService(namespace: string, name: string, spec: string, created = ''): string {
  return `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: ${namespace}${created ? `, creationTimestamp: "${created}"` : ''}}
spec: ${spec}
`;
}

/** An object of Istio's security API with the given specification. */
export function security(kind: string, namespace: string, name: string, spec: string): string {
  return `
---
apiVersion: security.istio.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
`;
}

/** Where a routing decision leads, in short. */
export function destinations(decision: Decision): string[] {
  return decision.route.destinations.map(item => `${item.host}${item.subset ? `/${item.subset}` : ''}:${item.port}=${item.weight}`);
}
