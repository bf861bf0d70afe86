import { AMBIENT } from './columns/istio-ambient';
import { walk } from './walk';

walk(AMBIENT);
