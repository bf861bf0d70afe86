import { ISTIO } from './columns/istio';
import { walk } from './walk';

walk(ISTIO);
