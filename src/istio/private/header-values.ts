import { fail } from '../../private/errors';

/** What Envoy puts in place of `%…%` (a command, arguments in parentheses, a length), and the percent sign itself. */
const COMMAND = /%(?:%|[A-Z][A-Z0-9_]*(?:\([^)]*\))?(?::\d+)?%)/g;

/** Returns the values, or throws for one that Envoy refuses: it would keep all later configuration out. */
export function headerValues(headers: { readonly [name: string]: string }): { [name: string]: string } {
  for (const [name, value] of Object.entries(headers)) {
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
      fail('MESH-E009', `invalid value of header ${name}, got ${JSON.stringify(value)}`, 'leave control characters out');
    }
    if (value.replace(COMMAND, '').includes('%')) {
      fail('MESH-E009', `invalid value of header ${name}, got "${value}", in which Envoy reads %…% as a command`,
        'write %% for a percent sign, and commands such as %DOWNSTREAM_REMOTE_ADDRESS%');
    }
  }
  return { ...headers };
}
