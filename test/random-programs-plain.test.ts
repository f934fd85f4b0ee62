/** Random programs, without the optimising passes; `support/random-run.ts` says more. */
import { testRandomPrograms } from "./support/random-run.js";

testRandomPrograms(false);
