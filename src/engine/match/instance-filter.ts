/** A part of a registered instance: text, a map of texts, or a list. */
export interface FilteredInstance {
  readonly meta: { readonly [name: string]: string };
  readonly tags: readonly string[];
}

/** Says whether an instance is in a subset. */
export type InstanceTest = (instance: FilteredInstance) => boolean;

const TOKEN = /\s*(?:(\(|\)|==|!=)|"((?:[^"\\]|\\.)*)"|`([^`]*)`|([A-Za-z_][\w./-]*(?:\."[^"]*"|\["[^"]*"\])*[\w./-]*))/y;

interface Token {
  readonly kind: 'text' | 'word';
  readonly text: string;
}

/**
 * Compiles Consul's filter of instances, as far as it can be read from manifests: `Service.Meta` and `Service.Tags` with `==`, `!=`, `in`,
 * `contains`, `is empty`, `not`, `and`, `or` and parentheses.
 *
 * @returns undefined for other expressions
 * @see https://developer.hashicorp.com/consul/api-docs/features/filtering
 */
export function instanceFilter(expression: string): InstanceTest | undefined {
  const tokens = tokensOf(expression);
  if (!tokens) return undefined;
  const parser = new Parser(tokens);
  try {
    const test = parser.either();
    return parser.atEnd ? test : undefined;
  } catch (error) {
    if (error instanceof UnknownFilter) return undefined;
    throw error;
  }
}

class UnknownFilter extends Error {}

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    const quoted = match[2] ?? match[3];
    tokens.push(quoted === undefined ? { kind: 'word', text: match[1] ?? match[4] } : { kind: 'text', text: quoted });
  }
  return tokens;
}

class Parser {
  private place = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  get atEnd(): boolean {
    return this.place === this.tokens.length;
  }

  either(): InstanceTest {
    let left = this.both();
    while (this.accepts('or')) {
      const [first, second] = [left, this.both()];
      left = instance => first(instance) || second(instance);
    }
    return left;
  }

  private both(): InstanceTest {
    let left = this.single();
    while (this.accepts('and')) {
      const [first, second] = [left, this.single()];
      left = instance => first(instance) && second(instance);
    }
    return left;
  }

  private single(): InstanceTest {
    if (this.accepts('not')) {
      const inner = this.single();
      return instance => !inner(instance);
    }
    if (this.accepts('(')) {
      const inner = this.either();
      if (!this.accepts(')')) throw new UnknownFilter();
      return inner;
    }
    return this.comparison();
  }

  private comparison(): InstanceTest {
    const first = this.next();
    const outside = this.acceptsBoth('not', 'in');
    if (outside || this.accepts('in')) {
      const list = listOf(this.next());
      return instance => list(instance).includes(first.text) !== outside;
    }
    const lacks = this.acceptsBoth('not', 'contains');
    if (lacks || this.accepts('contains')) {
      const [list, value] = [listOf(first), this.next().text];
      return instance => list(instance).includes(value) !== lacks;
    }
    if (this.accepts('is')) {
      const negated = this.accepts('not');
      if (!this.accepts('empty')) throw new UnknownFilter();
      const list = listOf(first);
      return instance => (list(instance).length === 0) !== negated;
    }
    const negated = this.accepts('!=');
    if (!negated && !this.accepts('==')) throw new UnknownFilter();
    const [value, text] = [textOf(first), this.next().text];
    return instance => (value(instance) === text) !== negated;
  }

  private next(): Token {
    const token = this.tokens[this.place++];
    if (!token) throw new UnknownFilter();
    return token;
  }

  private accepts(word: string): boolean {
    const token = this.tokens[this.place];
    if (token?.kind !== 'word' || token.text !== word) return false;
    this.place++;
    return true;
  }

  private acceptsBoth(first: string, second: string): boolean {
    const [a, b] = this.tokens.slice(this.place, this.place + 2);
    if (a?.text !== first || b?.text !== second) return false;
    this.place += 2;
    return true;
  }
}

/** Metadata of an instance; what it lacks is empty. */
function textOf(token: Token): (instance: FilteredInstance) => string {
  const match = token.kind === 'word' ? /^Service\.Meta(?:\.([\w-]+)|\."([^"]*)"|\["([^"]*)"\])$/.exec(token.text) : null;
  if (!match) throw new UnknownFilter();
  const name = match[1] ?? match[2] ?? match[3];
  return ({ meta }) => (Object.prototype.hasOwnProperty.call(meta, name) ? meta[name] : '');
}

function listOf(token: Token): (instance: FilteredInstance) => readonly string[] {
  if (token.kind === 'word' && token.text === 'Service.Tags') return ({ tags }) => tags;
  if (token.kind === 'word' && token.text === 'Service.Meta') return ({ meta }) => Object.keys(meta);
  throw new UnknownFilter();
}
