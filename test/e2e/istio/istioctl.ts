import { run } from '../lab/command';
import { LabRun } from '../lab/lab-run';
import { istio } from '../lab/parts';
import { program } from '../lab/parts/part';

/** One message of `istioctl analyze`. */
export interface Finding {
  /** Like `IST0101`. */
  readonly code: string;
  readonly level: 'Error' | 'Warning' | 'Info';
  readonly message: string;
  /** The object that it is about. */
  readonly origin?: string;
}

/** Exit code of `istioctl analyze` when it found something serious. */
const FOUND_ERRORS = 79;

/** The real istioctl, which asks no cluster. */
export class Istioctl {
  private readonly env: NodeJS.ProcessEnv;

  constructor(run_: LabRun) {
    this.env = { HOME: run_.folder('istioctl-home'), KUBECONFIG: '' };
  }

  /** Runs `istioctl validate`; fails with what it complains of, returns its warnings. */
  async validate(files: readonly string[]): Promise<string[]> {
    const warnings: string[] = [];
    await run(program(istio, 'istioctl'), ['validate', ...files.flatMap((file) => ['--filename', file])], {
      env: this.env,
      onLine: (line) => warnings.push(line),
    });
    return warnings.filter((line) => line !== '' && !line.endsWith(' is valid'));
  }

  /** What `istioctl analyze` says. */
  async analyze(files: readonly string[]): Promise<Finding[]> {
    const args = ['analyze', '--use-kube=false', '--all-namespaces', '--output', 'json', ...files];
    const out = await run(program(istio, 'istioctl'), args, { env: this.env, alsoFine: [FOUND_ERRORS] });
    return JSON.parse(out);
  }
}
