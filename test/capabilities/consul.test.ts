import { CONSUL } from './columns/consul';
import { walk } from './walk';

walk(CONSUL);
