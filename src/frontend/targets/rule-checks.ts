/** Whether a derivative by hand fits the function that it is for: parameter by parameter, and field by field. */
import type { ts } from "ts-morph";
import type { Diagnostics } from "../../diagnostics/collector.js";
import type { Shape } from "../../ir/types.js";
import type { FrontendProject } from "../project/project.js";
import type { TaggedRule } from "./rule-tags.js";
import type { RuleParam, UserRule } from "./rules.js";
import { isBox } from "../../ir/boxes.js";
import { type ShapeResult, holdsNumbers, shapeOf } from "../types/shapes.js";

/** The rule with what is known of it; null, and reports, where it does not fit. */
export function checkRule(
  project: FrontendProject,
  tagged: TaggedRule,
  diagnostics: Diagnostics,
): UserRule | null {
  return new RuleCheck(project, tagged, diagnostics).run();
}

class RuleCheck {
  readonly #project: FrontendProject;
  readonly #tagged: TaggedRule;
  readonly #diagnostics: Diagnostics;
  #isFitting = true;

  constructor(project: FrontendProject, tagged: TaggedRule, diagnostics: Diagnostics) {
    this.#project = project;
    this.#tagged = tagged;
    this.#diagnostics = diagnostics;
  }

  run(): UserRule | null {
    const { checker } = this.#project;
    const { node, primal, at } = this.#tagged;
    const [signature, ...overloads] = checker.getTypeOfSymbolAtLocation(primal, node).getCallSignatures();
    if (signature === undefined) return null;
    if (overloads.length > 0) return this.#fail(at, "it has several signatures, and a rule is for one");
    if (isGeneric(signature))
      return this.#fail(at, "it is generic, so that the types of its arguments are not known");
    const result = this.#resultOf(signature);
    const params = signature.getParameters().map((each) => this.#primalParam(each));
    if (result === null || params.some((param) => param === null)) return null;
    const known = params.filter((param) => param !== null);
    const own = node.parameters;
    if (own.length !== known.length + 2 || isGeneric(checker.getSignatureFromDeclaration(node))) {
      return this.#fail(this.#tagged.name, `it must take ${this.#wantedParameters(known)}`);
    }
    known.forEach((param, i) => {
      this.#checkParameter(param, own[i]);
    });
    const [value, dvalue] = own.slice(-2);
    if (value === undefined || dvalue === undefined) return null;
    this.#checkValue(value, checker.getReturnTypeOfSignature(signature));
    this.#checkCotangent(dvalue, result);
    return this.#checkFields(known, result, value);
  }

  /** The shape of the function's result; null, and a report, where there is no derivative of it. */
  #resultOf(signature: ts.Signature): Shape | null {
    const { checker } = this.#project;
    const { node, at } = this.#tagged;
    const type = checker.getReturnTypeOfSignature(signature);
    const shape = shapeOf(type, node, this.#project);
    const text = checker.typeToString(type, node);
    if (shape.kind === "unsupported" || !holdsNumbers(shape) || isLoose(shape)) {
      return this.#fail(
        at,
        `it returns \`${text}\`, and a rule is for a number, or for memory that holds nothing but numbers`,
      );
    }
    return shape;
  }

  #primalParam(symbol: ts.Symbol): PrimalParam | null {
    const { ts, checker } = this.#project;
    const declaration = symbol.valueDeclaration;
    if (declaration === undefined || !ts.isParameter(declaration))
      return this.#fail(this.#tagged.at, "the parameters of it are not declared one by one");
    if (declaration.dotDotDotToken !== undefined)
      return this.#fail(this.#tagged.at, `\`...${symbol.name}\` takes any number of arguments`);
    const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
    const isOptional = declaration.questionToken !== undefined || declaration.initializer !== undefined;
    const name = ts.isIdentifier(declaration.name) ? declaration.name.text : null;
    return { name, type, isOptional, shape: shapeOf(type, declaration, this.#project) };
  }

  #wantedParameters(params: readonly PrimalParam[]): string {
    const names = [...params.map(({ name }, i) => name ?? `argument${String(i + 1)}`), "value", "dvalue"];
    const list = names.map((name) => `\`${name}\``).join(", ");
    return `the parameters of \`${this.#callee}\`, then its result and the cotangent of that: ${list}`;
  }

