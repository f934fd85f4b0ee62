/**
 * Which cells of memory a call has written for certain, at each place of the function. Cells are known by text: the path
 * of the reference and the index, in which what goes round a loop is named after the range that it goes through once
 * the loop is left, so that `buf[i * n + j]` is written where it is read in loops of the same bounds.
 */
import type { Atom, Loop, Place, Value } from "../../ir/types.js";
import { blocksOf, forEachInstr, outsOf, paramsOf } from "../../ir/visit.js";
import { type Bound, type Forms, boundAt, named } from "./forms.js";

/** Elements of `ref` from `from` up to and without `to`. */
interface Run {
  readonly ref: string;
  readonly from: Bound;
  readonly to: Bound;
}

/** What is written; only where the loops of these ranges run at all. */
interface Fact {
  /** With the loops by their own names. */
  readonly text: string;
  readonly ifRuns: readonly string[];
  readonly run: Run | null;
}

/** A loop that counts: `index` goes from `from`, while it compares so with `to`. */
export interface Range {
  readonly index: Value;
  readonly from: Atom;
  readonly comparison: string;
  readonly to: Atom;
  readonly step: number;
}

/** What has been written so far. */
export class Coverage {
  readonly #forms: Forms;
  #facts: Map<string, Fact>;

  constructor(forms: Forms, facts: Iterable<[string, Fact]> = []) {
    this.#forms = forms;
    this.#facts = new Map(facts);
  }

