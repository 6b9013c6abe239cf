// What the page asks duban, and what duban answers. The page counts and parses nothing itself.

export type Lang = "zh" | "en";
export type Severity = "error" | "warning" | "info";

/** What Rust wrote into the page. */
export interface PageData {
  mode: "gate" | "desk";
  lang: Lang;
  version: string;
  office: string | null;
}

export interface Fault {
  code: string;
  severity: Severity;
  cell: number | null;
  message: string;
  help: string | null;
  /** The values that are probably meant. */
  near?: string[];
  /** Which of several values in the cell it is about. */
  word?: string;
  /** The whole cell with what is probably meant for each of its values that is wrong. */
  mended?: string[];
}

export interface Row {
  line: number;
  cells: string[];
  faults: Fault[];
  /** The unit as it was read, where the cell says it otherwise: 同上, another name, or nothing in a merged cell. */
  unit?: string;
}

export interface Table {
  file: string;
  sheet?: string;
  form: "table" | "tree";
  header: number | null;
  columns: (string | null)[];
  rows: Row[];
  faults: Fault[];
}

export interface Diagnostic {
  code: string;
  severity: Severity;
  file: string;
  line?: number | null;
  sheet?: string;
  message: string;
  help?: string | null;
}

export interface CheckResult {
  files: number;
  issues: number;
  errors: number;
  warnings: number;
  diagnostics: Diagnostic[];
  tables: Table[];
}

export interface Field {
  label: string;
  type: "choice" | "date" | "number" | "text";
  values: string[];
}

export interface About {
  version: string;
  office: string | null;
  has_project: boolean;
  may_dispatch: boolean;
  logs: string[];
  kinds: { name: string; label: string; per_unit: boolean }[];
  fields: Record<string, Field>;
  formats: string[];
}

export interface Counts {
  found: number;
  disposition: Record<string, number>;
  rectified: number;
  open: number;
  closed: number;
  overdue: number;
  due_soon: number;
  late: number;
  repeat: number;
  rectified_rate: number | null;
}

export interface TallyResult {
  as_of: string;
  total: Counts;
  groups: (Counts & { key: Record<string, string | null> })[];
}

export interface DueIssue {
  id: string | null;
  key: string;
  deadline: string | null;
  days_overdue: number;
  state: string;
  rung: string | null;
  from: string | null;
  stands: string | null;
  after: string | null;
}

export interface DueResult {
  as_of: string;
  units: { unit: string; overdue: number; due_soon: number; issues: DueIssue[] }[];
}

export interface ReceiptResult {
  text: string;
  svg: string;
}

export interface DispatchResult {
  documents: { number: string; title: string }[];
}

export interface TakeResult {
  /** Where it is, or would be, from the project's folder. */
  place: string;
  state: "taken" | "occupied" | "changed";
}

export interface Edit {
  sheet?: string;
  line: number;
  /** From 1; of a tree, the key of the field. */
  column: number | string;
  was: string;
  value: string;
}

/** Each call with what is particular to it; `lang` and `today` are added where the call is made. */
export interface Calls {
  about: { ask: object; result: About };
  check: { ask: { files: string[] }; result: CheckResult };
  explain: { ask: { code: string }; result: { text: string } };
  tally: { ask: { files: string[]; by: string[] }; result: TallyResult };
  due: { ask: { files: string[] }; result: DueResult };
  mend: { ask: { file: string; edits: Edit[]; to: string }; result: object };
  annotate: { ask: { files: string[]; to: string }; result: object };
  receipt: { ask: { files: string[] }; result: ReceiptResult };
  draft: { ask: { kind: string; files: string[]; formats: string[] }; result: object };
  take: { ask: { file: string; replace: boolean; as: string | null; was: string | null }; result: TakeResult };
  learn: { ask: { field: string; value: string; as: string | null }; result: object };
  dispatch: { ask: { kind: string; formats: string[]; request_id: string }; result: DispatchResult };
  setup: { ask: { office: string; files: string[] }; result: object };
}

export type CallName = keyof Calls;

export interface CallRequest {
  call: CallName;
  lang: Lang;
  today: string;
  [argument: string]: unknown;
}

export interface CallAnswer<Result = unknown> {
  /** 0 done, 1 found faults or refused, from 2 wrong use or unreadable input. */
  status: number;
  messages: string;
  result: Result | null;
  files: string[];
}