  #checkParameter(primal: PrimalParam, own: ts.ParameterDeclaration | undefined): void {
    const { ts, checker } = this.#project;
    if (own === undefined) return;
    const { name, type } = primal;
    if (name !== null && (!ts.isIdentifier(own.name) || own.name.text !== name)) {
      this.#fail(
        own.name,
        `the parameter is called \`${name}\` in \`${this.#callee}\`, and has to be so here`,
      );
      return;
    }
    if (!ts.isIdentifier(own.name)) {
      this.#fail(own.name, "the parameter has to have a name: its cotangent is returned under it");
      return;
    }
    const isOptional = own.questionToken !== undefined || own.initializer !== undefined;
    if (primal.isOptional && !isOptional && !includesUndefined(ts, checker.getTypeAtLocation(own))) {
      this.#fail(own, `\`${this.#callee}\` may be called without it, so that it may be \`undefined\` here`);
      return;
    }
    if (isClass(type)) {
      this.#fail(own, "instances of classes cannot be handed to it yet");
      return;
    }
    const given = checker.getNonNullableType(type);
    if (!checker.isTypeAssignableTo(given, checker.getTypeAtLocation(own))) {
      const text = checker.typeToString(given, own);
      this.#fail(own, `it is given the argument of \`${this.#callee}\`, which is of type \`${text}\``);
    }
  }

  #checkValue(own: ts.ParameterDeclaration, type: ts.Type): void {
    const { checker } = this.#project;
    if (checker.isTypeAssignableTo(type, checker.getTypeAtLocation(own))) return;
    const text = checker.typeToString(type, own);
    this.#fail(own, `it is given the result of \`${this.#callee}\`, which is of type \`${text}\``);
  }

  #checkCotangent(own: ts.ParameterDeclaration, result: Shape): void {
    const { checker } = this.#project;
    const type = checker.getTypeAtLocation(own);
    const problem = cotangentProblem(shapeOf(type, own, this.#project), result, false);
    if (problem === null) return;
    this.#fail(
      own,
      `it is given the cotangent of the result of \`${this.#callee}\`, of the same shape: ${problem}`,
    );
  }

  #checkFields(
    params: readonly PrimalParam[],
    result: Shape,
    value: ts.ParameterDeclaration,
  ): UserRule | null {
    const { ts, checker } = this.#project;
    const { node } = this.#tagged;
    const signature = checker.getSignatureFromDeclaration(node);
    if (signature === undefined) return null;
    const at = node.type ?? this.#tagged.name;
    const type = checker.getReturnTypeOfSignature(signature);
    const shape = shapeOf(type, node, this.#project);
    if (shape.kind !== "object" || shape.fields.length === 0) {
      const example = params.find(({ shape: each }) => holdsNumbers(each))?.name ?? "x";
      return this.#fail(
        at,
        `it must return an object with the cotangents of the parameters, such as \`{ d${example} }\``,
      );
    }
    for (const { name, shape: field } of shape.fields) {
      const param = params.find((each, i) => `d${nameOf(each, node.parameters[i], ts)}` === name);
      if (param === undefined) {
        const known = node.parameters.slice(0, -2).map(({ name: each }) => `\`d${each.getText()}\``);
        this.#fail(
          at,
          `it returns \`${name}\`, which is the cotangent of no parameter; there are ${known.join(", ")}`,
        );
        continue;
      }
      const problem = holdsNumbers(param.shape)
        ? cotangentProblem(field, param.shape, true)
        : "the parameter holds no numbers";
      if (problem !== null)
        this.#fail(at, `\`${name}\` is not of the shape of \`${name.slice(1)}\`: ${problem}`);
    }
    if (!this.#isFitting) return null;
    const { name: resultName } = value;
    return {
      ...this.#tagged,
      params: params.map((param, i): RuleParam => {
        const name = nameOf(param, node.parameters[i], ts);
        const field = shape.fields.some((each) => each.name === `d${name}`) ? `d${name}` : null;
        return { name, field, shape: param.shape.kind === "unsupported" ? null : param.shape };
      }),
      result,
      shape,
      resultName: ts.isIdentifier(resultName) ? resultName.text : "value",
    };
  }

  get #callee(): string {
    return this.#tagged.callee.join(".");
  }

  #fail(at: Parameters<Diagnostics["report"]>[1], problem: string): null {
    this.#isFitting = false;
    this.#diagnostics.report("ruleMismatch", at, {
      rule: this.#tagged.name.text,
      callee: this.#callee,
      problem,
    });
    return null;
  }
}