  copy(): Coverage {
    return new Coverage(this.#forms, this.#facts);
  }

  /** Adds what both have. */
  addCommon(a: Coverage, b: Coverage): void {
    for (const [name, fact] of a.#facts) {
      const other = b.#facts.get(name);
      if (other !== undefined)
        this.#add({ ...fact, ifRuns: [...new Set([...fact.ifRuns, ...other.ifRuns])] });
    }
  }

  write(place: Place): void {
    this.#add({ text: this.#forms.cell(place), ifRuns: [], run: null });
  }

  writeAll(ref: Value): void {
    this.#add({ text: wholeOf(this.#forms.text(ref)), ifRuns: [], run: null });
  }

  /** What earlier iterations have written, where each of them stores to the element that it counts. */
  enter(loop: Loop, range: Range): void {
    if (range.step !== 1) return;
    const mentions = mentionsIn(loop);
    const index = this.#forms.text(range.index);
    for (const instr of loop.body.instrs) {
      if (instr.kind !== "store" || instr.place.step.kind !== "index") continue;
      if (this.#forms.text(instr.place.step.index) !== index) continue;
      const ref = this.#forms.text(instr.place.ref);
      const run = { ref, from: boundAt(this.#forms, range.from), to: boundAt(this.#forms, range.index) };
      if (!mentions(ref)) this.#addRun(run);
    }
  }

  /** Adds what `inner`, at the end of the loop's body, knows that holds after the loop. */
  leave(loop: Loop, range: Range | null, inner: Coverage): void {
    const forms = this.#forms;
    const mentions = mentionsIn(loop);
    const isComplete = range !== null && isUnbroken(loop);
    const ran = isComplete ? rangeText(forms, range) : null;
    for (const [name, fact] of inner.#facts) {
      if (this.#facts.get(name) === fact) continue;
      if (fact.run === null) this.#addCounted(loop, isComplete ? range : null, fact.text, mentions);
      else if (mentions(fact.run.from.text) || mentions(fact.run.to.text)) continue;
      const next = isComplete ? behind(forms, fact, range) : fact;
      const ifRuns = next.ifRuns.filter((each) => each !== ran);
      if (loop.head.kind !== "do" && ran === null) continue;
      if (ran !== null && next.text === fact.text && isComplete && !runs(range)) ifRuns.push(ran);
      if (![next.text, ...ifRuns].some(mentions)) this.#add({ ...next, ifRuns });
    }
  }

  /** The elements at an index that counts from iteration to iteration. */
  #addCounted(loop: Loop, range: Range | null, text: string, mentions: (text: string) => boolean): void {
    const { head, carried, body } = loop;
    const forms = this.#forms;
    const added = (ref: string, from: Atom, to: Atom, past = 0): void => {
      const run = { ref, from: boundAt(forms, from), to: boundAt(forms, to, past) };
      if (![ref, run.from.text, run.to.text].some(mentions)) this.#addRun(run);
    };
    const refAt = (index: Value): string | null => {
      const end = `[${forms.text(index)}]`;
      return text.endsWith(end) ? text.slice(0, -end.length) : null;
    };
    const counted = range === null ? null : refAt(range.index);
    if (range !== null && counted !== null) {
      if (range.step === 1) added(counted, range.from, range.to, range.comparison === "<=" ? 1 : 0);
      if (range.step === -1 && range.comparison === ">=") added(counted, range.to, range.from, 1);
    }
    if (head.kind === "counted" || body.end.kind !== "yield") return;
    const { values } = body.end;
    carried.forEach(({ param, init, out }, i) => {
      const ref = refAt(param);
      const next = values[i + 1];
      if (ref !== null && next !== undefined && forms.isNext(param, next)) added(ref, init, out);
    });
  }

  /** The cell has been written, whatever the iterations of `ranges` around it. */
  has({ ref, step }: Place, ranges: readonly Range[]): boolean {
    if (this.#holds(this.#forms.cell({ ref, step }), ranges)) return true;
    const text = this.#forms.text(ref);
    if (step.kind !== "index") return false;
    if (this.#holds(wholeOf(text), ranges)) return true;
    const point = boundAt(this.#forms, step.index);
    return this.#runsOf(text, ranges).some(
      ({ from, to }) => this.#forms.isAtMost(from, point) && this.#forms.isBelow(point, to),
    );
  }

  /** The cell of this text has been written. */
  hasText(text: string, ranges: readonly Range[]): boolean {
    return this.#holds(text, ranges);
  }

  /** All elements of an array have been written, of which there are `length`, if that is known. */
  hasAll(text: string, length: number | null, ranges: readonly Range[]): boolean {
    if (this.#holds(wholeOf(text), ranges)) return true;
    if (length !== null)
      if (
        Array.from({ length }, (_, i) => `${text}[${String(i)}]`).every((each) => this.#holds(each, ranges))
      )
        return true;
    return this.#runsOf(text, ranges).some(
      ({ from, to }) =>
        from.base === "" &&
        from.offset <= 0 &&
        (to.lengthOf === text ? to.offset >= 0 : length !== null && to.base === "" && to.offset >= length),
    );
  }

  /** Runs of elements, each as long as literal indices and the runs behind it make it. */
  #runsOf(text: string, ranges: readonly Range[]): readonly Run[] {
    const names = this.#namesOf(text, ranges);
    const found: Run[] = [];
    for (const { run, ifRuns } of this.#facts.values()) {
      if (run === null || !names.includes(named(run.ref)) || !this.#run(ifRuns, ranges)) continue;
      let { offset } = run.from;
      if (run.from.base === "")
        while (offset > 0 && this.#holds(`${text}[${String(offset - 1)}]`, ranges)) offset--;
      found.push({ ...run, from: { ...run.from, offset } });
    }
    return found;
  }

  #holds(text: string, ranges: readonly Range[]): boolean {
    return this.#namesOf(text, ranges).some((name) => {
      const fact = this.#facts.get(name);
      return fact !== undefined && this.#run(fact.ifRuns, ranges);
    });
  }

  #run(ifRuns: readonly string[], ranges: readonly Range[]): boolean {
    const around = ranges.map((range) => rangeText(this.#forms, range));
    return ifRuns.every((each) => around.includes(each));
  }

  /** The text, and what it is called behind the innermost loop, behind the next one, and so on. */
  #namesOf(text: string, ranges: readonly Range[]): readonly string[] {
    const names = [named(text)];
    let fact: Fact = { text, ifRuns: [], run: null };
    for (const range of [...ranges].reverse()) {
      fact = behind(this.#forms, fact, range);
      names.push(named(fact.text));
    }
    return names;
  }

  #addRun(run: Run): void {
    this.#add({ text: `${run.ref}[${run.from.text}..${run.to.text}]`, ifRuns: [], run });
  }

  #add(fact: Fact): void {
    const name = named(fact.text);
    const known = this.#facts.get(name);
    if (known === undefined || known.ifRuns.length > fact.ifRuns.length) this.#facts.set(name, fact);
  }
}

/** What is written, named as behind a loop. */
function behind(forms: Forms, { text, ifRuns, run }: Fact, range: Range): Fact {
  const token = forms.text(range.index);
  const name = `{${token.slice(1, -1)}:${rangeText(forms, range)}}`;
  const renamed = (part: string): string => part.replaceAll(token, name);
  return { text: renamed(text), ifRuns, run: run && { ...run, ref: renamed(run.ref) } };
}

function wholeOf(text: string): string {
  return `${text}[*]`;
}

function rangeText(forms: Forms, { from, comparison, to, step }: Range): string {
  return `${forms.text(from)}${comparison}${forms.text(to)}+${String(step)}`;
}

/** The loop is entered for certain. */
function runs({ from, comparison, to }: Range): boolean {
  if (from.kind !== "literal" || to.kind !== "literal") return false;
  const [a, b] = [Number(from.value), Number(to.value)];
  return comparison === "<" ? a < b : comparison === "<=" ? a <= b : comparison === ">" ? a > b : a >= b;
}

/** No iteration is the last before its time. */
function isUnbroken({ body: { end } }: Loop): boolean {
  const again = end.kind === "yield" ? end.values[0] : undefined;
  return again?.kind === "literal" && again.value === true;
}

/** Whether a text names anything that each iteration has anew. */
function mentionsIn(loop: Loop): (text: string) => boolean {
  const bound = new Set<number>(paramsOf(loop).map(({ id }) => id));
  for (const block of blocksOf(loop))
    forEachInstr(block, (instr) => {
      for (const { id } of [...outsOf(instr), ...paramsOf(instr)]) bound.add(id);
    });
  return (text) => [...text.matchAll(/[v#](\d+);/g)].some(([, id]) => bound.has(Number(id)));
}