/** A parameter of the function. */
interface PrimalParam {
  /** Null for a pattern. */
  readonly name: string | null;
  readonly type: ts.Type;
  readonly isOptional: boolean;
  readonly shape: ShapeResult;
}

function nameOf(
  { name }: PrimalParam,
  own: ts.ParameterDeclaration | undefined,
  tsc: FrontendProject["ts"],
): string {
  if (name !== null) return name;
  return own !== undefined && tsc.isIdentifier(own.name) ? own.name.text : "";
}

function isGeneric(signature: ts.Signature | undefined): boolean {
  return (signature?.getTypeParameters()?.length ?? 0) > 0;
}

function isClass(type: ts.Type): boolean {
  return type.isClass();
}

function includesUndefined(tsc: FrontendProject["ts"], type: ts.Type): boolean {
  if (type.isUnion()) return type.types.some((each) => includesUndefined(tsc, each));
  return (type.flags & (tsc.TypeFlags.Undefined | tsc.TypeFlags.Any | tsc.TypeFlags.Unknown)) !== 0;
}

/** Something in it may be missing, or is not looked into. */
function isLoose(shape: Shape): boolean {
  switch (shape.kind) {
    case "maybe":
    case "opaque":
    case "nothing":
    case "knot":
      return true;
    case "object":
      return shape.named !== undefined || shape.fields.some((field) => isLoose(field.shape));
    case "tuple":
      return shape.elements.some(isLoose);
    case "array":
      return isLoose(shape.element);
    case "real":
    case "int":
    case "bool":
    case "string":
      return false;
  }
}

const selfContained = "unions of objects and objects that contain themselves are not supported in it";

/** What keeps `shape` from being that of the cotangent of `of`; null where it is. */
function cotangentProblem(shape: ShapeResult, of: ShapeResult, isAnyStorage: boolean): string | null {
  if (of.kind === "unsupported" || shape.kind === "unsupported") return "its type is not known";
  if (of.kind === "maybe") return cotangentProblem(shape, of.shape, isAnyStorage);
  switch (of.kind) {
    case "real":
      return shape.kind === "real" ? null : "a number is expected";
    case "knot":
      return selfContained;
    case "object": {
      if (shape.kind !== "object") return "an object is expected";
      if (of.named !== undefined) return selfContained;
      if (isBox(of) || isBox(shape)) return "a number or an object in one type has no cotangent here";
      for (const { name, shape: inner } of of.fields) {
        if (!holdsNumbers(inner)) continue;
        const field = shape.fields.find((each) => each.name === name);
        if (field === undefined) return `the field \`${name}\` is missing`;
        const problem = cotangentProblem(field.shape, inner, isAnyStorage);
        if (problem !== null) return `\`${name}\`: ${problem}`;
      }
      const extra = shape.fields.find(({ name }) => !of.fields.some((each) => each.name === name));
      return extra === undefined ? null : `there is no field \`${extra.name}\``;
    }
    case "tuple": {
      if (shape.kind !== "tuple" || shape.elements.length !== of.elements.length)
        return `a tuple of ${String(of.elements.length)} is expected`;
      const problems = of.elements.map((inner, i) => {
        const element = shape.elements[i];
        return element === undefined || !holdsNumbers(inner)
          ? null
          : cotangentProblem(element, inner, isAnyStorage);
      });
      return problems.find((problem) => problem !== null) ?? null;
    }
    case "array":
      if (shape.kind !== "array") return "an array is expected";
      if (!isAnyStorage && shape.storage !== of.storage) return `\`${of.storage}\` is expected`;
      return cotangentProblem(shape.element, of.element, isAnyStorage);
    case "int":
    case "bool":
    case "string":
    case "nothing":
    case "opaque":
      return "there is no derivative by it";
    case "knot":
      return "a type that contains itself has no cotangent here";
  }
}
